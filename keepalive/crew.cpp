#include "crew.hpp"

#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <set>
#include <utility>

#include "io/channel.hpp"
#include "io/clock.hpp"
#include "io/log.hpp"

namespace keepalive {
namespace {

using Kind = core::NewRole::Kind;
using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr milliseconds first_pause{200};
constexpr milliseconds longest_pause{5000};
constexpr seconds short_life{10};
constexpr seconds last_word{5};  // of a sender

constexpr core::NewRole routers{.kind = Kind::vrrp};

std::string program(Kind kind) {
  switch (kind) {
    case Kind::prober:
      return "prober";
    case Kind::sender:
      return "sender";
    case Kind::metrics:
      return "metrics";
    case Kind::vrrp:
      return "vrrp";
    case Kind::sync:
      return "sync";
    case Kind::monitor:
      return "monitor";
  }
  return "";
}

void signal(const Role& role, int number) {
  if (role.pid > 0) ::kill(role.pid, number);
}

}  // namespace

void start_again(boost::asio::io_context& io, Role& role, std::function<void()> start) {
  const bool brief = io::now() - role.started < short_life;
  role.pause = brief ? std::clamp(role.pause * 2, first_pause, longest_pause) : milliseconds{0};
  role.timer = std::make_unique<boost::asio::steady_timer>(io, role.pause);
  role.timer->async_wait([start = std::move(start)](const boost::system::error_code& error) {
    if (!error) start();
  });
}

void Crew::want(const core::WantRoles& wanted) {
  std::set<core::NewRole> names;
  for (std::uint32_t index = 0; index < wanted.probers; ++index) names.insert({Kind::prober, index});
  if (wanted.sender) names.insert({Kind::sender, 0});
  if (wanted.metrics) names.insert({Kind::metrics, 0});
  if (wanted.monitor) names.insert({Kind::monitor, 0});
  if (wanted.routers) names.insert(routers);
  if (wanted.sync) names.insert({Kind::sync, 0});

  std::erase_if(roles_, [&](const auto& one) {
    const bool needless = !names.contains(one.first);
    if (needless && one.first == routers)
      routers_leave_ = hooks_.dismiss_routers();
    else if (needless)
      signal(one.second, SIGTERM);
    return needless;
  });
  for (const core::NewRole& which : names)
    if (roles_.try_emplace(which).second) start(which);
}

void Crew::start(const core::NewRole& which) {
  const auto found = roles_.find(which);
  if (found == roles_.end() || (which == routers && routers_leave_)) return;
  Role& role = found->second;
  const auto [directors, theirs] = io::socket_pair();
  role.started = io::now();
  role.pid = hooks_.start(program(which.kind), theirs);
  if (role.pid > 0 && which == routers) return hooks_.guard(directors);
  if (role.pid > 0) hooks_.announce(which, directors);
  ::close(directors);
  if (role.pid < 0) start_again(io_, role, [this, which] { start(which); });
}

void Crew::restart_prober(std::uint32_t index) {
  if (const auto found = roles_.find({Kind::prober, index}); found != roles_.end()) signal(found->second, SIGKILL);
}

bool Crew::ended(pid_t pid, const std::string& how, bool again) {
  if (leaving_.erase(pid) > 0) return true;
  for (auto& [which, role] : roles_) {
    if (pid != role.pid) continue;
    role.pid = -1;
    if (!again && which == routers) roles_.erase(which);  // the next director asks for it
    if (!again) return true;
    io::log(io::Level::warning, "ROLE_ENDED",
            "role=" + program(which.kind) + " index=" + std::to_string(which.index) + " how=" + io::quoted(how));
    start_again(io_, role, [this, name = which] { start(name); });
    return true;
  }
  return false;
}

bool Crew::running() const {
  return !leaving_.empty() || std::any_of(roles_.begin(), roles_.end(),
                                          [](const auto& one) { return one.first != routers && one.second.pid > 0; });
}

void Crew::dismiss() {
  std::erase_if(roles_, [this](const auto& one) {
    const auto& [which, role] = one;
    if (which == routers && role.pid > 0) return false;
    if (which.kind == Kind::sender && role.pid > 0)
      let_go(role.pid);
    else
      signal(role, SIGKILL);
    return true;
  });
}

bool Crew::routers_running() const {
  const auto found = roles_.find(routers);
  return found != roles_.end() && found->second.pid > 0;
}

void Crew::kill_routers() {
  if (const auto found = roles_.find(routers); found != roles_.end()) signal(found->second, SIGKILL);
}

void Crew::routers_gone() {
  if (std::exchange(routers_leave_, false)) start(routers);
}

void Crew::let_go(pid_t pid) {
  auto& timer = leaving_.try_emplace(pid, io_, last_word).first->second;
  timer.async_wait([pid](const boost::system::error_code& error) {
    if (!error) ::kill(pid, SIGKILL);
  });
}

void Crew::rest() {
  for (auto& [which, role] : roles_) {
    role.timer.reset();
    if (which.kind != Kind::sender && which != routers) signal(role, SIGKILL);
  }
}

void Crew::kill() {
  for (const auto& [pid, timer] : leaving_) ::kill(pid, SIGKILL);
  for (const auto& [which, role] : roles_)
    if (which != routers) signal(role, SIGKILL);
}

}  // namespace keepalive
