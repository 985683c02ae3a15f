#include "world.hpp"

#include <algorithm>

namespace scenario {
namespace {

using Kind = Happening::Kind;
using vrrp::Actions;
using vrrp::AddressIs;
using vrrp::Announce;
using vrrp::Event;
using vrrp::Mac;
using vrrp::Place;
using vrrp::Transmit;

constexpr std::size_t most_waiting = 200;  // packets, while a process sleeps

ipvs::Address address(std::size_t interface, std::size_t host) {
  return ipvs::Address{
      std::array<std::uint8_t, 4>{10, static_cast<std::uint8_t>(interface), 0, static_cast<std::uint8_t>(host)}};
}

Mac mac_of(std::size_t director) { return {2, 0, 0, 0, 0, static_cast<std::uint8_t>(director)}; }

/// What a frame of ours says is where; all are gratuitous ARP here.
ipvs::Address announced(const std::string& frame) {
  constexpr std::ptrdiff_t sender = 28;
  std::array<std::uint8_t, 4> bytes{};
  std::copy_n(frame.begin() + sender, bytes.size(), bytes.begin());
  return ipvs::Address{bytes};
}

/// When a director has something to do.
std::optional<Time> due(const Director& one) {
  if (!one.awake()) return one.asleep_until;
  const auto deadline = one.host.router.deadline();
  return deadline ? std::optional{std::max(*deadline, one.next_tick)} : std::nullopt;
}

}  // namespace

World::World(const Plan& given) : plan{given}, dice_{given.seed + 1} {
  directors.resize(plan.priorities.size());
  for (std::size_t i = 0; i < directors.size(); ++i) directors[i].priority = plan.priorities[i];
}

std::vector<ipvs::Address> World::addresses_of(std::size_t instance) {
  constexpr std::uint8_t first = 100;
  return {address(instance, first), address(instance, first + 1)};
}

ipvs::Address World::own_address(std::size_t director, std::size_t interface) const {
  const bool turned = plan.crossed && interface == 1;
  return address(interface, 1 + (turned ? directors.size() - 1 - director : director));
}

keepalive::vrrp::Instance World::instance(std::size_t director, std::size_t number) const {
  keepalive::vrrp::Instance one{.name = instance_name(number),
                                .interface = interface_name(number),
                                .id = static_cast<std::uint8_t>(number + 1),
                                .priority = directors[director].priority,
                                .advertise = plan.interval,
                                .failback = plan.failback,
                                .group = plan.grouped ? "g" : "",
                                .announcing = {.repeat = 2, .delay = 5 * plan.interval}};
  for (const ipvs::Address& each : addresses_of(number)) one.addresses.push_back({.address = each, .prefix = 24});
  return one;
}

bool World::hears(std::size_t from, std::size_t to, std::size_t interface) const {
  return from != to && !cuts_.contains({from, to, interface}) && directors[from].links.at(interface) &&
         directors[to].links.at(interface);
}

bool World::hears_line(std::size_t from, std::size_t to) const {
  return plan.lines && from != to && !line_cuts_.contains(std::minmax(from, to));
}

bool World::sees_witness(std::size_t director, std::size_t interface) const {
  return plan.witness && !blind_.contains(director) && directors[director].links.at(interface);
}

const vrrp::Router::Standing* World::standing(std::size_t director, std::size_t instance) const {
  const auto& all = directors[director].host.router.instances();
  const auto found = all.find(instance_name(instance));
  return !directors[director].runs || found == all.end() ? nullptr : &found->second;
}

vrrp::State World::state(std::size_t director, std::size_t instance) const {
  const auto* const one = standing(director, instance);
  return one == nullptr ? vrrp::State::stopped : one->machine.state();
}

// ---- The clock

bool World::go_on() {
  Time next = plan.end;
  std::optional<std::size_t> who;
  for (std::size_t i = 0; i < directors.size(); ++i)
    if (const auto at = due(directors[i]); at && *at < next) {
      next = *at;
      who = i;
    }
  const bool happens = next_happening_ < plan.happenings.size() && plan.happenings[next_happening_].at <= next;
  if (happens) next = plan.happenings[next_happening_].at;
  const bool arrives = !under_way_.empty() && under_way_.begin()->first <= next;
  if (arrives) next = under_way_.begin()->first;
  if (!arrives && !happens && !who) return false;
  now = std::max(now, next);
  if (arrives) {
    const auto [to, event] = under_way_.begin()->second;
    under_way_.erase(under_way_.begin());
    give(to, event);
  } else if (happens) {
    happen(plan.happenings[next_happening_++]);
  } else if (directors[*who].awake()) {
    tick(*who);
  } else {
    wake(*who);
  }
  return true;
}

void World::tick(std::size_t director) {
  Director& one = directors[director];
  // A process is not always there at once.
  const bool came_late = one.next_tick == now;
  if (!came_late && dice_.percent(5)) one.next_tick = now + dice_.up_to(plan.late());
  if (one.next_tick > now) return;
  give(director, vrrp::Tick{});
}

void World::give(std::size_t director, const Event& event) {
  Director& one = directors[director];
  if (!one.runs) return;
  if (one.asleep_until) {
    if (one.hears_later && one.inbox.size() < most_waiting) one.inbox.push_back(event);
    return;
  }
  if (on_event) on_event(director, event);
  ++steps;
  const Actions actions = one.host.step(event, now);
  for (const vrrp::Action& action : actions) carry(director, action);
}

// ---- The network

void World::carry(std::size_t from, const vrrp::Action& action) {
  if (on_action) on_action(from, action);
  if (const auto* sent = std::get_if<Transmit>(&action))
    send(from, sent->interface == "eth0" ? 0 : 1, vrrp::Received{sent->interface, sent->envelope, sent->bytes});
  if (const auto* word = std::get_if<vrrp::Speak>(&action)) say(from, *word);
  if (const auto* ask = std::get_if<vrrp::Ask>(&action);
      ask != nullptr && sees_witness(from, ask->interface == "eth0" ? 0 : 1))
    under_way_.emplace(now + dice_.up_to(plan.delay()), std::pair{from, vrrp::Answered{ask->witness, ask->interface}});
  if (const auto* sent = std::get_if<Announce>(&action))
    for (const std::string& frame : sent->frames)
      send(from, sent->interface == "eth0" ? 0 : 1, vrrp::Seen{{sent->interface, announced(frame)}, mac_of(from)});
}

void World::say(std::size_t from, const vrrp::Speak& word) {
  const std::size_t one = static_cast<std::size_t>(word.line.front() - '0');
  const std::size_t to = one == from ? static_cast<std::size_t>(word.line.back() - '0') : one;
  if (!hears_line(from, to) || dice_.percent(line_loss)) return;
  under_way_.emplace(now + dice_.up_to(plan.delay()), std::pair{to, vrrp::LineHeard{word.line, word.bytes}});
}

void World::send(std::size_t from, std::size_t interface, const Event& event) {
  for (std::size_t to = 0; to < directors.size(); ++to) {
    if (!hears(from, to, interface)) continue;
    const std::size_t copies = dice_.percent(loss) ? 0 : loss > 0 && dice_.percent(5) ? 2 : 1;
    for (std::size_t i = 0; i < copies; ++i) under_way_.emplace(now + dice_.up_to(plan.delay()), std::pair{to, event});
  }
}

// ---- What happens

void World::start(std::size_t director) {
  Director& one = directors[director];
  if (one.runs && one.host.router.finished()) kill(director);
  if (one.runs) return;
  const std::set<Place> left = one.host.addresses;
  one = {.runs = true, .priority = one.priority};
  one.host.router = vrrp::Router{++starts_};
  one.host.addresses = left;
  for (std::size_t interface = 0; interface < plan.instances; ++interface) {
    set_link(director, interface, true);
    one.host.addresses.insert({interface_name(interface), own_address(director, interface)});
  }
  for (const Place& place : std::set<Place>{one.host.addresses}) give(director, AddressIs{place, true});
  configure(director);
}

void World::configure(std::size_t director) {
  vrrp::Configured event;
  for (std::size_t i = 0; i < plan.instances; ++i) event.instances.push_back(instance(director, i));
  const std::string key(keepalive::vrrp::shortest_key, 'k');
  for (std::size_t other = 0; plan.lines && other < directors.size(); ++other) {
    const auto [low, high] = std::minmax(director, other);
    if (low != high) event.lines.push_back({.name = std::to_string(low) + "-" + std::to_string(high), .key = key});
  }
  if (plan.witness) event.witnesses.push_back({.name = "gw"});
  give(director, event);
}

void World::set_link(std::size_t director, std::size_t interface, bool works) {
  directors[director].links.at(interface) = works;
  give(director, vrrp::LinkIs{interface_name(interface), vrrp::Link{.mac = mac_of(director), .works = works}});
}

void World::kill(std::size_t director) {
  Director& one = directors[director];
  one.runs = false;
  one.asleep_until.reset();
  remove_addresses(one);
}

/// As the guard does it.
void World::remove_addresses(Director& one) {
  for (std::size_t instance = 0; instance < plan.instances; ++instance)
    for (const ipvs::Address& each : addresses_of(instance))
      for (const std::string& interface : {interface_name(instance), std::string{vrrp::loopback}})
        if (one.host.addresses.erase({interface, each}) > 0 && one.runs)
          one.inbox.emplace_back(AddressIs{{interface, each}, false});
}

void World::sleep(const Happening& what) {
  Director& one = directors[what.node];
  if (!one.awake()) return;
  one.asleep_since = now;
  one.asleep_until = now + what.span;
  one.hears_later = what.kind == Kind::stall;
}

void World::wake(std::size_t director) {
  Director& one = directors[director];
  const Time slept = now - one.asleep_since;
  if (one.hears_later && slept >= plan.longest_down()) remove_addresses(one);
  happened = now;
  one.asleep_until.reset();
  for (std::deque<Event> inbox = std::exchange(one.inbox, {}); !inbox.empty(); inbox.pop_front())
    give(director, inbox.front());
}

void World::cut(const Happening& what) {
  for (std::size_t from = 0; from < directors.size(); ++from)
    for (std::size_t to = 0; to < directors.size(); ++to)
      for (std::size_t i = 0; i < interfaces; ++i) {
        const bool one_way = from == what.node && to == what.other && (what.value == i || what.value == interfaces);
        const bool apart = (what.value >> from & 1U) != (what.value >> to & 1U);
        if (what.kind == Kind::cut ? one_way : apart) cuts_.insert({from, to, i});
      }
}

void World::edit(std::size_t director, const Place& place, bool add) {
  Director& one = directors[director];
  if (!one.awake()) return;
  const bool changed = add ? one.host.addresses.insert(place).second : one.host.addresses.erase(place) > 0;
  if (changed) give(director, AddressIs{place, add});
}

void World::tell_synced(std::size_t director, bool synced) {
  Director& one = directors[director];
  if (!one.awake()) return;
  if (one.synced) one.synced_last = now;
  one.synced = synced;
  give(director, vrrp::Synced{synced});
}

void World::happen(const Happening& what) {
  Director& one = directors[what.node];
  const std::size_t which = what.value % plan.instances;
  const Place place{interface_name(which), addresses_of(which).front()};
  happened = now;
  if (on_happening) on_happening(what);
  switch (what.kind) {
    case Kind::cut:
    case Kind::split:
      return cut(what);
    case Kind::heal:
      cuts_.clear();
      line_cuts_.clear();
      blind_.clear();
      loss = line_loss = 0;
      return;
    case Kind::line_cut:
      line_cuts_.insert(std::minmax(what.node, what.other));
      return;
    case Kind::line_loss:
      line_loss = what.value;
      return;
    case Kind::blind:
      blind_.insert(what.node);
      return;
    case Kind::loss:
      loss = what.value;
      return;
    case Kind::crash:
      return kill(what.node);
    case Kind::stop:
      return give(what.node, vrrp::Stop{});
    case Kind::start:
      return start(what.node);
    case Kind::stall:
    case Kind::suspend:
      return sleep(what);
    case Kind::to_master:
    case Kind::to_backup:
      return give(what.node, vrrp::Switchover{instance_name(which), what.kind == Kind::to_master});
    case Kind::synced:
      return tell_synced(what.node, what.value != 0);
    case Kind::priority:
      one.priority = static_cast<std::uint8_t>(what.value);
      priorities_changed = now;
      if (one.awake()) configure(what.node);
      return;
    case Kind::link_down:
      if (one.awake()) set_link(what.node, which, false);
      return;
    case Kind::link_up:
      for (std::size_t i = 0; i < plan.instances; ++i)
        if (one.awake() && !one.links.at(i)) set_link(what.node, i, true);
      return;
    case Kind::take_away:
    case Kind::leave_over:
      return edit(what.node, place, what.kind == Kind::leave_over);
  }
}

}  // namespace scenario
