#include "roles.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"

namespace ipvs::sync {
namespace {

constexpr std::uint16_t default_port = 8848;
constexpr std::uint8_t default_ttl = 1;
constexpr std::uint32_t default_mtu = 1500;
constexpr std::uint32_t most_mtu = 65535;

/// With everything but the length filled in.
Daemon filled(Daemon daemon) {
  if (!daemon.group) daemon.group = default_group;
  if (daemon.port.value == 0) daemon.port = Port{default_port};
  if (daemon.ttl == 0) daemon.ttl = default_ttl;
  return daemon;
}

/// A master's default goes by an MTU of 1500, a backup's by its interface's as it was then.
bool is_default_length(const Daemon& daemon, std::uint32_t mtu) {
  const std::uint32_t length = daemon.max_length + headers(daemon);
  return length == default_mtu || length == std::clamp(mtu, default_mtu, most_mtu);
}

const Daemon* find(const std::vector<Daemon>& list, DaemonRole role) {
  const auto found = std::find_if(list.begin(), list.end(), [&](const Daemon& one) { return one.role == role; });
  return found == list.end() ? nullptr : &*found;
}

}  // namespace

std::uint32_t headers(const Daemon& daemon) {
  constexpr std::uint32_t ipv4 = 28;
  constexpr std::uint32_t ipv6 = 48;
  return daemon.group.value_or(default_group).family() == Family::ipv4 ? ipv4 : ipv6;
}

std::vector<Daemon> wanted(const Settings& settings, bool master) {
  const auto daemon = [&](DaemonRole role) {
    return Daemon{.role = role,
                  .interface = settings.interface,
                  .sync_id = settings.id,
                  .max_length = settings.max_length,
                  .group = settings.group,
                  .port = settings.port,
                  .ttl = settings.ttl};
  };
  if (settings.both) return {daemon(DaemonRole::master), daemon(DaemonRole::backup)};
  return {daemon(master ? DaemonRole::master : DaemonRole::backup)};
}

bool fits(const Daemon& wanted, const Daemon& actual, std::uint32_t mtu) {
  Daemon want = filled(wanted);
  const Daemon have = filled(actual);
  if (want.max_length == 0 && is_default_length(have, mtu)) want.max_length = have.max_length;
  return want == have;
}

Steps steps(const std::vector<Daemon>& wanted, const std::vector<Daemon>& actual, std::uint32_t mtu) {
  Steps list;
  for (const Daemon& one : wanted) {
    const Daemon* const running = find(actual, one.role);
    if (running == nullptr)
      list.push_back({Step::Kind::start, one});
    else if (!fits(one, *running, mtu))
      list.push_back({Step::Kind::replace, one});
  }
  for (const Daemon& one : actual)
    if (find(wanted, one.role) == nullptr) list.push_back({Step::Kind::stop, one});
  return list;
}

Steps anew(const std::vector<Daemon>& wanted, const std::vector<Daemon>& actual) {
  Steps list;
  for (const Daemon& one : actual) list.push_back({Step::Kind::stop, one});
  for (const Daemon& one : wanted) list.push_back({Step::Kind::start, one});
  return list;
}

bool needs_ipv4(const std::optional<Address>& group) { return group.value_or(default_group).family() == Family::ipv4; }

tl::expected<std::string, std::string> secret_of(std::string text) {
  text = base::without_end(std::move(text));
  if (text.size() >= shortest_secret) return text;
  return tl::unexpected{
      fmt::format("the key has {} bytes, it wants {} or more: head -c 32 /dev/urandom | base64 > FILE", text.size(),
                  shortest_secret)};
}

std::string word(DaemonRole role) { return role == DaemonRole::master ? "master" : "backup"; }

std::string describe(const Daemon& daemon) {
  const Daemon whole = filled(daemon);
  std::string text = fmt::format("{}, id {}", daemon.interface, daemon.sync_id.value);
  if (daemon.max_length != 0 && !is_default_length(daemon, default_mtu))
    text += fmt::format(", max_length {}", daemon.max_length);
  if (*whole.group != default_group) text += ", group " + to_string(*whole.group);
  if (whole.port.value != default_port) text += fmt::format(", port {}", whole.port.value);
  if (whole.ttl != default_ttl) text += fmt::format(", ttl {}", whole.ttl);
  return text;
}

}  // namespace ipvs::sync
