#include "core/facts.hpp"

#include <doctest/doctest.h>

#include "scene.hpp"

using namespace keepalive;
using namespace keepalive::core;

TEST_CASE("a server's connections are those of all its services; when one could not be read, none are told") {
  const std::string two_services = two_servers + "[virtual_server more]\naddress = 10.0.0.101:80\npool = web\n";
  const Given given{two_services};
  const Count order{.pool = "web", .servers = {"b"}};
  CountTable counts = counted("10.0.0.12:80", 2, 3);
  CHECK(counted(given.engine.config(), order, counts).empty());

  counts[ipvs::VipKey{ipvs::Protocol::tcp, *ipvs::Endpoint::parse("10.0.0.101:80")}];
  const auto told = counted(given.engine.config(), order, counts);
  REQUIRE(told.size() == 1);
  CHECK(told[0].server == "b");
  CHECK(told[0].active == 2);
  CHECK(told[0].inactive == 3);
  CHECK(counted(given.engine.config(), {.pool = "gone", .servers = {"b"}}, counts).empty());
}
