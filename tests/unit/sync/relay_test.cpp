#include "sync/relay.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <functional>
#include <numeric>
#include <random>

namespace relay_test {

using namespace ipvs::sync;
using namespace std::chrono_literals;

namespace {

/// Two ends and the network between them; a packet may be lost, and takes `delay`.
struct Pair {
  struct Flight {
    int to = 0;
    std::string packet = "";
  };

  RelayEnd ends[2] = {RelayEnd{{"secret"}, 71, 101}, RelayEnd{{"secret"}, 72, 102}};
  std::vector<std::string> delivered[2] = {};
  std::multimap<Micros, Flight> wire = {};
  std::vector<std::string> recorded = {};  // to end 1
  Micros now{1'000'000};
  Micros delay{20'000};
  std::function<bool(int to)> loses = [](int) { return false; };

  void take(int from, const RelayEnd::Output& output) {
    for (const std::string& packet : output.packets) {
      if (from == 0) recorded.push_back(packet);
      if (!loses(1 - from)) wire.emplace(now + delay, Flight{1 - from, packet});
    }
    for (const std::string& datagram : output.datagrams) delivered[from].push_back(datagram);
  }
  void send(const std::string& datagram) { take(0, ends[0].send(datagram, now)); }
  void step() {
    for (const int end : {0, 1})
      if (ends[end].due() <= now) take(end, ends[end].tick(now));
    while (!wire.empty() && wire.begin()->first <= now) {
      const Flight flight = wire.begin()->second;
      wire.erase(wire.begin());
      take(flight.to, ends[flight.to].hear(flight.packet, now));
    }
  }
  void run(Micros time) {
    for (const Micros end = now + time; now < end; now += 1ms) step();
  }
  void meet() {
    run(1s);
    REQUIRE((ends[0].up(now) && ends[1].up(now)));
  }
  std::uint64_t dropped(Drop reason) const { return ends[1].counts().dropped[static_cast<std::size_t>(reason)]; }
};

std::vector<std::string> numbers(int count) {
  std::vector<std::string> all;
  for (int i = 0; i < count; ++i) all.push_back("datagram " + std::to_string(i));
  return all;
}

}  // namespace

TEST_CASE_FIXTURE(Pair, "two ends meet, and what one sends the other delivers, in order") {
  send("too early");
  meet();
  for (const std::string& one : numbers(100)) send(one);
  run(100ms);
  CHECK(delivered[1] == numbers(100));
  CHECK(delivered[0].empty());
  CHECK(ends[0].counts().unsent == 1);
  CHECK(ends[0].counts().sent == 100);
  CHECK(ends[1].round_trip() >= 40ms);
  CHECK(ends[1].round_trip() <= 43ms);
  CHECK(ends[1].lag() >= 19ms);
  CHECK(ends[1].lag() <= 22ms);
}

TEST_CASE_FIXTURE(Pair, "what is lost is asked for again: 10 % of loss, nothing missing, in order") {
  std::mt19937 random{7};
  meet();
  loses = [&](int) { return random() % 10 == 0; };
  for (const std::string& one : numbers(3000)) {
    send(one);
    now += 1ms;
    step();
  }
  loses = [](int) { return false; };
  run(2s);
  CHECK(delivered[1] == numbers(3000));
  CHECK(ends[1].counts().missed > 200);
  CHECK(ends[1].counts().lost == 0);
  CHECK(ends[0].counts().resent >= ends[1].counts().missed);
}

TEST_CASE_FIXTURE(Pair, "the last datagram before a pause is not forgotten") {
  meet();
  loses = [](int) { return true; };
  send("last");
  loses = [](int) { return false; };
  run(300ms);
  CHECK(delivered[1] == std::vector<std::string>{"last"});
}

TEST_CASE_FIXTURE(Pair, "what cannot be had is given up after a while, and counted") {
  meet();
  const auto sent = ends[0].send("gone", now);
  send("next");
  loses = [&](int to) { return to == 0; };  // nobody hears the asking
  run(RelayEnd::patience + 100ms);
  CHECK(delivered[1] == std::vector<std::string>{"next"});
  CHECK(ends[1].counts().lost == 1);
}

TEST_CASE_FIXTURE(Pair, "an end that stood still asks before it gives up") {
  meet();
  const auto first = ends[0].send("first", now);
  send("second");
  run(delay + 1ms);  // the gap is seen, and not asked for yet
  now += 10 * RelayEnd::patience;
  run(500ms);
  CHECK(delivered[1] == std::vector<std::string>{"first", "second"});
  CHECK(ends[1].counts().lost == 0);
}

TEST_CASE_FIXTURE(Pair, "reordered packets are put in order") {
  meet();
  const auto first = ends[0].send("first", now);
  const auto second = ends[0].send("second", now);
  take(1, ends[1].hear(second.packets[0], now));
  CHECK(delivered[1].empty());
  take(1, ends[1].hear(first.packets[0], now));
  CHECK(delivered[1] == std::vector<std::string>{"first", "second"});
  CHECK(ends[1].counts().reordered == 1);
}

TEST_CASE_FIXTURE(Pair, "forged, replayed, cut and foreign packets reach nobody and are counted by reason") {
  meet();
  send("one");
  run(100ms);
  const std::string good =
      recorded[recorded.size() - 2].size() > recorded.back().size() ? recorded[recorded.size() - 2] : recorded.back();
  const auto before = delivered[1];
  for (const std::string& packet : std::vector<std::string>(recorded)) take(1, ends[1].hear(packet, now));
  CHECK(dropped(Drop::replayed) >= 1);
  for (std::size_t i = 0; i < good.size(); ++i) {
    std::string forged = good;
    forged[i] = static_cast<char>(forged[i] ^ 1);
    take(1, ends[1].hear(forged, now));
    take(1, ends[1].hear(std::string_view{good}.substr(0, i), now));
  }
  CHECK(dropped(Drop::forged) > 16);
  CHECK(dropped(Drop::too_short) == 28);
  CHECK(dropped(Drop::malformed) == 8);
  CHECK(dropped(Drop::key) >= 4);
  CHECK(delivered[1] == before);
  send("two");
  run(100ms);
  CHECK(delivered[1] == std::vector<std::string>{"one", "two"});
}

TEST_CASE_FIXTURE(Pair, "a recording is worth nothing to an end that has started anew") {
  meet();
  for (const std::string& one : numbers(10)) send(one);
  run(100ms);
  ends[1] = RelayEnd{{"secret"}, 73, 103};
  delivered[1].clear();
  for (const std::string& packet : std::vector<std::string>(recorded)) take(1, ends[1].hear(packet, now));
  CHECK(delivered[1].empty());
  run(2s);
  send("fresh");
  run(100ms);
  CHECK(delivered[1] == std::vector<std::string>{"fresh"});
}

TEST_CASE_FIXTURE(Pair, "the hellos of a peer's earlier life do not bring it back") {
  meet();
  const auto old = recorded;
  ends[0] = RelayEnd{{"secret"}, 74, 104};
  run(2s);
  for (const std::string& packet : old) take(1, ends[1].hear(packet, now));
  send("still heard");
  run(100ms);
  CHECK(delivered[1] == std::vector<std::string>{"still heard"});
}

TEST_CASE_FIXTURE(Pair, "keys change on one end after the other without a loss") {
  meet();
  int next = 0;
  const auto talk = [&] {
    for (int i = 0; i < 50; ++i, ++next) {
      send("datagram " + std::to_string(next));
      now += 1ms;
      step();
    }
  };
  const std::vector<std::vector<std::string>> steps{{"secret", "new"}, {"new", "secret"}, {"new"}};
  for (const auto& secrets : steps) {
    for (const int end : {0, 1}) {
      ends[end].use(secrets);
      talk();
      run(100ms);
    }
  }
  CHECK(delivered[1] == numbers(300));
  CHECK(ends[1].counts().missed == 0);
}

TEST_CASE_FIXTURE(Pair, "after a long silence of the network the two go on from where the sender is") {
  meet();
  loses = [](int) { return true; };
  for (const std::string& one : numbers(10000)) send(one);
  loses = [](int) { return false; };
  run(2s);
  delivered[1].clear();
  send("now");
  run(1s);
  CHECK(delivered[1] == std::vector<std::string>{"now"});
  CHECK(ends[1].counts().lost > 5000);
}

TEST_CASE_FIXTURE(Pair, "a peer that falls silent is no longer up") {
  meet();
  loses = [](int) { return true; };
  run(RelayEnd::silence + 10ms);
  CHECK_FALSE(ends[0].up(now));
}

TEST_CASE_FIXTURE(Pair, "a recording that is played again and again does not pass for a peer that lives") {
  meet();
  send("one");
  run(100ms);
  const auto data = std::find_if(recorded.begin(), recorded.end(), [](const std::string& one) { return one[4] == 2; });
  REQUIRE(data != recorded.end());
  for (const Micros end = now + 2 * RelayEnd::silence; now < end; now += 100ms)
    for (const std::string& one : recorded) ends[1].hear(one, now);
  CHECK_FALSE(ends[1].up(now));
}

TEST_CASE_FIXTURE(Pair, "of 100,000 forged, replayed and cut packets each none is delivered and all are counted") {
  meet();
  for (const std::string& one : numbers(200)) send(one);
  run(2s);
  const std::vector<std::string> known = recorded;
  const auto before = delivered[1];
  const auto all = [&] {
    const auto& counts = ends[1].counts().dropped;
    return std::accumulate(counts.begin(), counts.end(), std::uint64_t{0});
  };
  std::mt19937 random{7};
  const auto any = [&](std::size_t less) { return random() % less; };
  const std::function<std::string(std::string)> hostile[] = {
      [&](std::string packet) {
        packet[any(packet.size())] ^= static_cast<char>(1U << any(8));
        return packet;
      },
      [&](std::string packet) { return packet; },
      [&](std::string packet) { return packet.substr(0, any(packet.size())); }};
  for (const auto& changed : hostile) {
    const std::uint64_t was = all();
    for (int i = 0; i < 100'000; ++i) take(1, ends[1].hear(changed(known[any(known.size())]), now));
    CHECK(all() - was == 100'000);
    CHECK(delivered[1] == before);
  }
  send("still heard");
  run(100ms);
  CHECK(delivered[1].back() == "still heard");
}

TEST_CASE_FIXTURE(Pair, "100,000 packets in disorder are delivered in order, once each, and counted") {
  meet();
  std::mt19937 random{7};
  const auto datagrams = numbers(100'000);
  std::uint64_t overtaken = 0;
  for (std::size_t i = 0; i < datagrams.size(); i += 50) {
    std::vector<std::pair<std::size_t, std::string>> packets;
    for (std::size_t j = i; j < i + 50; ++j) packets.emplace_back(j, ends[0].send(datagrams[j], now).packets.at(0));
    std::shuffle(packets.begin(), packets.end(), random);
    std::size_t last = 0;
    for (const auto& [number, packet] : packets) {
      overtaken += number < last ? 1 : 0;
      last = std::max(last, number);
      take(1, ends[1].hear(packet, now));
    }
  }
  CHECK(delivered[1] == datagrams);
  CHECK(ends[1].counts().reordered == overtaken);
  CHECK(ends[1].counts().lost == 0);
}

TEST_CASE_FIXTURE(Pair, "hellos played again do not keep a peer up") {
  meet();
  const auto old = recorded;
  loses = [](int) { return true; };
  for (Micros waited{0}; waited < RelayEnd::silence + 100ms; waited += 100ms) {
    run(100ms);
    for (const std::string& packet : old) take(1, ends[1].hear(packet, now));
  }
  CHECK_FALSE(ends[1].up(now));
}

}  // namespace relay_test
