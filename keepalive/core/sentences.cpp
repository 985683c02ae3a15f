#include "core/sentences.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

#include "core/path_advice.hpp"

namespace keepalive::core {

void append(Lines& lines, Lines&& more) { std::move(more.begin(), more.end(), std::back_inserter(lines)); }

namespace {

/// `name` stands in the text as a whole: "10.0.0.1:80" is not part of "10.0.0.1:8080".
bool mentions(std::string_view text, std::string_view name) {
  const auto part = [](char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '.' || c == ':'; };
  for (auto at = text.find(name); at != std::string_view::npos; at = text.find(name, at + 1)) {
    const std::size_t end = at + name.size();
    if ((at == 0 || !part(text[at - 1])) && (end == text.size() || !part(text[end]) || text.substr(end, 2) == ": "))
      return true;
  }
  return false;
}

Lines refusals(const Scene& scene, const std::string& name) {
  Lines lines;
  for (const std::string& text : scene.engine.refusals())
    if (mentions(text, name)) lines.push_back(fmt::format("the kernel refuses: {}", text));
  return lines;
}

/// One server with what belongs to it.
class ServerSentences {
 public:
  ServerSentences(const Scene& scene, ServerRef ref)
      : scene_{scene},
        ref_{ref},
        pool_{scene.engine.config().pools[ref.pool]},
        server_{pool_.servers[ref.server]},
        checks_{checks_of(pool_, server_)},
        name_{object_name(pool_, server_)},
        state_{scene.engine.pools().server(ref.pool, ref.server)},
        view_{scene.engine.pools().view(ref.pool)} {}

  Lines lines() {
    tell_state();
    tell_checks();
    tell_overlay();
    tell_weight();
    tell_place();
    append(lines_, refusals(scene_, to_string(server_.endpoint)));
    return std::move(lines_);
  }

 private:
  template <class... Values>
  void say(fmt::format_string<Values...> format, Values&&... values) {
    lines_.push_back(fmt::format(format, std::forward<Values>(values)...));
  }
  std::string moment(Time time) const {
    const std::string at = timestamp(scene_.circumstances.boot + time);
    if (time > scene_.now) return fmt::format("{}, in {}", at, duration(time - scene_.now));
    return fmt::format("{}, {} ago", at, duration(scene_.now - time));
  }

  void tell_state() {
    say("server {} is {} since {}", name_, word(state_.state), moment(state_.since));
    if (scene_.users[ref_.pool].empty()) return say("no virtual server uses pool {}: it is not probed", pool_.name);
    if (checks_.empty()) return say("pool {} has no check: its servers count as up", pool_.name);
    if (state_.state == State::unknown)
      say("until the first result it counts as {} (start = {})", pool_.start == Start::up ? "up" : "down",
          pool_.start == Start::up ? "up" : "down");
    if (checks_.size() > 1) {
      const std::size_t all = checks_.size();
      const std::size_t needed = pool_.require.needed == 0 ? all : std::min<std::size_t>(pool_.require.needed, all);
      say("{} of its {} checks must pass", needed == all ? "all" : std::to_string(needed), all);
    }
  }

  void tell_checks() {
    for (const TargetState* probe : scene_.engine.probes().of(ref_))
      tell(scene_.engine.config().checks[probe->check], *probe);
  }
  void tell(const Check& check, const TargetState& probe) {
    if (!probe.unable.empty()) say("check {} says nothing of it now: {}", check.name, probe.unable);
    if (!probe.last_run) {
      say("check {} has not run yet: first within {}", check.name,
          duration(std::max(Time{check.jitter} - (scene_.now - probe.since), Time{0}) + Time{check.timeout}));
      return;
    }
    const std::string aspect = scene_.engine.probes().aspect(ref_, probe);
    say("check {} {}is {} since {}: {}", check.name, aspect.empty() ? "" : "of " + aspect + " ", word(probe.state),
        moment(probe.since), probe.verdict.evidence);
    if (check.via == Via::path && probe.state == State::down) tell_path(probe.verdict.evidence);
    tell_next(check, probe);
  }
  void tell_path(std::string_view evidence) {
    for (const VirtualServer* service : scene_.users[ref_.pool]) {
      std::string advice = path_advice(*service, server_.endpoint.address, evidence);
      if (!advice.empty() && std::ranges::find(lines_, advice) == lines_.end()) lines_.push_back(std::move(advice));
    }
  }
  void tell_next(const Check& check, const TargetState& probe) {
    const bool down = probe.state == State::down;
    const std::uint32_t needed = down ? check.rise : check.fall;
    const std::uint32_t more = needed - std::min(probe.against, needed - 1);
    if (!down && probe.against == 0) return;
    const Time interval{down ? check.interval_down : check.interval_failing};
    const Time wait = *probe.last_run + interval - scene_.now;
    const std::string_view verdicts = down ? (more == 1 ? "success" : "successes") : more == 1 ? "failure" : "failures";
    const std::string_view verb = down ? (more == 1 ? "brings" : "bring") : more == 1 ? "takes" : "take";
    say("{} more {} of {} {} it {}: next probe {}", more, verdicts, check.name, verb, down ? "up" : "down",
        wait > Time{0} ? "within " + duration(wait) : "is due");
  }

  void tell_overlay() {
    if (state_.quiescent && !state_.overlay)
      say("weight 0: it came back and waits for `keepalivectl undrain {}'", name_);
    if (!state_.overlay) return;
    const Overlay& overlay = *state_.overlay;
    switch (overlay.kind) {
      case Overlay::Kind::disable:
        return say("out of the table because an operator disabled it: `keepalivectl enable {}' brings it back", name_);
      case Overlay::Kind::weight:
        return say("weight {} because an operator said so, {} in the file: `keepalivectl undrain {}' returns to it",
                   overlay.weight, server_.weight, name_);
      case Overlay::Kind::drain:
        return tell_drain(overlay);
    }
  }
  void tell_drain(const Overlay& overlay) {
    if (overlay.gone)
      return say("out of the table because an operator drained it: `keepalivectl undrain {}' brings it back", name_);
    const Counts left = connections(server_, scene_.users[ref_.pool], scene_.counts);
    say("weight 0 because an operator drains it: {} active and {} inactive connections are left", left.active,
        left.inactive);
    if (overlay.deadline)
      say("it is taken out when none is left, at the latest at {}", moment(*overlay.deadline));
    else
      say("it is taken out when none is left");
  }

  void tell_weight() {
    if (state_.dynamic_weight && !state_.overlay && *state_.dynamic_weight != server_.weight)
      say("weight {} because a check gives it, {} in the file", *state_.dynamic_weight, server_.weight);
    const Time end = state_.ramp_from.value_or(scene_.now) + Time{pool_.slow_start};
    const Placement& placed = view_.servers[ref_.server];
    const std::int32_t full = state_.overlay && state_.overlay->kind == Overlay::Kind::weight
                                  ? state_.overlay->weight
                                  : state_.dynamic_weight.value_or(server_.weight);
    if (state_.ramp_from && end > scene_.now && placed && *placed > 0 && *placed < full)
      say("slow start: weight {} of {} until {}", *placed, full, moment(end));
  }

  void tell_place() {
    const Placement& placed = view_.servers[ref_.server];
    const bool withdrawn = state_.overlay && (state_.overlay->kind == Overlay::Kind::disable || state_.overlay->gone);
    if (withdrawn) return;
    if (!view_.quorum && view_.sorry && state_.state != State::down)
      return say("it takes no connections because weight {} of pool {} is below its quorum {}: the sorry server serves",
                 view_.weight_up, pool_.name, pool_.quorum);
    if (!placed) return say("it is not in the table: on_failure = remove");
    const bool counts_up = state_.state == State::up || (state_.state == State::unknown && pool_.start == Start::up);
    if (!counts_up && *placed == 0) return say("it stays in the table with weight 0: on_failure = quiesce");
    if (!counts_up)
      return say("it stays in service although it is down: without it more than {} % of the servers would be out",
                 pool_.panic_percent);
    say("it is in the table with weight {}", *placed);
  }

  const Scene& scene_;
  ServerRef ref_;
  const Pool& pool_;
  const Server& server_;
  const std::vector<std::size_t>& checks_;
  std::string name_;
  const ServerState& state_;
  const PoolView& view_;
  Lines lines_ = {};
};

std::string quorum_sentence(const Pool& pool, const PoolView& view) {
  const std::uint64_t high = std::uint64_t{pool.quorum} + pool.hysteresis;
  const std::uint64_t low = pool.quorum > pool.hysteresis ? pool.quorum - pool.hysteresis : 0;
  if (view.quorum)
    return fmt::format("pool {} has its quorum: weight {} is up, quorum is {}; lost below {}", pool.name,
                       view.weight_up, pool.quorum, low);
  return fmt::format("pool {} has no quorum: weight {} is up, quorum is {}; gained at {}", pool.name, view.weight_up,
                     pool.quorum, high);
}

std::string sorry_sentence(const Pool& pool, const PoolView& view) {
  return fmt::format("sorry server {} {}; it is not probed", pool.sorry_server->name,
                     !view.quorum ? "serves"
                     : view.sorry ? "stands by in the table with weight 0"
                                  : "stands by");
}

/// The last verdict that speaks against a server.
std::string evidence(const Scene& scene, ServerRef ref) {
  for (const TargetState* probe : scene.engine.probes().of(ref))
    if (probe->state == State::down) return probe->verdict.evidence;
  return "";
}

}  // namespace

Lines server_lines(const Scene& scene, ServerRef server) { return ServerSentences{scene, server}.lines(); }

Lines sorry_lines(const Scene& scene, std::size_t pool) {
  const Pool& its = scene.engine.config().pools[pool];
  const PoolView& view = scene.engine.pools().view(pool);
  const Counts sum = connections(*its.sorry_server, scene.users[pool], scene.counts);
  Lines lines{sorry_sentence(its, view), quorum_sentence(its, view)};
  lines.push_back(fmt::format("{} active and {} inactive connections", sum.active, sum.inactive));
  append(lines, refusals(scene, to_string(its.sorry_server->endpoint)));
  return lines;
}

Lines pool_lines(const Scene& scene, std::size_t pool) {
  const Pool& its = scene.engine.config().pools[pool];
  const PoolView& view = scene.engine.pools().view(pool);
  Lines lines{quorum_sentence(its, view)};
  if (view.panic)
    lines.push_back(fmt::format("panic: more than {} % of its servers are down, those that went last stay in service",
                                its.panic_percent));
  if (its.sorry_server) lines.push_back(sorry_sentence(its, view));
  if (!view.quorum && !view.sorry) lines.emplace_back("it has no sorry server: servers that are up go on serving");
  for (std::size_t s = 0; s < its.servers.size(); ++s) {
    const ServerState& state = scene.engine.pools().server(pool, s);
    std::string line = fmt::format("server {} is {}", its.servers[s].name, word(state.state));
    if (state.state == State::down) line += fmt::format(": {}", evidence(scene, {pool, s}));
    if (state.overlay) line += fmt::format("; operator: {}", word(state.overlay->kind));
    if (const Placement& placed = view.servers[s])
      line += fmt::format("; weight {}", *placed);
    else
      line += "; not in the table";
    lines.push_back(std::move(line));
  }
  if (scene.users[pool].empty()) lines.emplace_back("no virtual server uses it: nothing is probed");
  return lines;
}

Lines service_lines(const Scene& scene, const VirtualServer& service) {
  const Config& config = scene.engine.config();
  Lines lines;
  for (const ipvs::ServiceKey& key : service.keys) {
    const Counts sum = connections(key, scene.counts);
    lines.push_back(fmt::format("{} balances over pool {} by {}: {} active, {} inactive connections", to_string(key),
                                config.pools[service.pool].name, service.properties.scheduler, sum.active,
                                sum.inactive));
    append(lines, refusals(scene, to_string(key)));
  }
  return lines;
}

}  // namespace keepalive::core
