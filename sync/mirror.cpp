#include "sync/mirror.hpp"

#include <algorithm>

#include "sync/states.hpp"

namespace ipvs::sync {
namespace {

Time lifetime(const Entry& entry) {
  const std::uint32_t seconds = entry.timeout != 0 ? entry.timeout : default_timeout(entry);
  return std::chrono::seconds{seconds};
}

std::uint64_t mixed(std::uint64_t hash, std::uint64_t word) {
  hash = (hash ^ word) * 0x9e3779b97f4a7c15ULL;
  return hash ^ (hash >> 32U);
}

std::uint64_t mixed(std::uint64_t hash, const Endpoint& endpoint) {
  const auto bytes = endpoint.address.bytes();
  for (std::size_t i = 0; i < bytes.size(); i += 4) {
    std::uint64_t word = 0;
    for (std::size_t j = i; j < i + 4; ++j) word = word << 8U | bytes[j];
    hash = mixed(hash, word);
  }
  return mixed(hash, endpoint.port.value);
}

}  // namespace

Identity identity(const Entry& entry) {
  return {entry.protocol, entry.is_template(), entry.client, entry.virtual_endpoint};
}

std::size_t IdentityHash::operator()(const Identity& identity) const noexcept {
  std::uint64_t hash = mixed(secret, identity.protocol * 2U + (identity.persistence ? 1U : 0U));
  hash = mixed(hash, identity.client);
  return mixed(hash, identity.virtual_endpoint);
}

Mirror::News Mirror::hear(const Entry& entry, Time now) {
  const auto [place, fresh] = held_.try_emplace(identity(entry));
  Held& held = place->second;
  const bool known = !fresh && held.expires > now;
  News news = News::fresh;
  if (known) {
    const Entry& was = held.entry;
    const bool same = was.state == entry.state && was.flags == entry.flags && was.destination == entry.destination;
    news = same ? News::renewed : phase(entry) < phase(was) ? News::late : News::changed;
  }
  if (!known) held.since = now;
  held.entry = entry;
  held.expires = now + lifetime(entry);
  return news;
}

std::size_t Mirror::age(Time now, std::size_t buckets) {
  std::vector<Identity> gone;
  const std::size_t all = held_.bucket_count();
  for (std::size_t i = std::min(buckets, all); i > 0; --i) {
    cursor_ = (cursor_ + 1) % all;
    for (auto entry = held_.begin(cursor_); entry != held_.end(cursor_); ++entry)
      if (entry->second.expires <= now) gone.push_back(entry->first);
  }
  for (const Identity& identity : gone) held_.erase(identity);
  return gone.size();
}

void Mirror::for_each(Time now, const std::function<void(const Held&)>& each) const {
  for (const auto& [identity, held] : held_)
    if (held.expires > now) each(held);
}

const Mirror::Held* Mirror::find(const Identity& identity, Time now) const {
  const auto found = held_.find(identity);
  return found != held_.end() && found->second.expires > now ? &found->second : nullptr;
}

}  // namespace ipvs::sync
