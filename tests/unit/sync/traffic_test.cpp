#include "sync/traffic.hpp"

#include <doctest/doctest.h>

namespace traffic_test {

using namespace ipvs;
using namespace ipvs::sync;
using namespace std::chrono_literals;

namespace {

const Endpoint source = *Endpoint::parse("10.0.0.1:50000");

}  // namespace

TEST_CASE("a sender is counted: datagrams, entries, templates, what came late, what the kernel drops") {
  Traffic traffic;
  Datagram datagram{1, 51, {Entry{}, Entry{.flags = flag::persistence}}};
  traffic.count(source, true, 80, datagram, 1, 1s);
  traffic.count(source, true, 20, Fault::size, 2s);
  const Sender& sender = traffic.senders().at(source);
  CHECK(sender.own);
  CHECK(sender.id == 51);
  CHECK(sender.datagrams == 2);
  CHECK(sender.entries == 2);
  CHECK(sender.templates == 1);
  CHECK(sender.late == 1);
  CHECK(sender.bytes == 100);
  CHECK(sender.largest == 80);
  CHECK(sender.faulty[static_cast<std::size_t>(Fault::size)] == 1);
}

TEST_CASE("a pause longer than the kernel's flush is a gap") {
  Traffic traffic;
  for (const Time at : {Time{1s}, Time{3s}, Time{9s}}) traffic.count(source, false, 8, Datagram{}, 0, at);
  CHECK(traffic.senders().at(source).gaps == 1);
  CHECK(traffic.senders().at(source).longest_gap == 6s);
}

TEST_CASE("senders are not kept without limit") {
  Traffic traffic;
  for (std::uint32_t i = 0; i < Traffic::most_senders + 10; ++i)
    traffic.count({Address::any(Family::ipv4), {static_cast<std::uint16_t>(i)}}, false, 8, Datagram{}, 0, 1s);
  CHECK(traffic.senders().size() == Traffic::most_senders);
  CHECK(traffic.unknown() == 10);
}

}  // namespace traffic_test
