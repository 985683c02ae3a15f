#include "vrrp/tracker.hpp"

#include <boost/asio/post.hpp>
#include <chrono>

namespace keepalive::vrrp_role {
namespace {

using vrrp::Track;

constexpr std::chrono::seconds look_every{1};
constexpr std::size_t entries_a_turn = 100;  // about a millisecond

}  // namespace

void Tracker::want(const std::vector<vrrp::Instance>& instances) {
  processes_.clear();
  routes_.clear();
  told_.clear();
  for (const vrrp::Instance& instance : instances)
    for (const Track& track : instance.track) {
      if (track.kind == Track::Kind::process) processes_.insert(track.name);
      const auto prefix = track.kind == Track::Kind::route ? vrrp::read_prefix(track.name) : std::nullopt;
      if (prefix) routes_[track.name] = {.destination = {prefix->address, prefix->length}};
    }
  timer_.cancel();
  search_.reset();
  if (!processes_.empty()) look_at_processes();
}

std::set<net::RouteKey> Tracker::keys() const {
  std::set<net::RouteKey> list;
  for (const auto& [name, key] : routes_) list.insert(key);
  return list;
}

void Tracker::say(Track::Kind kind, const std::string& name, bool well) {
  const auto [known, fresh] = told_.try_emplace({kind, name}, well);
  if (fresh || std::exchange(known->second, well) != well) tell_({.kind = kind, .name = name, .well = well});
}

void Tracker::look_at_routes(const net::Links& links) {
  for (const auto& [name, key] : routes_) say(Track::Kind::route, name, links.has(key));
}

void Tracker::look_at_processes() {
  search_ = std::make_shared<ProcessSearch>("/proc", processes_);
  go_on(search_);
}

/// A few entries in each turn of the loop, until another search begins.
void Tracker::go_on(const std::shared_ptr<ProcessSearch>& search) {
  if (search != search_) return;
  if (!search->look(entries_a_turn)) return boost::asio::post(timer_.get_executor(), [this, search] { go_on(search); });
  for (const std::string& name : processes_) say(Track::Kind::process, name, search->runs(name));
  timer_.expires_after(look_every);
  timer_.async_wait([this](const boost::system::error_code& error) {
    if (!error) look_at_processes();
  });
}

}  // namespace keepalive::vrrp_role
