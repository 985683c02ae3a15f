#include "judge.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace scenario {
namespace {

using keepalive::vrrp::Failback;
using vrrp::State;

constexpr std::uint64_t busy = 20'000;
constexpr Time moment{1000};

std::size_t number(const std::string& name) { return name == "a" ? 0 : 1; }

}  // namespace

void Judge::find(const std::string& fault) {
  if (!fault_) fault_ = fmt::format("at {} ms: {}", world_.now.count() / 1000, fault);
}

// ---- Who hears whom

bool Judge::paired(std::size_t one, std::size_t other, std::size_t interface) const {
  return world_.loss == 0 && world_.directors[one].awake() && world_.directors[other].awake() &&
         world_.hears(one, other, interface) && world_.hears(other, one, interface);
}

/// Those that hear this one, if all of them hear each other and nobody else.
std::optional<Judge::Group> Judge::party(std::size_t director, std::size_t interface) const {
  Group party{director};
  const std::size_t all = world_.directors.size();
  for (std::size_t i = 0; i < all; ++i)
    if (i != director && paired(i, director, interface)) party.insert(i);
  for (const std::size_t one : party)
    for (std::size_t i = 0; i < all; ++i) {
      if (i == one) continue;
      const bool heard = world_.hears(i, one, interface) || world_.hears(one, i, interface);
      const bool outsider = !party.contains(i) && world_.directors[i].runs && heard;
      if (outsider || (party.contains(i) && !paired(i, one, interface))) return std::nullopt;
    }
  return party;
}

std::vector<Judge::Group> Judge::parties(std::size_t interface) const {
  std::vector<Group> list;
  for (std::size_t i = 0; i < world_.directors.size(); ++i) {
    if (!world_.directors[i].awake()) continue;
    const auto one = party(i, interface);
    if (one && *one->begin() == i) list.push_back(*one);
  }
  return list;
}

void Judge::look_at_pairs() {
  for (std::size_t i = 0; i < plan_.instances; ++i)
    for (std::size_t one = 0; one < world_.directors.size(); ++one)
      for (std::size_t other = 0; other < one; ++other) {
        if (paired(one, other, i))
          pairs_.try_emplace({one, other, i}, world_.now);
        else
          pairs_.erase({one, other, i});
      }
}

// ---- Addresses

void Judge::look_at_holders() {
  const Time most = plan_.interval + 2 * plan_.delay() + 2 * plan_.late() + moment;
  std::erase_if(both_hold_, [&](const auto& each) {
    return !pairs_.contains({each.first[0], each.first[1], each.first[2]});
  });
  for (const auto& [pair, since] : pairs_)
    for (std::size_t which = 0; which < 2; ++which) {
      const auto& [one, other, i] = pair;
      const vrrp::Place place{World::interface_name(i), World::addresses_of(i)[which]};
      const bool both = world_.directors[one].host.addresses.contains(place) &&
                        world_.directors[other].host.addresses.contains(place);
      const std::array<std::size_t, 4> key{one, other, i, which};
      if (!both)
        both_hold_.erase(key);
      else if (world_.now - both_hold_.try_emplace(key, world_.now).first->second > most)
        find(fmt::format("directors {} and {} hear each other, and both hold {} since {} ms", other, one,
                         to_string(place.address), both_hold_.at(key).count() / 1000));
    }
}

// ---- Masters

void Judge::look_at_parties() {
  std::map<std::pair<std::size_t, Group>, Time> leaderless;
  for (std::size_t i = 0; i < plan_.instances && world_.loss == 0; ++i)
    for (const Group& party : parties(i)) {
      const auto is = [&](State state) {
        return [this, i, state](std::size_t one) { return world_.state(one, i) == state; };
      };
      if (std::any_of(party.begin(), party.end(), is(State::master))) continue;
      if (std::none_of(party.begin(), party.end(), is(State::backup))) continue;
      if (holds(party, i)) continue;
      const auto before = leaderless_.find({i, party});
      const Time since = before == leaderless_.end() ? world_.now : before->second;
      leaderless[{i, party}] = since;
      // The one that waits longest; a group may have to agree first.
      const Time most = (plan_.grouped ? 10 : 1) * plan_.longest_down() + 2 * plan_.late() + moment;
      if (world_.now - since > most) find(fmt::format("nobody is master of {}", World::instance_name(i)));
    }
  leaderless_ = std::move(leaderless);
  if (!quiet() || world_.loss > 0) return;
  for (std::size_t i = 0; i < plan_.instances; ++i)
    for (const Group& party : parties(i)) look_at_settled(party, i);
}

/// Whether somebody of them does not take over since a line says that the master is well.
bool Judge::holds(const Group& party, std::size_t instance) const {
  return std::any_of(party.begin(), party.end(), [&](std::size_t one) {
    const auto* const standing = world_.standing(one, instance);
    return standing != nullptr && standing->held;
  });
}

/// Whether a master is well that `director` may have word of.
bool Judge::justified(std::size_t director, std::size_t instance) const {
  for (std::size_t other = 0; other < world_.directors.size(); ++other)
    if (other != director && world_.directors[other].awake() && world_.hears_line(other, director) &&
        world_.state(other, instance) == State::master && world_.sees_witness(other, instance))
      return true;
  return false;
}

void Judge::look_at_holds() {
  const Time most = 3 * plan_.longest_down() + 2 * plan_.late() + 2 * plan_.delay() + moment;
  for (std::size_t director = 0; director < world_.directors.size(); ++director)
    for (std::size_t i = 0; i < plan_.instances; ++i) {
      const std::array<std::size_t, 2> key{director, i};
      const auto* const standing = world_.standing(director, i);
      const bool holds = standing != nullptr && standing->held && world_.directors[director].awake();
      if (!holds || justified(director, i))
        holds_since_.erase(key);
      else if (world_.now - holds_since_.try_emplace(key, world_.now).first->second > most)
        find(fmt::format("director {} waits for a master of {} that is not well", director, World::instance_name(i)));
    }
}

void Judge::look_at_settled(const Group& party, std::size_t instance) {
  if (plan_.grouped && this->party(*party.begin(), 1 - instance) != party) return;
  const std::string name = World::instance_name(instance);
  std::vector<std::size_t> masters;
  bool can = false;
  for (const std::size_t one : party) {
    const State state = world_.state(one, instance);
    can = can || state == State::backup;
    if (state == State::master) masters.push_back(one);
    if (plan_.grouped && state != world_.state(one, 1 - instance))
      find(fmt::format("director {} has a group of two states", one));
  }
  if (masters.size() > 1) find(fmt::format("directors {} and {} are both master of {}", masters[0], masters[1], name));
  if (can && masters.empty() && !holds(party, instance))
    find(fmt::format("nobody is master of {}, though all has settled", name));
  if (masters.empty()) return;
  for (const std::size_t one : party) {
    look_at_addresses(one, instance, masters.front());
    look_at_priority(one, instance, masters.front());
  }
}

void Judge::look_at_addresses(std::size_t director, std::size_t instance, std::size_t master) {
  const auto& addresses = world_.directors[director].host.addresses;
  for (const ipvs::Address& each : World::addresses_of(instance)) {
    const bool holds = addresses.contains({World::interface_name(instance), each});
    const bool lends = addresses.contains({std::string{vrrp::loopback}, each});
    if (lends || holds != (director == master))
      find(fmt::format("director {} {} {}, though {} is master", director, lends || holds ? "has" : "has not",
                       to_string(each), master));
  }
}

void Judge::look_at_priority(std::size_t director, std::size_t instance, std::size_t master) {
  if (plan_.failback.kind == Failback::Kind::never || world_.state(director, instance) != State::backup) return;
  const auto& ours = world_.standing(director, instance)->machine;
  const auto& theirs = world_.standing(master, instance)->machine;
  if (!ours.yielded() && ours.priority() > theirs.priority())
    find(fmt::format("director {} has priority {}, but {} with {} is master", director, ours.priority(), master,
                     theirs.priority()));
}

// ---- What is done

/// Whether all that it goes by reaches it: advertisements, and words of lines from those it does not hear.
bool Judge::undisturbed(std::size_t director) const {
  if (world_.loss > 0) return false;
  for (std::size_t i = 0; i < plan_.instances; ++i) {
    const auto heard = party(director, i);
    if (!heard || (world_.line_loss > 0 && heard->size() < world_.directors.size())) return false;
  }
  return true;
}

void Judge::see(std::size_t director, const vrrp::Event& event) {
  // An operator may want it at once, and a master that leaves needs not be waited for.
  const auto* word = std::get_if<vrrp::Switchover>(&event);
  told_ = word != nullptr && word->to_master;
  const auto* heard = std::get_if<vrrp::Received>(&event);
  constexpr std::size_t priority = 2;
  if (told_ || (heard != nullptr && heard->bytes[priority] == 0))
    for (std::size_t i = 0; i < interfaces; ++i) listens_until_.erase({director, i});
}

void Judge::see(std::size_t director, const vrrp::Action& action) {
  if (const auto* sent = std::get_if<vrrp::Transmit>(&action)) {
    const auto found = listens_until_.find({director, sent->interface == "eth0" ? 0U : 1U});
    if (found != listens_until_.end() && world_.now < found->second)
      find(fmt::format("director {} slept, and has not listened before it speaks", director));
  }
  const auto* news = std::get_if<vrrp::News>(&action);
  if (news == nullptr) return;
  const std::array<std::size_t, 2> key{director, number(news->instance)};
  if (news->kind == "VRRP_BACKUP") backup_since_[key] = world_.now;
  if (news->kind == "VRRP_BACKUP" && news->cause.starts_with("stalled") && !told_)
    listens_until_[key] = world_.now + 3 * plan_.interval;
  if (news->kind == "VRRP_MASTER") take_over(director, *news);
  const bool moves = news->kind == "VRRP_MASTER" || news->kind == "VRRP_BACKUP" || news->kind == "VRRP_FAULT";
  const bool by_loss = !undisturbed(director);
  if (moves && by_loss && world_.line_loss > 0) world_.happened = world_.now;
  if (moves && quiet() && !by_loss)
    find(fmt::format("director {} moves though nothing happens: {}: {}", director, news->kind, news->cause));
}

/// Whether one may become master though it hears another.
bool Judge::may_take_over(std::size_t director, std::size_t other, std::size_t instance) const {
  const auto& ours = world_.standing(director, instance)->machine;
  const auto& theirs = world_.standing(other, instance)->machine;
  if (ours.priority() <= theirs.priority() || plan_.failback.kind == Failback::Kind::never) return false;
  // The delay counts from the first one of lower priority on, whoever is master afterwards.
  const Time waited = world_.now - backup_since_.at({director, instance});
  const Director& one = world_.directors[director];
  // One that does not wait any more goes on so until it hears the next word.
  const bool lately = one.synced_last && world_.now - *one.synced_last <= 2 * plan_.longest_down();
  if (plan_.failback.kind == Failback::Kind::when_synced && (one.synced || lately)) return true;
  return plan_.failback.kind == Failback::Kind::immediate || waited >= plan_.failback.delay;
}

void Judge::take_over(std::size_t director, const vrrp::News& news) {
  const auto starts = [&](const char* start) { return news.cause.starts_with(start); };
  if (!starts("no advertisement") && !starts("heartbeat") && !starts("a lower priority")) return;
  // Within this time one hears of another for certain, and of its priority.
  const Time certain = plan_.interval + plan_.delay() + 2 * plan_.late() + moment;
  if (world_.now - world_.priorities_changed <= 2 * certain) return;
  const std::size_t i = number(news.instance);
  for (std::size_t other = 0; other < world_.directors.size(); ++other) {
    const auto pair = pairs_.find({std::max(director, other), std::min(director, other), i});
    if (other == director || pair == pairs_.end() || world_.state(other, i) != State::master) continue;
    const Time common = world_.now - std::max(pair->second, world_.standing(other, i)->since);
    if (common > certain && !may_take_over(director, other, i))
      find(fmt::format("director {} takes over {} from {}, which it hears", director, news.instance, other));
  }
}

void Judge::look() {
  at_once_ = world_.now == last_ ? at_once_ + 1 : 0;
  last_ = world_.now;
  if (at_once_ > busy) find("a director is busy with nothing");
  look_at_pairs();
  look_at_holders();
  look_at_holds();
  look_at_parties();
}

}  // namespace scenario
