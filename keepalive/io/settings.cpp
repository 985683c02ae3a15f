#include "io/settings.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <iterator>
#include <sstream>
#include <utility>

#include "config/sysctls.hpp"
#include "io/host.hpp"
#include "io/log.hpp"
#include "io/state_file.hpp"

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

void settle_timeouts(Purpose purpose, const ipvs::Timeouts& wanted, ipvs::Client& client, core::Settled& outcome) {
  if (wanted == ipvs::Timeouts{}) return;
  const auto actual = client.timeouts();
  if (!actual) return outcome.faults.push_back({"timeouts", actual.error().message()});
  const auto keep = [](auto want, auto have) { return want.count() == 0 || want == have; };
  if (keep(wanted.tcp, actual->tcp) && keep(wanted.tcp_fin, actual->tcp_fin) && keep(wanted.udp, actual->udp)) return;
  const auto written = purpose == Purpose::report ? ipvs::Result<void>{} : client.set_timeouts(wanted);
  if (!written) return outcome.faults.push_back({"timeouts", written.error().message()});
  const auto then = [](auto want, auto have) { return (want.count() == 0 ? have : want).count(); };
  outcome.changes.push_back(
      {"timeouts", fmt::format("timeouts tcp {} s, tcp_fin {} s, udp {} s {} {} s, {} s, {} s", actual->tcp.count(),
                               actual->tcp_fin.count(), actual->udp.count(),
                               purpose == Purpose::report ? "instead of" : "become", then(wanted.tcp, actual->tcp),
                               then(wanted.tcp_fin, actual->tcp_fin), then(wanted.udp, actual->udp))});
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

Settings::Settings(std::string path, std::string boot) : path_{std::move(path)}, boot_{std::move(boot)} {
  std::istringstream in{read_file(path_)};
  std::string word;
  if (!(in >> word) || word != boot_) return;
  Borrowed one;
  while (in >> word >> one.before >> one.ours) borrowed_.emplace(word, one);
}

/// `whole`: there is a way to every server at present.
std::vector<Settings::Wanted> Settings::wanted(const Config& config, const std::set<ipvs::Address>& behind,
                                               bool& whole) const {
  std::vector<Wanted> list;
  for (const auto& [name, value] : sysctls(config))
    list.push_back({name, value, std::ranges::find(forwarding_sysctls, name) != forwarding_sysctls.end()});
  std::set<std::string> interfaces = interfaces_towards(behind);
  whole = interfaces.erase("") == 0;
  for (const std::string& interface : interfaces) {
    const std::string folder = "net/ipv4/conf/" + interface + "/";
    list.push_back({folder + "accept_local", "1", true});
    const std::string name = folder + "rp_filter";
    const std::string effective = std::max(read_sysctl("net/ipv4/conf/all/rp_filter").value_or("0"),
                                           read_sysctl(name).value_or("0"));  // the kernel takes the greater one
    if (config.rp_filter && (effective == "1" || borrowed_.contains(name))) list.push_back({name, "2", true});
  }
  return list;
}

core::Settled Settings::settle(const core::Settle& order, const Config& config, const std::set<ipvs::Address>& behind,
                               ipvs::Client& client) {
  if (!saved_) save();
  core::Settled outcome{.drift = order.purpose != Purpose::write};
  bool whole = true;
  std::set<std::string> needed;
  for (const Wanted& one : wanted(config, behind, whole)) {
    needed.insert(one.name);
    settle(order, one, outcome);
  }
  if (whole && order.purpose == Purpose::write) return_all_but(needed, outcome);
  settle_timeouts(order.purpose, config.timeouts, client, outcome);
  return outcome;
}

void Settings::settle(const core::Settle& order, const Wanted& one, core::Settled& outcome) {
  const auto before = read_sysctl(one.name);
  if (before && *before == one.value) return;
  const std::string what = fmt::format("{} is {}, wanted {}", one.name, before.value_or("missing"), one.value);
  if (order.purpose == Purpose::report) return outcome.changes.push_back({one.name, what});
  if (one.borrowed && before) borrow(one, *before);
  const std::string fault = write_sysctl(one.name, one.value);
  if (fault.empty())
    outcome.changes.push_back(
        {one.name, fmt::format("{}: {} becomes {}", one.name, before.value_or("missing"), one.value)});
  else
    outcome.faults.push_back({one.name, fmt::format("{}: {}", what, fault)});
}

/// Written down first: who comes after us must know even if we die right now.
void Settings::borrow(const Wanted& one, const std::string& before) {
  if (borrowed_.try_emplace(one.name, Borrowed{before, one.value}).second) save();
}

/// False: it could not be written, and is still ours to give back. What somebody else changed meanwhile is theirs.
bool Settings::give_back(const std::string& name, const Borrowed& values, core::Settled& outcome) {
  if (read_sysctl(name).value_or("") != values.ours) return true;
  const std::string fault = write_sysctl(name, values.before);
  if (fault.empty())
    outcome.changes.push_back(
        {name, fmt::format("{}: {} becomes {} as before: nothing needs it", name, values.ours, values.before)});
  else
    outcome.faults.push_back({name, fmt::format("{} is {}, which nothing needs, and cannot become {} as before: {}",
                                                name, values.ours, values.before, fault)});
  return fault.empty();
}

void Settings::return_all_but(const std::set<std::string>& needed, core::Settled& outcome) {
  const std::size_t size = borrowed_.size();
  for (auto one = borrowed_.begin(); one != borrowed_.end();) {
    const auto& [name, values] = *one;
    const bool stays = needed.contains(name) || !give_back(name, values, outcome);
    one = stays ? std::next(one) : borrowed_.erase(one);
  }
  if (borrowed_.size() != size) save();
}

core::Settled Settings::give_back(AtStop services) {
  std::set<std::string> needed;
  if (services == AtStop::keep) needed.insert(forwarding_sysctls.begin(), forwarding_sysctls.end());
  core::Settled outcome;
  return_all_but(needed, outcome);
  return outcome;
}

/// A failure is told once.
void Settings::save() {
  std::string text = boot_ + "\n";
  for (const auto& [name, values] : borrowed_) text += fmt::format("{} {} {}\n", name, values.before, values.ours);
  if (const bool before = std::exchange(saved_, write_file(path_, text)); before && !saved_)
    log(Level::warning, "CANNOT_KEEP", "file=" + quoted(path_));
}

}  // namespace keepalive::io
