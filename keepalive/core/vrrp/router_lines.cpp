// What the router does with heartbeat lines and witnesses: says how it is, hears that the master has gone, and tells
// a dead master from a dead network.
#include <fmt/format.h>

#include <algorithm>

#include "core/vrrp/router.hpp"

namespace keepalive::core::vrrp {
namespace {

constexpr Time longest_silence{std::chrono::milliseconds{100}};  // between two words of a fast line
constexpr Time longest_question{std::chrono::seconds{1}};        // between two questions to a witness
constexpr Time shortest_question{std::chrono::milliseconds{10}};

Time interval_of(const std::map<std::string, Router::Standing>& instances) {
  Time interval = longest_silence;
  for (const auto& [name, one] : instances) interval = std::min(interval, one.instance.advertise);
  return interval;
}

}  // namespace

void Router::configure_lines(const Configured& event) {
  lines_.want(event.lines, now_);
  std::set<std::string> interfaces;
  Time question = longest_question;
  for (const auto& [name, one] : instances_) {
    interfaces.insert(one.instance.interface);
    question = std::min(question, one.machine.patience_of_others() / 2);
  }
  witnesses_.want(event.witnesses, std::move(interfaces), std::max(question, shortest_question), now_);
  restless_ = true;
}

/// At the end of each step.
void Router::attend_lines() {
  for (const std::string& name : lines_.lost(now_))
    actions_.emplace_back(News{.level = News::Level::alert,
                               .kind = "HEARTBEAT_LOST",
                               .instance = name,
                               .text = fmt::format("heartbeat {} is silent", name),
                               .cause = "three of its words are missing"});
  for (auto& [name, one] : instances_) {
    if (one.held) waits(one);
    look_at_suspicion(one);
  }
  if (std::exchange(restless_, false)) lines_.hurry(now_);
  if (lines_.due(now_))
    for (auto& [line, bytes] : lines_.speak(words(), interval_of(instances_), now_))
      actions_.emplace_back(Speak{line, std::move(bytes)});
  if (witnesses_.asks(now_))
    for (const std::string& interface : witnesses_.interfaces())
      for (const Witness& one : witnesses_.all()) actions_.emplace_back(Ask{one.name, interface});
  lines_.rest();
}

std::vector<Word> Router::words() const {
  std::vector<Word> list;
  for (const auto& [name, one] : instances_) {
    const Instance& instance = one.instance;
    const auto link = links_.find(instance.interface);
    const auto answered = witnesses_.majority(instance.interface);
    list.push_back({.id = instance.id,
                    .state = one.machine.state(),
                    .priority = one.machine.priority(),
                    .carrier = link != links_.end() && link->second.works,
                    .hears_master = lately(one, one.masters.heard()),
                    .witness_age = answered ? std::optional{now_ - *answered} : std::nullopt,
                    .source = one.source.value_or(ipvs::Address::any(instance.family))});
  }
  return list;
}

void Router::take(const LineHeard& event) {
  const Lines::Heard heard = lines_.hear(event.line, event.bytes, now_);
  if (heard.back)
    actions_.emplace_back(News{.kind = "HEARTBEAT_BACK",
                               .instance = event.line,
                               .text = fmt::format("heartbeat {} is heard", event.line),
                               .cause = "the other director speaks on it"});
  for (const Lines::Change& change : heard.changes) left(change, event.line);
}

void Router::take(const Answered& event) { witnesses_.answered(event.witness, event.interface, now_); }

// ---- The master says that it is one no more

void Router::left(const Lines::Change& change, const std::string& line) {
  const auto& after = change.after;
  if (change.before.state != State::master || (after && (after->state == State::master || after->hears_master))) return;
  for (auto& [name, one] : instances_) {
    if (one.instance.id != change.before.id || one.instance.family != change.before.source.family()) continue;
    if (one.machine.state() != State::backup || listens_anew(one)) continue;
    if (lately(one, one.masters.heard_besides(change.before.source))) continue;  // we follow another one
    if (!is_best(one, change.node)) {
      one.held.reset();
      one.machine.lose_master(now_);
      continue;
    }
    const State state = after ? after->state : State::stopped;
    take_steps(one, one.machine.take_over(fmt::format("heartbeat {}: the master is {} now", line, to_string(state)),
                                          false, now_));
  }
}

/// What it hears may be old: it slept for so long that others may have taken over since.
bool Router::listens_anew(const Standing& one) const {
  return nap_ && nap_->length >= one.machine.patience_of_others() && now_ - nap_->end < one.machine.master_down();
}

/// Whether no other backup that is known goes before it. `but`: the director that gives up.
bool Router::is_best(const Standing& one, std::uint64_t but) const {
  const auto all = lines_.others(one.instance.id, one.instance.family);
  const std::uint8_t priority = one.machine.priority();
  return std::none_of(all.begin(), all.end(), [&](const Lines::Other& other) {
    const Word& word = other.word;
    const bool before =
        word.priority > priority || (word.priority == priority && one.source && word.source > *one.source);
    return other.node != but && word.state == State::backup && before;
  });
}

// ---- No advertisement is heard

/// A master that was heard then may still be one.
bool Router::lately(const Standing& one, std::optional<Time> time) const {
  return time && now_ - *time < one.machine.master_down();
}

/// It is time to take over because nothing was heard.
bool Router::overdue(const Standing& one) const {
  const Machine& machine = one.machine;
  const auto due = machine.deadline();
  if (machine.state() != State::backup || machine.master_left() || machine.priority() == owner) return false;
  if (!due || now_ < *due || lately(one, one.masters.heard())) return false;
  return one.held || now_ - *due < machine.master_down();  // otherwise it has slept, and listens anew
}

std::vector<Lines::Other> Router::other_masters(const Standing& one) const {
  auto list = lines_.others(one.instance.id, one.instance.family);
  std::erase_if(list, [](const Lines::Other& other) { return other.word.state != State::master; });
  return list;
}

/// Whether a master that we do not hear serves its clients all the same.
bool Router::vouched(const Standing& one, const Lines::Other& other) const {
  const Word& word = other.word;
  return word.carrier && word.witness_age && *word.witness_age + (now_ - other.heard) < 2 * one.machine.master_down();
}

bool Router::reaches_witnesses(const Standing& one) const {
  const auto answered = witnesses_.majority(one.instance.interface);
  return answered && now_ - *answered < 2 * one.machine.master_down();
}

/// Why a takeover need not wait.
std::string Router::grounds(const Standing& one, const std::vector<Lines::Other>& masters) const {
  if (!masters.empty())
    return fmt::format("no advertisement; heartbeat {}: the master lives, but {}", masters.front().line,
                       masters.front().word.carrier ? "no witness answers it" : "its interface has no carrier");
  if (one.suspected) return "no advertisement, and no heartbeat says any more that the master lives";
  return "no advertisement, and the witnesses answer";
}

/// True: a takeover that is due by the clock waits, or has been dealt with.
bool Router::waits(Standing& one) {
  if (!overdue(one)) return false;
  const auto masters = other_masters(one);
  const auto alive =
      std::find_if(masters.begin(), masters.end(), [&](const Lines::Other& other) { return vouched(one, other); });
  if (!masters.empty()) suspect(one, alive == masters.end() ? masters.front() : *alive, alive != masters.end());
  const bool lonely = one.instance.ask_witness && !reaches_witnesses(one);
  if (alive == masters.end() && !lonely) {
    if (masters.empty() && !one.held) return false;
    take_steps(one, one.machine.take_over(grounds(one, masters), false, now_));
    return true;
  }
  if (!std::exchange(one.held, one.held.value_or(now_)) && alive == masters.end())
    news(one, {.level = News::Level::alert,
               .kind = "TAKEOVER_WAITS",
               .text = fmt::format("vrrp {} hears nobody, and stays backup", one.instance.name),
               .cause = fmt::format("the witnesses do not answer through {}", one.instance.interface)});
  return true;
}

void Router::suspect(Standing& one, const Lines::Other& other, bool holds) {
  if (std::exchange(one.suspected, one.suspected.value_or(now_))) return;
  news(one, {.level = News::Level::alert,
             .kind = "PARTITION_SUSPECTED",
             .text = fmt::format("vrrp {} does not hear its master, which lives: {}", one.instance.name,
                                 holds ? "it stays backup" : "it takes over"),
             .cause = fmt::format("heartbeat {}: {} is master with priority {}", other.line,
                                  to_string(other.word.source), other.word.priority)});
}

/// It ends when the other master is heard, gives up, or nothing is heard of it any more.
void Router::look_at_suspicion(Standing& one) {
  if (!one.suspected) return;
  const State state = one.machine.state();
  const auto heard = one.masters.heard();
  const bool hears = heard && *heard >= *one.suspected;
  if ((state == State::backup || state == State::master) && !hears && !other_masters(one).empty()) return;
  one.suspected.reset();
  news(one, {.kind = "PARTITION_OVER",
             .text = fmt::format("vrrp {} suspects no partition any more", one.instance.name),
             .cause = hears ? "the other director is heard" : "no heartbeat tells of another master"});
}

/// When a takeover that waits is to be looked at again.
std::optional<Time> Router::hold_end(const Standing& one) const {
  std::optional<Time> first;
  for (const Lines::Other& other : other_masters(one)) {
    if (!vouched(one, other)) continue;
    const Time end = std::min(other.until, other.heard - *other.word.witness_age + 2 * one.machine.master_down());
    first = first ? std::min(*first, end) : end;
  }
  return first;
}

}  // namespace keepalive::core::vrrp
