#include <cerrno>
#include <ostream>

#include "fixture.hpp"

using namespace ipvs;
using namespace ipvs::test;

namespace {

Destination server(std::uint8_t host, std::int32_t weight = 1) {
  return {.endpoint = {Address{std::array<std::uint8_t, 4>{127, 0, 0, host}}, {80}}, .weight = weight};
}

Table table_of(std::uint32_t services, std::uint8_t destinations) {
  Table table;
  for (std::uint32_t mark = 1; mark <= services; ++mark) {
    TableService& under = table[FwmarkKey{{mark}}];
    under.service.key = FwmarkKey{{mark}};
    for (std::uint8_t host = 1; host <= destinations; ++host) {
      under.destinations.insert(server(host));
    }
  }
  return table;
}

}  // namespace

TEST_CASE_FIXTURE(Lab, "no changes, no refusals") { CHECK(good(client.apply({})).empty()); }

TEST_CASE_FIXTURE(Lab, "a refusal in the middle names its index and errno; the rest is carried out in order") {
  const ServiceKey key = tcp("192.0.2.1:80");
  const std::vector<Change> changes{
      AddService{{.key = key, .scheduler = "rr"}},
      AddDestination{key, server(1)},
      AddDestination{key, server(1)},   // 2: there already
      EditDestination{key, server(2)},  // 3: not there
      AddDestination{key, server(2)},
      RemoveDestination{key, server(1).endpoint},
      AddService{{.key = FwmarkKey{{1}}, .scheduler = "?"}},  // 6: no such scheduler
      EditService{{.key = key, .scheduler = "wrr"}},
      RemoveService{FwmarkKey{{1}}},  // 8: was refused above
  };
  CHECK(good(client.apply(changes)) ==
        std::vector<Refusal>{
            {2, {EEXIST, Operation::add_destination, "127.0.0.1:80 of TCP 192.0.2.1:80"}},
            {3, {ENOENT, Operation::edit_destination, "127.0.0.2:80 of TCP 192.0.2.1:80"}},
            {6, {ENOENT, Operation::add_service, "FWM 1"}},
            {8, {ESRCH, Operation::remove_service, "FWM 1"}},
        });
  CHECK(good(client.table()) ==
        applied({}, {AddService{{.key = key, .scheduler = "wrr"}}, AddDestination{key, server(2)}}));
}

TEST_CASE_FIXTURE(Lab, "as many refusals as changes, each in its place") {
  std::vector<Change> changes;
  for (std::uint32_t mark = 1; mark <= 10000; ++mark) changes.push_back(RemoveService{FwmarkKey{{mark}}});
  const auto refusals = good(client.apply(changes));
  REQUIRE(refusals.size() == changes.size());
  for (std::size_t i = 0; i < refusals.size(); ++i) {
    REQUIRE(refusals[i].index == i);
    REQUIRE(refusals[i].error.code == ESRCH);
  }
  CHECK(refusals.back().error.subject == "FWM 10000");
}

TEST_CASE_FIXTURE(Lab, "21,000 changes arrive, and the diff against what the kernel then holds is empty") {
  const Table wanted = table_of(1000, 20);
  CHECK(good(client.apply(diff(wanted, {}, {}))).empty());
  const Table actual = good(client.table());
  CHECK(actual == wanted);
  CHECK(diff(wanted, actual, keys(actual)).empty());
}

TEST_CASE_FIXTURE(Lab, "a diff carried out makes the kernel hold what is wanted, and no more is written than needed") {
  good(client.apply(diff(table_of(5, 3), {}, {})));
  Table wanted = table_of(6, 4);
  wanted.erase(FwmarkKey{{1}});
  wanted[FwmarkKey{{2}}].service.scheduler = "rr";
  wanted[FwmarkKey{{3}}].destinations.find(server(1).endpoint)->weight = 7;
  wanted[FwmarkKey{{4}}].destinations.erase(server(2).endpoint);
  const Table actual = good(client.table());
  const auto changes = diff(wanted, actual, {FwmarkKey{{1}}});
  CHECK(changes.size() == 13);  // 1 service less, 1 edited, 1 more with 4 servers; 1 server less, 1 edited, 4 more
  CHECK(good(client.apply(changes)).empty());
  CHECK(good(client.table()) == wanted);
}
