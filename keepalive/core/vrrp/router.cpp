#include "core/vrrp/router.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace keepalive::core::vrrp {
namespace {

constexpr Time loan{std::chrono::seconds{2}};           // from when it was heard as master, last
constexpr Time contradiction{std::chrono::seconds{1}};  // least time between two to one master
constexpr std::uint32_t rivalry_told = 3;

/// Whether the two are the same virtual router, whose state can go on.
bool same_router(const Instance& one, const Instance& other) {
  return one.interface == other.interface && one.id == other.id && one.version == other.version &&
         one.family == other.family && one.virtual_mac == other.virtual_mac;
}

std::string_view kind(State state) {
  constexpr std::array<std::string_view, 4> kinds{"VRRP_STOPPED", "VRRP_FAULT", "VRRP_BACKUP", "VRRP_MASTER"};
  return kinds[static_cast<std::size_t>(state)];
}

}  // namespace

Actions Router::step(const Event& event, Time now, Time boot) {
  now_ = now;
  clock_ = now + boot;
  if (const Time nap = lines_.wake(now_); nap > Time{0}) nap_ = Nap{nap, now_};
  wake();
  std::visit([this](const auto& one) { take(one); }, event);
  attend_lines();
  lay_when_held();
  return std::exchange(actions_, {});
}

std::optional<Time> Router::deadline() const {
  std::optional<Time> first = holdings_.deadline(now_);
  const auto consider = [&first](std::optional<Time> time) {
    if (time && (!first || *time < *first)) first = time;
  };
  if (!returned_.empty()) consider(returned_.front().first);
  consider(announcer_.deadline());
  consider(lines_.deadline());
  consider(witnesses_.deadline());
  for (const auto& [name, one] : instances_) {
    consider(one.held ? hold_end(one) : one.machine.deadline());
    consider(one.lent_until);
    consider(link_due(one));
    if (one.rival) consider(*one.rival + one.machine.master_down());
  }
  return first;
}

/// All of them before any is heard of: those of a group have slept together.
void Router::wake() {
  std::vector<std::pair<Standing*, Steps>> woken;
  for (auto& [name, one] : instances_)
    if (Steps steps = one.machine.wake(now_); !steps.empty()) woken.emplace_back(&one, std::move(steps));
  for (const auto& [one, steps] : woken) take_steps(*one, steps);
}

void Router::news(const Standing& one, News news) {
  news.instance = one.instance.name;
  actions_.emplace_back(std::move(news));
}

// ---- Configuration

Terms Router::terms(const Standing& one) const {
  const Instance& wanted = one.instance;
  const std::int32_t priority = wanted.priority == owner ? owner : std::clamp(wanted.priority + weight(one), 1, 254);
  return {.priority = static_cast<std::uint8_t>(priority),
          .version = wanted.version,
          .interval = wanted.advertise,
          .down_after = wanted.down_after,
          .failback = wanted.failback,
          .start_delay = wanted.start_delay,
          .source = one.source.value_or(ipvs::Address::any(wanted.family)),
          .synced = synced_,
          .decides_ties = decides_ties(one)};
}

/// The first of a group, by what all routers call it.
bool Router::decides_ties(const Standing& one) const {
  const auto rank = [](const Instance& instance) { return std::pair{instance.id, instance.family}; };
  return !one.instance.group.empty() && std::none_of(instances_.begin(), instances_.end(), [&](const auto& other) {
    return together(one, other.second) && rank(other.second.instance) < rank(one.instance);
  });
}

void Router::take(const Configured& event) {
  if (stopping_) return;
  std::map<std::string, const Instance*> wanted;
  for (const Instance& instance : event.instances) wanted[instance.name] = &instance;
  // What they lend as they stop is given up below, where nobody has it any more.
  for (auto& [name, one] : instances_) {
    const auto found = wanted.find(name);
    if (found == wanted.end())
      take_steps(one, one.machine.stop("it is not configured any more"));
    else if (!same_router(one.instance, *found->second))
      take_steps(one, one.machine.stop("its interface, MAC, id or version is another one"));
  }
  std::erase_if(instances_, [&](const auto& one) { return !wanted.contains(one.first); });

  auto before = std::exchange(owned_, {});
  for (const Instance& instance : event.instances)
    for (const VirtualAddress& address : instance.addresses) {
      const Place place = place_of(instance, address);
      owned_[place] = {instance.name, address};
      before.erase(place);
      if (!holdings_.knows(place)) holdings_.want(place, address, Holdings::Want::none);  // a predecessor's is removed
    }
  for (const auto& [place, gone] : before) {
    holdings_.give_up(place);
    announcer_.forget(place);
  }
  for (const Instance& instance : event.instances) configure(instance);
  configure_lines(event);
  look_at_faults();
  for (auto& [name, one] : instances_) join(one);
}

void Router::configure(const Instance& instance) {
  auto found = instances_.find(instance.name);
  std::optional<Time> lent_until;
  if (found != instances_.end() && !same_router(found->second.instance, instance)) {
    lent_until = found->second.lent_until;
    instances_.erase(found);
    found = instances_.end();
  }
  if (found != instances_.end()) {
    Standing& known = found->second;
    const Instance before = std::exchange(known.instance, instance);
    known.source = source(instance);
    want_addresses(known);
    lay_anew(known, before);
    return announce_anew(known, before);
  }
  Standing& one =
      instances_.emplace(instance.name, Standing{.instance = instance, .machine = Machine{{}}, .since = now_})
          .first->second;
  one.source = source(instance);
  one.lent_until = lent_until;
  const auto link = links_.find(instance.interface);
  one.link_works = link != links_.end() && link->second.works;
  lay(one, false);  // a predecessor's
  one.machine = Machine{terms(one)};
  for (const std::string& reason : reasons(one)) one.faults.emplace(reason, now_);
  take_steps(one, one.machine.start(one.faults.empty() ? "" : one.faults.begin()->first, now_));
  if (const auto past = legacy_.instances.extract(instance.name))
    take_steps(one, one.machine.resume(past.mapped(), now_));
}

// ---- What the machines want

void Router::take_steps(Standing& one, const Steps& steps) {
  for (const Step& step : steps) std::visit([&](const auto& each) { take_step(one, each); }, step);
}

void Router::take_step(Standing& one, const Say& say) { transmit(one, say.priority); }

void Router::take_step(Standing& one, const Enter& enter) {
  one.since = now_;
  one.cause = enter.cause;
  one.held.reset();
  restless_ = true;
  end_rivalry(one);
  const bool has_some = one.told == State::master || one.lent_until;
  const bool lends = has_some && enter.state != State::master && enter.slept < loan &&
                     links_.contains(one.instance.interface) && links_.at(one.instance.interface).works;
  one.lent_until = lends ? std::optional{now_ + loan - enter.slept} : std::nullopt;
  news(one, {.level = enter.state == State::fault ? News::Level::alert : News::Level::info,
             .kind = std::string{kind(enter.state)},
             .text = fmt::format("vrrp {} is {}", one.instance.name, to_string(enter.state)),
             .cause = enter.cause});
  if (enter.state != State::master && one.laid) lay(one, false);
  want_addresses(one);
  if (enter.state == State::master) announce(one);  // what it has already
  const bool was_master = std::exchange(one.told, enter.state) == State::master;
  if (enter.state == State::master || (enter.state == State::backup && was_master)) return lead(one);
  join(one);
}

void Router::take_step(Standing& one, const Rival& rival) {
  if (!one.contradicted || now_ - *one.contradicted >= contradiction) {
    announce(one);
    one.contradicted = now_;
  }
  one.rival = now_;
  // One may come from a master that has not heard us yet.
  if (++one.rivalry != rivalry_told) return;
  news(one, {.level = News::Level::alert,
             .kind = "VRRP_RIVAL",
             .text = fmt::format("vrrp {} has two masters: {} advertises priority {}", one.instance.name,
                                 to_string(rival.source), rival.priority),
             .cause = "it does not hear us, or does not give way"});
}

void Router::end_rivalries() {
  for (auto& [name, one] : instances_)
    if (one.rival && now_ - *one.rival >= one.machine.master_down()) end_rivalry(one);
}

void Router::end_rivalry(Standing& one) {
  if (one.rivalry >= rivalry_told)
    news(one, {.kind = "VRRP_RIVAL_GONE", .text = fmt::format("vrrp {} has one master", one.instance.name)});
  one.rival.reset();
  one.rivalry = 0;
}

/// A group moves as one: it has become master, or is so no more.
void Router::lead(const Standing& one) {
  const Machine& machine = one.machine;
  const std::string cause = fmt::format("vrrp {} of its group is {}", one.instance.name, to_string(machine.state()));
  for (auto& [name, other] : instances_) {
    if (&other == &one || !together(one, other)) continue;
    take_steps(other, machine.state() == State::master ? other.machine.take_over(cause, machine.lifted(), now_)
                                                       : other.machine.yield(cause, machine.yielded(), now_));
  }
}

/// One that comes to a group goes with it: the group is not disturbed.
void Router::join(Standing& one) {
  for (const auto& [name, other] : instances_)
    if (&other != &one && together(one, other) && other.machine.state() == State::master) {
      const std::string cause = fmt::format("vrrp {} of its group is master", name);
      return take_steps(one, one.machine.take_over(cause, other.machine.lifted(), now_));
    }
}

bool Router::together(const Standing& one, const Standing& other) const {
  return &one == &other || (!one.instance.group.empty() && one.instance.group == other.instance.group);
}

// ---- The operator, the clock, the end

void Router::take(const Legacy& event) { legacy_ = event; }

void Router::take(const HandOver&) {
  const auto has_heir = [this](const Standing& one) {
    const auto others = lines_.others(one.instance.id, one.instance.family);
    return std::any_of(others.begin(), others.end(), [](const Lines::Other& other) {
      return other.word.state == State::backup && other.word.carrier;
    });
  };
  for (auto& [name, one] : instances_)
    if (has_heir(one)) take_steps(one, one.machine.yield("the daemon is executed anew", false, now_));
}

bool Router::lends() const {
  return std::any_of(instances_.begin(), instances_.end(), [](const auto& one) { return !!one.second.lent_until; });
}

Legacy Router::legacy() const {
  Legacy legacy;
  for (const auto& [name, one] : instances_) legacy.instances.emplace(name, one.machine.past());
  return legacy;
}

void Router::take(const Switchover& event) {
  const auto found = instances_.find(event.instance);
  if (found == instances_.end()) return;
  Standing& one = found->second;
  const std::string cause = asked(event.by);
  take_steps(one, event.to_master ? one.machine.take_over(cause, true, now_) : one.machine.yield(cause, true, now_));
}

void Router::take(const Tick&) {
  for (auto& [name, one] : instances_)
    if (!waits(one)) take_steps(one, one.machine.tick(now_));
  end_link_delays();
  end_loans();
  end_rivalries();
  alter();
  send_frames();
}

void Router::take(const Stop&) {
  stopping_ = true;
  for (auto& [name, one] : instances_) take_steps(one, one.machine.stop("the daemon stops"));
}

}  // namespace keepalive::core::vrrp
