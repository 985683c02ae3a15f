#include "core/probes.hpp"

#include <algorithm>
#include <set>

#include "config/lent.hpp"
#include "config/load.hpp"
#include "core/pool.hpp"

namespace keepalive::core {
namespace {

constexpr std::size_t letter_size = 1000;  // targets in one message

/// The services that lend each pool what its servers' probes take from a service: port, host and, through the path,
/// address. One service for each such set; none: no service uses the pool.
std::vector<std::vector<std::size_t>> lenders(const Config& config) {
  std::vector<std::vector<std::size_t>> list(config.pools.size());
  std::vector<bool> paths;
  for (const Pool& pool : config.pools)
    paths.push_back(std::any_of(pool.servers.begin(), pool.servers.end(), [&](const Server& server) {
      return through_path(checks_of(pool, server), config.checks);
    }));
  std::set<std::pair<std::size_t, Lent>> known;
  for (std::size_t i = 0; i < config.services.size(); ++i) {
    const VirtualServer& service = config.services[i];
    if (known.emplace(service.pool, lent_by(service, paths[service.pool])).second) list[service.pool].push_back(i);
  }
  for (std::size_t p = 0; p < config.pools.size(); ++p)
    if (config.pools[p].tracked) list[p] = {config.services.size()};
  return list;
}

/// The service of this index; behind the last one: what lends nothing, of pools that are tracked.
const VirtualServer& lender_at(const Config& config, std::size_t index) {
  static const VirtualServer nobody;
  return index < config.services.size() ? config.services[index] : nobody;
}

TargetKey key_of(const Check& check, const VirtualServer& service, const Server& server) {
  const ipvs::VipKey* const vip = vip_of(service);
  const ipvs::Port port = vip == nullptr ? ipvs::Port{} : vip->endpoint.port;
  TargetKey key{
      .check = check.name, .endpoint = probe_endpoint(check, server, port), .host = lent_host(check, service)};
  if (check.type == CheckType::ping) key.endpoint.port = {};
  if (check.via != Via::path || vip == nullptr) return key;
  key.behind = server.endpoint;
  key.endpoint = {vip->endpoint.address, check.connect_port.value_or(port)};
  return key;
}

bool holds(const MarkRange& range, ipvs::Fwmark mark) { return mark.value >= range.first && mark.value <= range.last; }

std::vector<std::pair<std::size_t, std::size_t>> pairs(const std::vector<std::size_t>& checks,
                                                       const std::vector<std::size_t>& services) {
  std::vector<std::pair<std::size_t, std::size_t>> all;
  for (const std::size_t check : checks)
    for (const std::size_t service : services) all.emplace_back(check, service);
  return all;
}

}  // namespace

ipvs::Endpoint probe_endpoint(const Check& check, const Server& server, ipvs::Port service_port) {
  const ipvs::Port own = server.endpoint.port.value != 0 ? server.endpoint.port : service_port;
  return {.address = server.check_address.value_or(check.connect_address.value_or(server.endpoint.address)),
          .port = server.check_port.value_or(check.connect_port.value_or(own))};
}

std::vector<std::string> Probes::set_checks(const Config& config) {
  std::vector<std::string> changed;
  std::map<std::string, Numbered> known;
  for (std::size_t i = 0; i < config.checks.size(); ++i) {
    const Check& check = config.checks[i];
    const auto before = checks_.find(check.name);
    const std::uint32_t number = before == checks_.end() ? next_check_++ : before->second.number;
    if (before == checks_.end() || before->second.check != check) changed.push_back(check.name);
    known.emplace(check.name, Numbered{.number = number, .check = check, .index = i});
  }
  checks_ = std::move(known);
  return changed;
}

/// Makes the new set of probes, keeps what is known of old ones, and tells those that are new or get another mark.
std::vector<const TargetState*> Probes::set_targets(const Config& config, Time now, const Known& known,
                                                    const Asleep& asleep) {
  const auto lender = lenders(config);
  std::vector<const TargetState*> fresh;
  std::vector<std::pair<Targets::iterator, std::size_t>> unmarked;  // each with its service
  Targets before = std::move(targets_);
  targets_.clear();
  unable_ = 0;
  in_time_until_ = Time{0};
  of_.assign(config.pools.size(), {});
  for (std::size_t p = 0; p < config.pools.size(); ++p) {
    const Pool& pool = config.pools[p];
    of_[p].resize(pool.servers.size());
    if (asleep.contains(p)) continue;
    for (std::size_t s = 0; s < pool.servers.size(); ++s)
      for (const auto& [number, service] : pairs(checks_of(pool, pool.servers[s]), lender[p])) {
        const Check& check = config.checks[number];
        const auto [place, added] = targets_.try_emplace(key_of(check, lender_at(config, service), pool.servers[s]));
        if (std::find(of_[p][s].begin(), of_[p][s].end(), &place->second) != of_[p][s].end()) continue;
        if (const auto old = before.find(place->first); added && old != before.end()) {
          place->second = std::move(old->second);
          unable_ += place->second.unable.empty() ? 0 : 1;
          place->second.users.clear();
          auto& path = place->second.path;
          if (path && holds(config.global.path_marks, path->mark.mark))
            path = Path{path->mark, service, {p, s}};
          else if (place->first.behind)
            unmarked.push_back({place, service}), fresh.push_back(&place->second), path.reset();
        } else if (added) {
          place->second = {.id = next_id_, .prober = next_id_ % probers_, .since = now};
          ++next_id_;
          if (place->first.behind) unmarked.push_back({place, service});
          if (known) place->second.state = known({p, s});
          fresh.push_back(&place->second);
        }
        // Of one server of several the state does not tell that of each.
        if (known && !added && known({p, s}) != place->second.state) place->second.state = State::unknown;
        place->second.patience = Time{std::max({check.interval, check.interval_down, check.interval_failing}) +
                                      check.jitter + check.timeout};
        place->second.check = number;
        place->second.users.push_back({p, s});
        of_[p][s].push_back(&place->second);
      }
  }
  marks_.clear();  // those of probes that go are free
  for (const Path& path : paths()) marks_.insert(path.mark.mark.value);
  for (const auto& [place, service] : unmarked)
    place->second.path = find_path(config, place->first, service, place->second.users.front());
  return fresh;
}

/// Marks go round their range, so that one that was given up is not taken again at once.
std::optional<Path> Probes::find_path(const Config& config, const TargetKey& key, std::size_t service,
                                      ServerRef server) {
  const MarkRange range = config.global.path_marks;
  const std::uint64_t size = std::uint64_t{range.last} - range.first + 1;
  for (std::uint64_t tries = 0; tries < size; ++tries) {
    const auto mark = static_cast<std::uint32_t>(range.first + next_mark_++ % size);
    if (!marks_.insert(mark).second) continue;
    return Path{{{mark}, key.endpoint.address.family()}, service, server};
  }
  return std::nullopt;
}

std::vector<Path> Probes::paths() const {
  std::vector<Path> list;
  for (const auto& [key, state] : targets_)
    if (state.path) list.push_back(*state.path);
  return list;
}

Target Probes::target(const TargetKey& key, const TargetState& state) const {
  return {.id = state.id,
          .check = checks_.at(key.check).number,
          .endpoint = key.endpoint,
          .mark = state.path ? state.path->mark.mark : ipvs::Fwmark{},
          .behind = key.behind.value_or(ipvs::Endpoint{}),
          .state = state.state,
          .host = key.host};
}

/// Deals targets to more or fewer probers than before; gives those that change hands: those of probers that go, and the
/// share of new ones.
std::vector<const TargetState*> Probes::deal(std::size_t before) {
  std::vector<const TargetState*> moved;
  if (before == probers_) return moved;
  for (auto& [key, state] : targets_) {
    const std::size_t share = state.id % probers_;
    if (state.prober == share || (state.prober < probers_ && share < before)) continue;
    state.prober = share;
    moved.push_back(&state);
  }
  return moved;
}

std::vector<Probes::Letter> Probes::letters(const std::vector<const TargetState*>& targets) const {
  std::vector<Letter> letters;
  std::vector<SetTargets> open(probers_);
  for (const TargetState* one : targets) {
    SetTargets& list = open[one->prober];
    list.targets.push_back(target(by_id_.at(one->id)->first, *one));
    if (list.targets.size() == letter_size) letters.push_back({one->prober, std::exchange(list, {})});
  }
  for (std::size_t prober = 0; prober < probers_; ++prober)
    if (!open[prober].targets.empty()) letters.push_back({prober, std::move(open[prober])});
  return letters;
}

std::vector<Probes::Letter> Probes::load(const Config& config, Time now, const Known& known, const Asleep& asleep) {
  std::vector<Letter> list;
  const std::size_t probers_before = std::exchange(probers_, config.global.probers);
  const auto checks_before = checks_;
  for (const std::string& name : set_checks(config))
    for (std::size_t prober = 0; prober < probers_; ++prober)
      list.push_back({prober, SetCheck{checks_[name].number, print_check(checks_[name].check)}});
  std::vector<std::pair<std::uint32_t, std::size_t>> before;  // targets and who probed them
  for (const auto& [key, state] : targets_) before.emplace_back(state.id, state.prober);
  std::vector<const TargetState*> told = set_targets(config, now, known, asleep);
  by_id_.clear();
  for (auto place = targets_.begin(); place != targets_.end(); ++place) by_id_.emplace(place->second.id, place);
  for (const TargetState* one : deal(probers_before)) told.push_back(one);
  std::vector<DropTargets> dropped(std::max(probers_, probers_before));
  for (const auto& [id, prober] : before)
    if (const TargetState* now_there = find(id); now_there == nullptr || now_there->prober != prober)
      dropped[prober].ids.push_back(id);
  for (DropTargets& one : dropped) std::sort(one.ids.begin(), one.ids.end());
  for (std::size_t prober = 0; prober < probers_; ++prober)
    if (!dropped[prober].ids.empty()) list.push_back({prober, std::move(dropped[prober])});
  for (Letter& one : letters(told)) list.push_back(std::move(one));
  for (const auto& [name, gone] : checks_before)
    if (!checks_.contains(name))
      for (std::size_t prober = 0; prober < probers_; ++prober) list.push_back({prober, DropCheck{gone.number}});
  return list;
}

std::vector<Probes::Letter> Probes::greet(std::size_t prober) const {
  std::vector<Letter> list;
  for (const auto& [name, known] : checks_) list.push_back({prober, SetCheck{known.number, print_check(known.check)}});
  std::vector<const TargetState*> its;
  for (const auto& [key, state] : targets_)
    if (state.prober == prober) its.push_back(&state);
  for (Letter& one : letters(its)) list.push_back(std::move(one));
  return list;
}

void Probes::learn(TargetState& state, const Verdict& verdict, Time now) {
  state.last_run = now;
  state.verdict = verdict;
  if (verdict.weight.value_or(0) < 0) state.verdict.weight.reset();  // no check gives one
  if (state.verdict.weight) state.weight = state.verdict.weight;
  if (verdict.certificate.end == 0) return;
  if (verdict.certificate.soon && !state.certificate.soon) expiring_.push_back(state.id);
  state.certificate = verdict.certificate;
}

const TargetState* Probes::take(const Transition& transition, Time now) {
  const auto found = by_id_.find(transition.target);
  if (found == by_id_.end()) return nullptr;
  TargetState& state = found->second->second;
  state.state = transition.state;
  state.since = now;
  state.against = 0;
  set_unable(state, "");
  ++state.runs;
  if (!transition.verdict.good) ++state.failures;
  learn(state, transition.verdict, now);
  return &state;
}

void Probes::take(const Summaries& summaries, Time now) {
  for (const Summary& summary : summaries.list) {
    const auto found = by_id_.find(summary.target);
    if (found == by_id_.end()) continue;
    TargetState& state = found->second->second;
    set_unable(state, summary.unable);
    if (summary.runs == 0) continue;
    learn(state, summary.verdict, now);
    state.runs += summary.runs;
    state.failures += summary.failures;
    state.against = summary.against;
  }
}

void Probes::set_unable(TargetState& state, const std::string& why) {
  unable_ += why.empty() ? 0 : 1;
  unable_ -= state.unable.empty() ? 0 : 1;
  state.unable = why;
}

/// To look at thousands of them takes milliseconds, so it is not done before one can be found: each run puts off its own.
std::vector<std::pair<const TargetKey*, const TargetState*>> Probes::overdue(Time grace, Time now) {
  std::vector<std::pair<const TargetKey*, const TargetState*>> late;
  if (now <= in_time_until_) return late;
  in_time_until_ = Time::max();
  for (const auto& [key, state] : targets_) {
    const Time due = state.last_run.value_or(state.since) + state.patience + grace;
    if (due < now) late.emplace_back(&key, &state);
    in_time_until_ = std::min(in_time_until_, due);
  }
  return late;
}

std::map<std::string, Probes::Unable> Probes::unable() const {
  std::map<std::string, Unable> all;
  if (unable_ == 0) return all;
  for (const auto& [key, state] : targets_) {
    if (state.unable.empty()) continue;
    Unable& one = all.try_emplace(key.check, Unable{0, &key, &state}).first->second;
    ++one.count;
  }
  return all;
}

const TargetKey* Probes::where(std::uint32_t target) const {
  const auto found = by_id_.find(target);
  return found == by_id_.end() ? nullptr : &found->second->first;
}

const TargetState* Probes::find(std::uint32_t target) const {
  const auto found = by_id_.find(target);
  return found == by_id_.end() ? nullptr : &found->second->second;
}

std::optional<std::size_t> Probes::check_of(std::uint32_t target) const {
  const auto found = by_id_.find(target);
  if (found == by_id_.end()) return std::nullopt;
  return checks_.at(found->second->first.check).index;
}

std::optional<SocketNeed> Probes::socket_need(std::uint32_t target, std::size_t prober) const {
  const auto found = by_id_.find(target);
  if (found == by_id_.end()) return std::nullopt;
  const auto& [key, state] = *found->second;
  if (state.prober != prober) return std::nullopt;
  return core::socket_need(checks_.at(key.check).check, key.endpoint.address.family(),
                           state.path ? state.path->mark.mark : ipvs::Fwmark{});
}

Probes::Difference Probes::difference(const Probes& next) const {
  const auto missing = [](const auto& in, const auto& of) {
    return static_cast<std::size_t>(
        std::count_if(of.begin(), of.end(), [&](const auto& one) { return !in.contains(one.first); }));
  };
  return {.added = missing(by_id_, next.by_id_), .dropped = missing(next.by_id_, by_id_)};
}

std::vector<State> Probes::states(ServerRef server) const {
  std::vector<State> list;
  const auto& targets = of(server);
  for (auto one = targets.begin(); one != targets.end();) {
    const std::size_t check = (*one)->check;
    std::vector<State> faces;
    for (; one != targets.end() && (*one)->check == check; ++one) faces.push_back((*one)->state);
    list.push_back(combined(faces, 0));
  }
  return list;
}

std::string Probes::aspect(ServerRef server, const TargetState& target) const {
  const auto& all = of(server);
  const auto same = [&](const TargetState* one) { return one->check == target.check; };
  if (std::count_if(all.begin(), all.end(), same) < 2) return {};
  const TargetKey& key = *where(target.id);
  return to_string(key.endpoint) + (key.host.empty() ? "" : " " + key.host);
}

}  // namespace keepalive::core
