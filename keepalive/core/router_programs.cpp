#include "core/router_programs.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "core/launch.hpp"
#include "core/routers.hpp"

namespace keepalive::core {
namespace {

constexpr const char* master = "VRRP_MASTER";

const Command* program(const Vrrp& vrrp, const std::string& kind) { return state_program(vrrp, kind).command; }
std::string_view key(const Vrrp& vrrp, const std::string& kind) { return state_program(vrrp, kind).key; }

std::string reason(const ProgramEnded& ended) {
  if (ended.timed_out) return "it was killed at its time limit";
  const std::string said = ended.line.empty() ? "" : ": " + ended.line;
  if (ended.exit_code == never_ran) return "it cannot be started" + said;
  if (ended.exit_code < 0) return fmt::format("signal {}{}", -ended.exit_code, said);
  return fmt::format("exit code {}{}", ended.exit_code, said);
}

std::optional<Time> next_look(const Vrrp& vrrp, const RouterPrograms::Standing& one, Time now) {
  if (one.kind != master || vrrp.verify.argv.empty() || vrrp.verify_interval <= Milliseconds{0}) return std::nullopt;
  return now + vrrp.verify_interval;
}

}  // namespace

RouterPrograms::Order RouterPrograms::order(const Vrrp& vrrp, Standing& one, Phase phase) {
  one.phase = phase;
  one.due.reset();
  one.ticket = ++last_ticket_;
  return {.program = phase == Phase::running ? program(vrrp, one.kind) : &vrrp.verify,
          .router = vrrp.router.name,
          .environment = one.environment,
          .ticket = one.ticket,
          .limit = vrrp.script_timeout};
}

RouterPrograms::Next RouterPrograms::enter(const Config& config, const vrrp::News& news,
                                           const Environment& environment) {
  const Vrrp* const vrrp = find_router(config, news.instance);
  if (vrrp == nullptr || state_program(*vrrp, news.kind).key.empty()) return {};
  all_.erase(news.instance);
  if (program(*vrrp, news.kind) == nullptr) return {};
  Standing& one = all_[news.instance] = {.kind = news.kind, .environment = environment};
  return {.orders = {order(*vrrp, one, Phase::running)}};
}

RouterPrograms::Next RouterPrograms::meet(const Config& config, const std::string& router,
                                          const Environment& environment) {
  const Vrrp* const vrrp = find_router(config, router);
  if (vrrp == nullptr || vrrp->verify.argv.empty() || all_.contains(router)) return {};
  Standing& one = all_[router] = {.kind = master, .environment = environment};
  return {.orders = {order(*vrrp, one, Phase::looking)}};
}

RouterPrograms::Next RouterPrograms::take(const Config& config, const ProgramEnded& ended, Time now) {
  Next next;
  const auto found =
      std::find_if(all_.begin(), all_.end(), [&](const auto& one) { return one.second.ticket == ended.ticket; });
  if (found == all_.end()) return next;  // of a state that is over
  const Vrrp* const vrrp = find_router(config, found->first);
  if (vrrp == nullptr || program(*vrrp, found->second.kind) == nullptr)
    all_.erase(found);
  else
    take(*vrrp, found->second, ended, now, next);
  return next;
}

void RouterPrograms::take(const Vrrp& vrrp, Standing& one, const ProgramEnded& ended, Time now, Next& next) {
  const bool good = ended.exit_code == 0 && !ended.timed_out;
  const bool verifies = one.phase != Phase::running;
  if (!good) one.reason = (verifies ? "verify: " : "") + reason(ended);
  if (one.phase == Phase::looking && !good) {
    if (one.alarm.empty())
      next.notes.push_back({.level = Note::Level::warning,
                            .kind = "VRRP_UNVERIFIED",
                            .object = vrrp.router.name,
                            .text = fmt::format("vrrp {} is not as {} left it, which is run again", vrrp.router.name,
                                                key(vrrp, one.kind)),
                            .cause = one.reason});
    one.attempt = 1;
    return next.orders.push_back(order(vrrp, one, Phase::running));
  }
  if (!good) return fail(vrrp, one, now, next);
  if (!verifies && one.kind == master && !vrrp.verify.argv.empty())
    return next.orders.push_back(order(vrrp, one, Phase::verifying));
  succeed(vrrp, one, now, next);
}

void RouterPrograms::succeed(const Vrrp& vrrp, Standing& one, Time now, Next& next) {
  if (one.attempt > 1 || !one.alarm.empty())
    next.notes.push_back(
        {.kind = "VRRP_PROGRAM_DONE",
         .object = vrrp.router.name,
         .text = fmt::format("{} of vrrp {} has succeeded", key(vrrp, one.kind), vrrp.router.name),
         .cause = one.phase == Phase::looking ? "verify says so" : fmt::format("it was attempt {}", one.attempt)});
  one.phase = Phase::settled;
  one.attempt = 1;
  one.reason.clear();
  one.alarm.clear();
  one.due = next_look(vrrp, one, now);
}

void RouterPrograms::fail(const Vrrp& vrrp, Standing& one, Time now, Next& next) {
  if (one.attempt < vrrp.script_attempts) {
    one.phase = Phase::pausing;
    one.due = now + vrrp.script_delay;
    return;
  }
  one.phase = Phase::failed;
  one.due = next_look(vrrp, one, now);
  if (!one.alarm.empty()) return;
  one.alarm = fmt::format("{} of vrrp {} has failed {}", key(vrrp, one.kind), vrrp.router.name,
                          one.attempt == 1 ? "once" : fmt::format("{} times", one.attempt));
  next.notes.push_back({.level = Note::Level::alert,
                        .kind = "VRRP_PROGRAM_FAILED",
                        .object = vrrp.router.name,
                        .text = one.alarm,
                        .cause = one.reason});
}

RouterPrograms::Next RouterPrograms::pass(const Config& config, Time now) {
  Next next;
  for (auto place = all_.begin(); place != all_.end();) {
    auto& [name, one] = *place;
    const Vrrp* const vrrp = find_router(config, name);
    if (vrrp == nullptr || program(*vrrp, one.kind) == nullptr) {
      place = all_.erase(place);
      continue;
    }
    ++place;
    if (!one.due || *one.due > now) continue;
    const bool again = one.phase == Phase::pausing;
    if (again) ++one.attempt;
    next.orders.push_back(order(*vrrp, one, again ? Phase::running : Phase::looking));
  }
  return next;
}

std::optional<Time> RouterPrograms::deadline() const {
  std::optional<Time> first;
  for (const auto& [name, one] : all_)
    if (one.due && (!first || *one.due < *first)) first = one.due;
  return first;
}

const RouterPrograms::Standing* RouterPrograms::find(const std::string& router) const {
  const auto found = all_.find(router);
  return found == all_.end() ? nullptr : &found->second;
}

std::vector<std::string> RouterPrograms::alarms() const {
  std::vector<std::string> list;
  for (const auto& [name, one] : all_)
    if (!one.alarm.empty()) list.push_back(one.alarm);
  return list;
}

}  // namespace keepalive::core
