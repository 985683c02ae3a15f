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
  if (const auto running = running_.find(from); running != running_.end() && running->second >= most_at_once)
    return first_wait;
  const auto around = neighbourhoods_.find(neighbourhood(from));
  const bool fresh =
      around == neighbourhoods_.end() || around->second.failures < fresh_tries || now - around->second.last > memory;
  const bool trusted = fresh || trusted_.contains(together(user, from));
  return std::max(left(origins_, from), trusted ? Time{} : left(users_, user));
}

void Lockout::begins(const std::string& from) { ++running_[from]; }

void Lockout::ends(const std::string& from) {
  const auto found = running_.find(from);
  if (found != running_.end() && --found->second == 0) running_.erase(found);
}

void Lockout::failed(const std::string& user, const std::string& from, Time now) {
  ends(from);
  count(users_, user, now);
  count(origins_, from, now);
  count(neighbourhoods_, neighbourhood(from), now);
}

void Lockout::passed(const std::string& user, const std::string& from) {
  ends(from);
  users_.erase(user);
  origins_.erase(from);
  if (trusted_.size() < most_remembered) trusted_.insert(together(user, from));
}

void Lockout::count(Entries& entries, const std::string& key, Time now) {
  if (!entries.contains(key) && entries.size() >= most_remembered)
    entries.erase(std::min_element(entries.begin(), entries.end(),
                                   [](const auto& a, const auto& b) { return a.second.last < b.second.last; }));
  Entry& entry = entries[key];
  if (now - entry.last > memory) entry = {};
  entry.last = now;
  if (++entry.failures < free_tries) return;
  entry.until =
      now + std::min(longest_wait, first_wait * (1U << std::min(entry.failures - free_tries, most_doublings)));
}

}  // namespace keepalive::monitor
