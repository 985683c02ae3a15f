#include "io/settings.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

#include "config/sysctls.hpp"
#include "io/host.hpp"

namespace keepalive::io {
namespace {

using Purpose = core::Reconcile::Purpose;

/// Names are written with dots, or with slashes where an interface's name has dots.
std::string path_of(std::string name) {
  if (name.find('/') == std::string::npos) std::replace(name.begin(), name.end(), '.', '/');
  return "/proc/sys/" + name;
}

/// Empty: written.
std::string write_sysctl(const std::string& name, const std::string& value) {
  const int fd = ::open(path_of(name).c_str(), O_WRONLY | O_CLOEXEC);
  const bool written = fd >= 0 && ::write(fd, value.data(), value.size()) == static_cast<ssize_t>(value.size());
  const int error = written ? 0 : errno;
  if (fd >= 0) ::close(fd);
  if (!written) return std::strerror(error);
  const auto now = read_sysctl(name);
  return now && *now == value ? std::string{} : fmt::format("the kernel holds {}", now.value_or("nothing"));
}

void settle_sysctl(Purpose purpose, const std::string& name, const std::string& value, core::Settled& outcome) {
  const auto before = read_sysctl(name);
  if (before && *before == value) return;
  const std::string what = fmt::format("{} is {}, wanted {}", name, before.value_or("missing"), value);
  if (purpose == Purpose::report) return outcome.changes.push_back(what);
  const std::string fault = write_sysctl(name, value);
  if (fault.empty())
    outcome.changes.push_back(fmt::format("{}: {} becomes {}", name, before.value_or("missing"), value));
  else
    outcome.faults.push_back(fmt::format("{}: {}", what, fault));
}

void settle_timeouts(Purpose purpose, const ipvs::Timeouts& wanted, ipvs::Client& client, core::Settled& outcome) {
  if (wanted == ipvs::Timeouts{}) return;
  const auto actual = client.timeouts();
  if (!actual) return outcome.faults.push_back(actual.error().message());
  const auto keep = [](auto want, auto have) { return want.count() == 0 || want == have; };
  if (keep(wanted.tcp, actual->tcp) && keep(wanted.tcp_fin, actual->tcp_fin) && keep(wanted.udp, actual->udp)) return;
  outcome.changes.push_back(fmt::format("timeouts tcp {} s, tcp_fin {} s, udp {} s {} {} s, {} s, {} s",
                                        actual->tcp.count(), actual->tcp_fin.count(), actual->udp.count(),
                                        purpose == Purpose::report ? "instead of" : "become", wanted.tcp.count(),
                                        wanted.tcp_fin.count(), wanted.udp.count()));
  if (purpose == Purpose::report) return;
  if (const auto written = client.set_timeouts(wanted); !written) outcome.faults.push_back(written.error().message());
}

}  // namespace

tl::expected<std::string, std::string> read_sysctl(const std::string& name) {
  const int fd = ::open(path_of(name).c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) return tl::unexpected{std::string{std::strerror(errno)}};
  std::array<char, 64> buffer{};
  const ssize_t got = ::read(fd, buffer.data(), buffer.size());
  ::close(fd);
  if (got < 0) return tl::unexpected{std::string{std::strerror(errno)}};
  std::string value{buffer.data(), static_cast<std::size_t>(got)};
  while (!value.empty() && value.back() == '\n') value.pop_back();
  return value;
}

core::Settled Settings::settle(const core::Settle& order, const Config& config, const std::set<ipvs::Address>& behind,
                               ipvs::Client& client) {
  core::Settled outcome{.drift = order.purpose != Purpose::write};
  for (const auto& [name, value] : sysctls(config)) settle_sysctl(order.purpose, name, value, outcome);
  for (const ipvs::Address& server : behind) {
    const std::string name = "net/ipv4/conf/" + interface_towards(server) + "/accept_local";
    const auto before = read_sysctl(name);
    if (!before) continue;  // no way there at present
    if (*before != "1") borrowed_.emplace(name, *before);
    settle_sysctl(order.purpose, name, "1", outcome);
  }
  settle_timeouts(order.purpose, config.timeouts, client, outcome);
  return outcome;
}

void Settings::give_back() {
  for (const auto& [name, value] : borrowed_) write_sysctl(name, value);
  borrowed_.clear();
}

}  // namespace keepalive::io
