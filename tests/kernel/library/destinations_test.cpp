#include <algorithm>
#include <cerrno>

#include "fixture.hpp"

using namespace ipvs;
using namespace ipvs::test;

namespace {

const Destination destinations_of_every_kind[] = {
    {.endpoint = endpoint("127.0.0.1:80")},
    {.endpoint = endpoint("127.0.0.2:0"), .forwarding = Forwarding::masquerade},
    {.endpoint = endpoint("127.0.0.3:80"), .forwarding = Forwarding::local, .weight = 0},
    {.endpoint = endpoint("127.0.0.4:80"), .forwarding = Forwarding::bypass, .weight = 65535},
    {.endpoint = endpoint("127.0.0.5:80"), .weight = 65536},
    {.endpoint = endpoint("127.0.0.6:80"), .weight = 2147483647},
    {.endpoint = endpoint("127.0.0.7:80"), .thresholds = {.upper = 2147483647, .lower = 2147483646}},
    {.endpoint = endpoint("127.0.0.8:80"), .forwarding = Forwarding::tunnel},
    {.endpoint = endpoint("127.0.0.9:80"),
     .forwarding = Forwarding::tunnel,
     .tunnel = {TunnelType::gue, {6080}, {TunnelFlag::remcsum}}},
    {.endpoint = endpoint("127.0.0.10:80"),
     .forwarding = Forwarding::tunnel,
     .tunnel = {TunnelType::gue, {1}, {TunnelFlag::csum, TunnelFlag::remcsum}}},
    {.endpoint = endpoint("127.0.0.11:80"),
     .forwarding = Forwarding::tunnel,
     .tunnel = {TunnelType::gre, {}, {TunnelFlag::csum}}},
    {.endpoint = endpoint("[::1]:80"), .forwarding = Forwarding::tunnel},  // of the other family
};

struct Web : Lab {
  ServiceKey key = tcp("192.0.2.1:80");
  Web() { good(client.add_service({.key = key})); }
};

}  // namespace

TEST_CASE_FIXTURE(Web, "a destination of every kind comes back from the kernel as it was asked for") {
  for (const Destination& destination : destinations_of_every_kind) {
    CAPTURE(destination);
    good(client.add_destination(key, destination));
  }
  const auto listed = good(client.destinations(key));
  CHECK(listed.size() == std::size(destinations_of_every_kind));
  for (const Destination& destination : destinations_of_every_kind) {
    CAPTURE(destination);
    CHECK(std::ranges::count(listed, destination, &DestinationEntry::destination) == 1);
  }
}

TEST_CASE_FIXTURE(Lab, "destinations of a mark and of an IPv6 service") {
  for (const ServiceKey& key : {ServiceKey{FwmarkKey{{7}, Family::ipv6}}, udp("[2001:db8::1]:53")}) {
    const Destination destination{.endpoint = endpoint("[::1]:53"), .forwarding = Forwarding::masquerade};
    good(client.add_service({.key = key}));
    good(client.add_destination(key, destination));
    CHECK(good(client.destinations(key)) == std::vector{DestinationEntry{destination}});
  }
}

TEST_CASE_FIXTURE(Web, "an edit replaces every property") {
  const Destination tunnel{.endpoint = endpoint("127.0.0.1:80"),
                           .forwarding = Forwarding::tunnel,
                           .weight = 9,
                           .thresholds = {.upper = 10, .lower = 5},
                           .tunnel = {TunnelType::gue, {6080}, {TunnelFlag::csum}}};
  good(client.add_destination(key, tunnel));
  const Destination plain{.endpoint = tunnel.endpoint};
  good(client.edit_destination(key, plain));
  CHECK(good(client.destinations(key)) == std::vector{DestinationEntry{plain}});
}

TEST_CASE_FIXTURE(Web, "refusals of destinations keep the kernel's errno") {
  const Destination destination{.endpoint = endpoint("127.0.0.1:80")};
  const auto with = [&](auto change) {
    Destination changed = destination;
    change(changed);
    return changed;
  };
  good(client.add_destination(key, destination));
  CHECK(client.add_destination(key, destination).error() ==
        Error{EEXIST, Operation::add_destination, "127.0.0.1:80 of TCP 192.0.2.1:80"});
  CHECK(code(client.edit_destination(key, with([](auto& d) { d.weight = -1; }))) == ERANGE);
  CHECK(code(client.edit_destination(key, with([](auto& d) { d.thresholds = {1, 2}; }))) == ERANGE);
  CHECK(code(client.edit_destination(key, with([](auto& d) { d.endpoint.port = {81}; }))) == ENOENT);
  CHECK(code(client.add_destination(key, with([](auto& d) { d.endpoint = endpoint("224.0.0.1:80"); }))) == EINVAL);
  CHECK(code(client.add_destination(key, with([](auto& d) { d.endpoint = endpoint("[::1]:80"); }))) == EINVAL);
  CHECK(client.remove_destination(key, endpoint("127.0.0.9:80")).error() ==
        Error{ENOENT, Operation::remove_destination, "127.0.0.9:80 of TCP 192.0.2.1:80"});
  CHECK(code(client.add_destination(FwmarkKey{{9}}, destination)) == ESRCH);
  CHECK(code(client.edit_destination(FwmarkKey{{9}}, destination)) == ESRCH);
  CHECK(code(client.remove_destination(FwmarkKey{{9}}, destination.endpoint)) == ESRCH);
}

TEST_CASE_FIXTURE(Web, "a destination leaves alone, or with its service") {
  good(client.add_destination(key, {.endpoint = endpoint("127.0.0.1:80")}));
  good(client.add_destination(key, {.endpoint = endpoint("127.0.0.2:80")}));
  good(client.remove_destination(key, endpoint("127.0.0.1:80")));
  CHECK(good(client.destinations(key)).size() == 1);
  good(client.remove_service(key));
  CHECK(good(client.destinations(key)).empty());
}

TEST_CASE_FIXTURE(Web, "more destinations than one message of the kernel holds are read whole") {
  std::vector<Change> changes;
  for (std::uint16_t port = 1; port <= 1000; ++port) {
    changes.push_back(AddDestination{key, {.endpoint = {endpoint("127.0.0.1:0").address, {port}}}});
  }
  CHECK(good(client.apply(changes)).empty());
  CHECK(good(client.destinations(key)).size() == 1000);
  CHECK(good(client.table()).at(key).destinations.size() == 1000);
}
