#include "ipvs++/table.hpp"

#include <doctest/doctest.h>

#include <ostream>

using Changes = std::vector<ipvs::Change>;

namespace std {
ostream& operator<<(ostream& out, const Changes& changes) {
  for (const ipvs::Change& change : changes) out << "\n  " << change;
  return out;
}
}  // namespace std

namespace table_test {

using namespace ipvs;

namespace {

Endpoint endpoint(const char* text) { return Endpoint::parse(text).value(); }

const ServiceKey web = VipKey{Protocol::tcp, endpoint("192.0.2.1:80")};
const ServiceKey mark = FwmarkKey{{7}};

Destination server(const char* text, std::int32_t weight = 1) { return {.endpoint = endpoint(text), .weight = weight}; }

TableService under(Service service, std::initializer_list<Destination> destinations = {}) {
  return {.service = std::move(service), .destinations = destinations};
}

Table table(std::initializer_list<TableService> services) {
  Table all;
  for (const TableService& each : services) all.emplace(each.service.key, each);
  return all;
}

}  // namespace

TEST_CASE("nothing to do, nothing to change") {
  const Table same = table({under({.key = web}, {server("192.0.2.7:80")}), under({.key = mark})});
  CHECK(diff(same, same, keys(same)) == Changes{});
  CHECK(diff({}, {}, {}) == Changes{});
}

TEST_CASE("destinations stand in the order of their endpoints, each once") {
  Destinations all{server("192.0.2.8:80"), server("192.0.2.7:80"), server("192.0.2.9:80")};
  CHECK(all == Destinations{server("192.0.2.7:80"), server("192.0.2.8:80"), server("192.0.2.9:80")});
  CHECK(!all.insert(server("192.0.2.8:80", 5)));
  CHECK(all.find(endpoint("192.0.2.8:80"))->weight == 1);
  CHECK(all.find(endpoint("192.0.2.8:81")) == nullptr);
  CHECK(!all.erase(endpoint("192.0.2.8:81")));
  CHECK(all.erase(endpoint("192.0.2.8:80")));
  CHECK(all == Destinations{server("192.0.2.7:80"), server("192.0.2.9:80")});
}

TEST_CASE("a new service comes before its destinations") {
  CHECK(diff(table({under({.key = web}, {server("192.0.2.7:80"), server("192.0.2.8:80")})}), {}, {}) ==
        Changes{AddService{{.key = web}}, AddDestination{web, server("192.0.2.7:80")},
                AddDestination{web, server("192.0.2.8:80")}});
}

TEST_CASE("edits come first, then additions, then removals: a service is never without a server in between") {
  const Table actual =
      table({under({.key = web}, {server("192.0.2.7:80"), server("192.0.2.8:80")}), under({.key = mark})});
  const Table wanted =
      table({under({.key = web, .scheduler = "rr"}, {server("192.0.2.8:80", 9), server("192.0.2.9:80")})});
  CHECK(diff(wanted, actual, keys(actual)) ==
        Changes{EditService{{.key = web, .scheduler = "rr"}}, EditDestination{web, server("192.0.2.8:80", 9)},
                AddDestination{web, server("192.0.2.9:80")}, RemoveDestination{web, endpoint("192.0.2.7:80")},
                RemoveService{mark}});
}

TEST_CASE("a service goes with its destinations: they need no removal of their own") {
  const Table actual = table({under({.key = web}, {server("192.0.2.7:80")})});
  CHECK(diff({}, actual, keys(actual)) == Changes{RemoveService{web}});
}

TEST_CASE("foreign services stay") {
  const Table actual = table({under({.key = web}), under({.key = mark})});
  CHECK(diff({}, actual, {web}) == Changes{RemoveService{web}});
  CHECK(diff({}, actual, {}) == Changes{});
}

TEST_CASE("a full mask is none, and names are cut to what the kernel holds") {
  const Table actual = table({under({.key = web, .scheduler = "abcdefghijklmno"})});
  const Table wanted = table({under({.key = web, .scheduler = "abcdefghijklmnopq", .netmask = Netmask{0xffffffff}})});
  CHECK(diff(wanted, actual, {}) == Changes{});
  CHECK(canonical({.key = mark, .netmask = Netmask{128}}).netmask == Netmask{128});
  CHECK(canonical({.key = FwmarkKey{{7}, Family::ipv6}, .netmask = Netmask{128}}).netmask == std::nullopt);
}

TEST_CASE("encapsulation counts in tunnels only") {
  Destination gue = server("192.0.2.7:80");
  gue.tunnel = {TunnelType::gue, {6080}};
  const Table asked = table({under({.key = web}, {server("192.0.2.7:80")})});
  CHECK(diff(asked, table({under({.key = web}, {gue})}), {}) == Changes{});
  Destination plain = server("192.0.2.7:80");
  plain.forwarding = gue.forwarding = Forwarding::tunnel;
  CHECK(diff(table({under({.key = web}, {gue})}), table({under({.key = web}, {plain})}), {}) ==
        Changes{EditDestination{web, gue}});
}

TEST_CASE("destinations of marks and of port 0 are destinations like others") {
  const ServiceKey any = VipKey{Protocol::tcp, endpoint("192.0.2.1:0")};
  const Table wanted =
      table({under({.key = any}, {server("192.0.2.7:0")}), under({.key = mark}, {server("192.0.2.7:0")})});
  CHECK(applied({}, diff(wanted, {}, {})) == wanted);
}

TEST_CASE("applied() skips what the kernel refuses") {
  const Table start = table({under({.key = web}, {server("192.0.2.7:80")})});
  Destination inverted = server("192.0.2.7:80");
  inverted.thresholds = {.upper = 1, .lower = 2};
  CHECK(applied(start, {AddService{{.key = web, .scheduler = "rr"}},                   // EEXIST
                        EditService{{.key = mark}}, RemoveService{mark},               // ESRCH
                        AddDestination{web, server("192.0.2.7:80", 9)},                // EEXIST
                        AddDestination{mark, server("192.0.2.7:80")},                  // ESRCH
                        AddDestination{web, server("192.0.2.8:80", -1)},               // ERANGE
                        EditDestination{web, inverted},                                // ERANGE
                        EditDestination{web, server("192.0.2.9:80")},                  // ENOENT
                        EditDestination{mark, server("192.0.2.9:80")},                 // ESRCH
                        RemoveDestination{web, endpoint("192.0.2.9:80")}}) == start);  // ENOENT
}

}  // namespace table_test
