#include "monitor/lockout.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <string_view>

namespace keepalive::monitor {
namespace {

constexpr Time first_wait = std::chrono::seconds{1};
constexpr Time longest_wait = std::chrono::minutes{15};
constexpr Time memory = std::chrono::hours{1};
constexpr unsigned most_doublings = 10;

/// Named so that it is no origin.
std::string around(const std::string& from) { return "around " + neighbourhood(from); }

/// Makes room for one more: the one goes whose time is longest ago.
template <class Entries, class Last>
void evict(Entries& entries, const std::string& key, Last last) {
  if (entries.size() < Lockout::most_remembered || entries.contains(key)) return;
  entries.erase(std::min_element(entries.begin(), entries.end(),
                                 [&](const auto& a, const auto& b) { return last(a.second) < last(b.second); }));
}

std::string together(const std::string& user, const std::string& from) { return from + " " + user; }

}  // namespace

std::string origin(const ipvs::Address& address) {
  if (address.family() == ipvs::Family::ipv4) return to_string(address);
  std::array<std::uint8_t, 16> network{};
  std::copy_n(address.bytes().begin(), 8, network.begin());
  return to_string(ipvs::Address{network}) + "/64";
}

std::string neighbourhood(const std::string& origin) {
  const auto address = ipvs::Address::parse(std::string_view{origin}.substr(0, origin.find('/')));
  if (!address) return origin;
  std::array<std::uint8_t, 16> network{};
  std::copy_n(address->bytes().begin(), address->family() == ipvs::Family::ipv4 ? 3 : 6, network.begin());
  if (address->family() == ipvs::Family::ipv6) return to_string(ipvs::Address{network}) + "/48";
  return to_string(ipvs::Address{std::array<std::uint8_t, 4>{network[0], network[1], network[2], 0}}) + "/24";
}

Time Lockout::wait(const std::string& user, const std::string& from, Time now) const {
  const auto left = [&](const Entries& entries, const std::string& key) {
    const auto found = entries.find(key);
    return found == entries.end() ? Time{} : std::max(Time{}, found->second.until - now);
  };
  if (too_many_run(from)) return first_wait;
  const auto around = neighbourhoods_.find(neighbourhood(from));
  const bool fresh =
      around == neighbourhoods_.end() || around->second.failures < fresh_tries || now - around->second.last > memory;
  const bool trusted = fresh || trusted_.contains(together(user, from));
  return std::max(left(origins_, from), trusted ? Time{} : left(users_, user));
}

bool Lockout::too_many_run(const std::string& from) const {
  const auto running = [&](const std::string& whose) {
    const auto found = running_.find(whose);
    return found == running_.end() ? 0 : found->second;
  };
  return running(from) >= most_at_once || running(around(from)) >= most_around_at_once;
}

void Lockout::begins(const std::string& from) {
  for (const std::string& whose : {from, around(from)}) ++running_[whose];
}

void Lockout::ends(const std::string& from) {
  for (const std::string& whose : {from, around(from)}) {
    const auto found = running_.find(whose);
    if (found != running_.end() && --found->second == 0) running_.erase(found);
  }
}

void Lockout::failed(const std::string& user, const std::string& from, Time now) {
  ends(from);
  count(users_, user, now);
  count(origins_, from, now);
  count(neighbourhoods_, neighbourhood(from), now);
}

void Lockout::passed(const std::string& user, const std::string& from, Time now) {
  ends(from);
  users_.erase(user);
  origins_.erase(from);
  const std::string key = together(user, from);
  evict(trusted_, key, [](Time last) { return last; });
  trusted_[key] = now;
}

void Lockout::count(Entries& entries, const std::string& key, Time now) {
  evict(entries, key, [](const Entry& entry) { return entry.last; });
  Entry& entry = entries[key];
  if (now - entry.last > memory) entry = {};
  entry.last = now;
  if (++entry.failures < free_tries) return;
  entry.until =
      now + std::min(longest_wait, first_wait * (1U << std::min(entry.failures - free_tries, most_doublings)));
}

}  // namespace keepalive::monitor
