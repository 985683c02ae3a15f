#include "core/vrrp/machine.hpp"

#include <doctest/doctest.h>

#include <sstream>

namespace keepalive::core::vrrp {

std::ostream& operator<<(std::ostream& out, const Step& step) {
  if (const auto* say = std::get_if<Say>(&step)) return out << "say " << int{say->priority};
  if (const auto* enter = std::get_if<Enter>(&step)) return out << to_string(enter->state) << ": " << enter->cause;
  return out << "rival " << to_string(std::get<Rival>(step).source);
}

}  // namespace keepalive::core::vrrp

namespace machine_test {

using namespace keepalive::core::vrrp;
using std::chrono::milliseconds;
using std::chrono::seconds;

namespace {

const ipvs::Address low = *ipvs::Address::parse("10.0.0.1");
const ipvs::Address us = *ipvs::Address::parse("10.0.0.2");
const ipvs::Address high = *ipvs::Address::parse("10.0.0.3");

Terms terms(std::uint8_t priority, Failback failback = {}) {
  return {.priority = priority, .failback = failback, .source = us};
}

Advertisement from(std::uint8_t priority, Time interval = seconds{1}) {
  return {Version::v3, 51, priority, interval, {}, ""};
}

std::string text(const Steps& steps) {
  std::ostringstream out;
  for (const Step& step : steps) out << (out.str().empty() ? "" : "; ") << step;
  return out.str();
}

/// Backup since 0.
Machine backup(std::uint8_t priority, Failback failback = {}) {
  Machine machine{terms(priority, failback)};
  machine.start("", Time{0});
  return machine;
}

Machine master(std::uint8_t priority, Failback failback = {}) {
  Machine machine = backup(priority, failback);
  machine.tick(*machine.deadline());
  REQUIRE(machine.state() == State::master);
  return machine;
}

constexpr Time down_100{3'609'375};  // 3 s and 156/256 s

}  // namespace

// ---- Timers

TEST_CASE("RFC 9568 6.1: Skew_Time is (256 - priority) x interval / 256, to the microsecond") {
  struct Row {
    Version version;
    Time interval;
    std::uint8_t priority;
    Time skew;
    Time down;
  };
  for (const Row& row : {
           Row{Version::v3, seconds{1}, 100, Time{609'375}, down_100},
           Row{Version::v3, milliseconds{10}, 200, Time{2'187}, Time{32'187}},
           Row{Version::v3, milliseconds{10}, 199, Time{2'226}, Time{32'226}},  // backups do not fire together
           Row{Version::v3, seconds{1}, 254, Time{7'812}, Time{3'007'812}},
           Row{Version::v2, seconds{2}, 100, Time{609'375}, Time{6'609'375}},  // RFC 3768 6.1: of a second
       }) {
    CAPTURE(int{row.priority});
    const Machine machine{{.priority = row.priority, .version = row.version, .interval = row.interval}};
    CHECK(machine.skew() == row.skew);
    CHECK(machine.master_down() == row.down);
  }
}

TEST_CASE("down_after sets how many advertisements may be missed") {
  CHECK(Machine{{.down_after = 5}}.master_down() == Time{5'609'375});
}

// ---- Start

TEST_CASE("RFC 9568 6.4.1: the owner of the addresses is master at once and says so first") {
  Machine machine{terms(255)};
  CHECK(text(machine.start("", Time{0})) == "say 255; master: it owns the addresses");
  CHECK(machine.deadline() == Time{seconds{1}});
}

TEST_CASE("RFC 9568 6.4.1: any other router starts as backup and waits for Master_Down") {
  Machine machine{terms(100)};
  CHECK(text(machine.start("", Time{0})) == "backup: started");
  CHECK(machine.deadline() == down_100);
}

TEST_CASE("a start-up delay comes before") {
  Machine machine{{.priority = 100, .start_delay = seconds{10}}};
  machine.start("", Time{0});
  CHECK(machine.deadline() == seconds{10} + down_100);
  Machine owner{{.priority = 255, .start_delay = seconds{10}}};
  CHECK(text(owner.start("", Time{0})) == "backup: started");
  CHECK(owner.deadline() == Time{seconds{10}});
}

// ---- Backup

TEST_CASE("RFC 9568 6.4.2: after Master_Down without an advertisement a backup is master") {
  Machine machine = backup(100);
  CHECK(machine.tick(down_100 - Time{1}).empty());
  CHECK(text(machine.tick(down_100)) == "say 100; master: no advertisement for 3609 ms");
}

TEST_CASE("RFC 9568 6.4.2: an advertisement of the same or a higher priority restarts the timer") {
  for (const int priority : {100, 101, 255}) {
    Machine machine = backup(100);
    CHECK(machine.hear(from(static_cast<std::uint8_t>(priority)), low, seconds{2}).empty());
    CHECK(machine.deadline() == seconds{2} + down_100);
  }
}

TEST_CASE("RFC 9568 6.4.2: a backup learns the master's interval") {
  Machine machine = backup(100);
  machine.hear(from(200, milliseconds{100}), high, seconds{2});
  CHECK(machine.deadline() == seconds{2} + Time{360'937});
  machine.tick(*machine.deadline());
  CHECK(machine.deadline() == seconds{2} + Time{360'937} + seconds{1});  // but sends in its own
}

TEST_CASE("RFC 9568 6.4.2: priority 0 lets a backup wait for its skew only") {
  Machine machine = backup(100);
  machine.hear(from(200), high, seconds{2});
  machine.hear(from(0), high, seconds{3});
  CHECK(machine.deadline() == Time{3'609'375});
  machine.hear(from(0), high, Time{3'500'000});  // said again: it does not wait longer
  CHECK(text(machine.tick(Time{3'609'375})) == "say 100; master: the master has left");
}

TEST_CASE("RFC 9568 6.4.2: a lower priority is not heard where Preempt_Mode is true, and heard where it is false") {
  Machine machine = backup(100);
  machine.hear(from(99), low, seconds{2});
  CHECK(machine.deadline() == down_100);
  Machine patient = backup(100, {.kind = Failback::Kind::never});
  patient.hear(from(99), low, seconds{2});
  CHECK(patient.deadline() == seconds{2} + down_100);
}

TEST_CASE("delayed failback counts from the first advertisement of lower priority") {
  Machine machine = backup(100, {.kind = Failback::Kind::delayed, .delay = seconds{30}});
  for (Time now{0}; now < seconds{30}; now += seconds{1}) machine.hear(from(99), low, now + seconds{1});
  CHECK(machine.deadline() == seconds{30} + down_100);
  machine.hear(from(99), low, seconds{31});  // the time is over
  CHECK(machine.deadline() == seconds{30} + down_100);
  CHECK(text(machine.tick(seconds{30} + down_100)).starts_with("say 100; master"));
}

TEST_CASE("failback when synced: a lower priority is left alone until it is synced, and not knowing is not synced") {
  Machine machine = backup(100, {.kind = Failback::Kind::when_synced});
  for (Time now{0}; now < seconds{300}; now += seconds{1}) machine.hear(from(99), low, now + seconds{1});
  CHECK(machine.deadline() == seconds{300} + down_100);
  CHECK(machine.unsynced() == seconds{1});
  CHECK(!machine.failback_at());
  Terms synced = terms(100, {.kind = Failback::Kind::when_synced});
  synced.synced = true;
  machine.set(synced);
  CHECK(!machine.unsynced());
  machine.hear(from(99), low, seconds{301});
  CHECK(text(machine.tick(seconds{300} + down_100)) == "say 100; master: a lower priority is master; synced");
}

TEST_CASE("failback when synced: at its limit it takes over all the same, and says so") {
  Machine machine = backup(100, {.kind = Failback::Kind::when_synced, .delay = seconds{60}});
  for (Time now{0}; now < seconds{60}; now += seconds{1}) machine.hear(from(99), low, now + seconds{1});
  CHECK(machine.deadline() == seconds{60} + down_100);
  CHECK(machine.failback_at() == seconds{61});
  machine.hear(from(99), low, seconds{61});
  CHECK(
      text(machine.tick(seconds{60} + down_100)) ==
      "say 100; master: a lower priority is master; not synced, but failback = when-synced waits for 60000 ms at most");
}

TEST_CASE("failback when synced: one that is not synced any more waits again") {
  Machine machine = backup(100, {.kind = Failback::Kind::when_synced});
  Terms synced = terms(100, {.kind = Failback::Kind::when_synced});
  synced.synced = true;
  machine.set(synced);
  machine.hear(from(99), low, seconds{1});
  CHECK(machine.deadline() == down_100);  // it is not waited for
  machine.set(terms(100, {.kind = Failback::Kind::when_synced}));
  machine.hear(from(99), low, seconds{2});
  CHECK(machine.deadline() == seconds{2} + down_100);
}

TEST_CASE("a dead master is taken over from whatever failback says") {
  for (const auto kind : {Failback::Kind::never, Failback::Kind::delayed, Failback::Kind::when_synced}) {
    Machine machine = backup(100, {.kind = kind, .delay = seconds{300}});
    machine.hear(from(99), low, seconds{1});
    CHECK(text(machine.tick(*machine.deadline())).starts_with("say 100; master"));
  }
}

TEST_CASE("a better master in between begins a delayed failback anew") {
  Machine machine = backup(100, {.kind = Failback::Kind::delayed, .delay = seconds{2}});
  machine.hear(from(99), low, seconds{1});
  machine.hear(from(200), high, seconds{2});
  machine.hear(from(99), low, seconds{3});
  machine.hear(from(99), low, seconds{4});
  CHECK(machine.deadline() == seconds{4} + down_100);
}

TEST_CASE("another priority counts at once, from the master's last word on") {
  Machine machine = backup(100);
  machine.hear(from(200), high, seconds{1});
  machine.set(terms(200));
  CHECK(machine.deadline() == seconds{1} + seconds{3} + Time{218'750});
}

// ---- Master

TEST_CASE("RFC 9568 6.4.3: a master advertises in its interval, and lateness does not add up") {
  Machine machine = master(100);
  const Time begin = down_100;
  CHECK(text(machine.tick(begin + seconds{1} + milliseconds{20})) == "say 100");
  CHECK(machine.deadline() == begin + seconds{2});
  CHECK(text(machine.tick(begin + seconds{2} + milliseconds{700})) == "say 100");
  CHECK(machine.deadline() == begin + seconds{3} + milliseconds{700});  // too late to make up for
}

TEST_CASE("RFC 9568 6.4.3: a master answers priority 0 at once") {
  Machine machine = master(100);
  CHECK(text(machine.hear(from(0), high, seconds{4})) == "say 100");
  CHECK(machine.deadline() == Time{seconds{5}});
}

TEST_CASE("RFC 9568 6.4.3: a master gives way to a higher priority") {
  Machine machine = master(100);
  CHECK(text(machine.hear(from(101, milliseconds{500}), low, seconds{4})) ==
        "backup: 10.0.0.1 advertises priority 101");
  CHECK(machine.master_interval() == milliseconds{500});
  CHECK(machine.deadline() == seconds{4} + machine.master_down());
}

TEST_CASE("RFC 9568 6.4.3: between equal priorities the higher address stays master") {
  CHECK(text(master(100).hear(from(100), low, seconds{4})) == "say 100; rival 10.0.0.1");
  CHECK(text(master(100).hear(from(100), high, seconds{4})) == "backup: 10.0.0.3 advertises priority 100");
}

TEST_CASE("RFC 9568 6.4.3: a master contradicts a lower priority at once") {
  CHECK(text(master(100).hear(from(99), high, seconds{4})) == "say 100; rival 10.0.0.3");
}

TEST_CASE("RFC 9568 6.4.3: a master that is shut down says priority 0") {
  CHECK(text(master(100).stop("the daemon stops")) == "say 0; stopped: the daemon stops");
  CHECK(text(backup(100).stop("the daemon stops")) == "stopped: the daemon stops");
}

// ---- Faults, operators, sleep

TEST_CASE("a fault ends mastership with priority 0, and its end begins as backup") {
  Machine machine = master(100);
  CHECK(text(machine.set_fault(true, "eth0 is down", seconds{4})) == "say 0; fault: eth0 is down");
  CHECK(machine.set_fault(true, "again", seconds{4}).empty());
  CHECK(machine.hear(from(99), low, seconds{5}).empty());
  CHECK(!machine.deadline());
  CHECK(text(machine.set_fault(false, "eth0 is up", seconds{9})) == "backup: eth0 is up");
  CHECK(machine.deadline() == seconds{9} + down_100);
}

TEST_CASE("an operator's switchover to backup holds until no master is heard") {
  Machine machine = master(200);
  CHECK(text(machine.yield("an operator asked for it", true, seconds{4})) == "say 0; backup: an operator asked for it");
  machine.hear(from(100), low, seconds{5});
  CHECK(machine.deadline() == seconds{5} + machine.master_down());
  CHECK(text(machine.tick(*machine.deadline())).starts_with("say 200; master"));
  machine.hear(from(100), low, seconds{9});  // it preempts again from now on
  CHECK(machine.state() == State::master);
}

TEST_CASE("an operator's switchover to master goes with the highest priority, until it is lost") {
  Machine machine = backup(100);
  CHECK(text(machine.take_over("an operator asked for it", true, seconds{1})) ==
        "say 254; master: an operator asked for it");
  CHECK(text(machine.hear(from(200), high, seconds{2})) == "say 254; rival 10.0.0.3");
  machine.hear(from(255), high, seconds{3});
  CHECK(machine.priority() == 100);
}

TEST_CASE("a master that slept while others took over listens before it says anything") {
  Machine machine = master(100);
  const Time woken = down_100 + seconds{8};
  CHECK(text(machine.tick(woken)) == "backup: stalled for 8000 ms: another may be master");
  CHECK(machine.deadline() == woken + down_100);
}

TEST_CASE("a backup that slept listens, too") {
  Machine machine = backup(100);
  const Time woken = down_100 + seconds{8};
  CHECK(machine.tick(woken).empty());
  CHECK(machine.deadline() == woken + down_100);
}

// ---- What it tells of itself

TEST_CASE("failback = delayed: from the first word of a lower priority on it is known when it takes over") {
  Machine machine = backup(200, {Failback::Kind::delayed, seconds{30}});
  CHECK(machine.failback_at() == std::nullopt);
  machine.hear(from(100), low, seconds{1});
  CHECK(machine.failback_at() == seconds{31});
  machine.hear(from(201), low, seconds{2});
  CHECK(machine.failback_at() == std::nullopt);
}

TEST_CASE("who gave way to an operator's word has yielded, and fails back from nobody") {
  Machine machine = master(200, {Failback::Kind::delayed, seconds{30}});
  CHECK(!machine.yielded());
  machine.yield("an operator asked for it", true, seconds{10});
  CHECK(machine.yielded());
  machine.hear(from(100), low, seconds{11});
  CHECK(machine.failback_at() == std::nullopt);
}

TEST_CASE("a successor on this host goes on as what it was, while nobody else can be master") {
  Machine before = master(200);
  const Past past = before.past();
  const Time until = past.until;
  CHECK(until == *before.deadline() + seconds{2});
  const auto resumed = [](Past what, Time now, const std::string& fault = "") {
    Machine machine{terms(200)};
    machine.start(fault, now);
    const std::string steps = text(machine.resume(what, now));
    return std::pair{steps, machine.yielded()};
  };
  CHECK(resumed(past, until - milliseconds{1}).first == "say 200; master: it was master before it was renewed");
  CHECK(resumed(past, until).first == "");
  CHECK(resumed(past, until - milliseconds{1}, "eth0 is down").first == "");
  CHECK(resumed({.master = true, .lifted = true, .until = until}, Time{0}).first ==
        "say 254; master: it was master before it was renewed");
  CHECK(resumed({.yielded = true, .until = until}, Time{0}) == std::pair{std::string{}, true});
}

}  // namespace machine_test
