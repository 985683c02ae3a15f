#include "core/router_sentences.hpp"

#include <fmt/format.h>

namespace keepalive::core {
namespace {

/// In milliseconds where it is computed in them.
std::string precise(Time time) {
  return fmt::format("{} ms", std::chrono::duration_cast<std::chrono::milliseconds>(time).count());
}

class RouterSentences {
 public:
  RouterSentences(const Scene& scene, const Vrrp& router)
      : scene_{scene},
        vrrp_{router},
        router_{router.router},
        status_{scene.engine.routers().find(router.router.name)} {}

  Lines lines() {
    say("vrrp {}: id {} on {}, version {}, {} address{}{}", router_.name, router_.id, router_.interface,
        static_cast<int>(router_.version), router_.addresses.size(), router_.addresses.size() == 1 ? "" : "es",
        router_.group.empty() ? "" : ", moves with group " + router_.group);
    if (status_ == nullptr) {
      say("nothing is heard of it yet: its process may not run");
      return std::move(lines_);
    }
    say("it is {} since {}: {}", vrrp::to_string(status_->state), moment(status_->since), status_->cause);
    tell_priority();
    for (const auto& [reason, since] : status_->faults) say("fault: {}, for {}", reason, age(since));
    if (status_->rival) say("another master is heard: it does not hear this one, or does not give way");
    if (status_->suspected)
      say("partition suspected for {}: a heartbeat says that another master lives", age(*status_->suspected));
    if (status_->held) say("its takeover has been due for {}, and waits", age(*status_->held));
    tell_next();
    tell_program();
    for (std::size_t i = 0; i < router_.track.size(); ++i) tell_tracked(i);
    tell_counts();
    for (const vrrp::Heartbeat& one : scene_.engine.config().heartbeats) tell(one);
    for (const vrrp::WitnessStatus& one : scene_.engine.routers().witnesses())
      if (one.interface == router_.interface)
        say("witness {} {}", one.name,
            one.answered ? fmt::format("answered {} ago", age(*one.answered)) : "has not answered");
    return std::move(lines_);
  }

 private:
  template <class... Values>
  void say(fmt::format_string<Values...> format, Values&&... values) {
    lines_.push_back(fmt::format(format, std::forward<Values>(values)...));
  }
  std::string age(Time since) const { return duration(std::max(scene_.now - since, Time{0})); }
  std::string moment(Time time) const {
    return fmt::format("{}, {} ago", timestamp(scene_.circumstances.boot + time), age(time));
  }

  void tell_priority() {
    if (status_->priority == router_.priority) return say("priority {}, as in the file", router_.priority);
    say("priority {}, {} in the file: because of what it tracks, or because an operator made it master",
        status_->priority, router_.priority);
  }

  void tell_next() {
    switch (status_->state) {
      case vrrp::State::master:
        return say("it gives way to a master of higher priority, to a fault, and to `keepalivectl switchover {}'",
                   router_.name);
      case vrrp::State::backup:
        return tell_backup();
      case vrrp::State::fault:
        return say("it is backup again when no fault is left");
      case vrrp::State::stopped:
        return say("it does nothing");
    }
  }
  void tell_backup() {
    if (status_->master)
      say("the last advertisement came from {}, priority {}", to_string(*status_->master), status_->master_priority);
    say("it takes over when nothing is heard for {}", precise(status_->master_down));
    if (status_->yielded) return say("an operator made it backup: it takes over from nobody whom it hears");
    if (status_->unsynced)
      say("failback = when-synced: it has waited for the other director's connections for {}", age(*status_->unsynced));
    if (status_->failback_at)
      return say("failback: it takes over from the lower priority in {}",
                 duration(std::max(*status_->failback_at - scene_.now, Time{0})));
    if (status_->master && status_->master_priority < status_->priority &&
        router_.failback.kind == vrrp::Failback::Kind::never)
      say("it does not take over from the lower priority: failback = never");
  }

  void tell_program() {
    using Phase = RouterPrograms::Phase;
    const auto* const one = scene_.engine.router_programs().find(router_.name);
    if (one == nullptr) return;
    const std::string key{state_program(vrrp_, one->kind).key};
    switch (one->phase) {
      case Phase::running:
        return say("{} runs, attempt {} of {}", key, one->attempt, vrrp_.script_attempts);
      case Phase::verifying:
      case Phase::looking:
        return say("{} is being verified", key);
      case Phase::pausing:
        return say("{} has failed, attempt {} of {}: {}; the next one is in {}", key, one->attempt,
                   vrrp_.script_attempts, one->reason, duration(std::max(*one->due - scene_.now, Time{0})));
      case Phase::settled:
        return say("{} has succeeded{}", key, one->due ? " and is verified again and again" : "");
      case Phase::failed:
        return say("{} has failed and is not run again{}: {}", key, one->due ? " unless verify fails again" : "",
                   one->reason);
    }
  }

  void tell_tracked(std::size_t number) {
    const vrrp::Track& track = router_.track[number];
    const std::string effect = track.weight == 0  ? "a fault while it is down"
                               : track.weight < 0 ? fmt::format("weight {} while it is down", track.weight)
                                                  : fmt::format("weight +{} while it is up", track.weight);
    std::string evidence;
    const auto pool = pool_of(scene_.engine.config(), track);
    if (pool && scene_.engine.config().pools[*pool].tracked)
      for (const TargetState* probe : scene_.engine.probes().of({*pool, 0}))
        if (probe->last_run) evidence = ": " + probe->verdict.evidence;
    say("tracks {} {}, which is {}{}; {}", word(track.kind), track.name, tracked_word(scene_.engine, router_, number),
        evidence, effect);
  }

  void tell(const vrrp::Heartbeat& heartbeat) {
    const vrrp::LineStatus* const line = scene_.engine.routers().find_line(heartbeat.name);
    if (line == nullptr) return;
    say("heartbeat {} ({}) is {} for {}", heartbeat.name, place_of(heartbeat), line->up ? "heard" : "silent",
        age(line->since));
  }

  void tell_counts() {
    say("advertisements: {} sent, {} heard", status_->sent, status_->heard);
    if (status_->unproven != 0) say("heard without an HMAC: {}", status_->unproven);
    for (std::size_t i = 0; i < status_->dropped.size() && i < vrrp::drops; ++i)
      if (status_->dropped[i] != 0)
        say("dropped: {}, {} times", vrrp::to_string(static_cast<vrrp::Drop>(i)), status_->dropped[i]);
  }

  const Scene& scene_;
  const Vrrp& vrrp_;
  const vrrp::Instance& router_;
  const vrrp::Status* status_;
  Lines lines_ = {};
};

}  // namespace

Lines router_lines(const Scene& scene, const Vrrp& router) { return RouterSentences{scene, router}.lines(); }

}  // namespace keepalive::core
