#include "sync/mirror.hpp"

#include <doctest/doctest.h>

namespace mirror_test {

using namespace ipvs;
using namespace ipvs::sync;
using namespace std::chrono_literals;

namespace {

Entry connection(std::uint16_t client, std::uint16_t state = 1) {
  return {.state = state,
          .client = {*Address::parse("10.0.0.7"), {client}},
          .virtual_endpoint = *Endpoint::parse("10.0.0.100:80"),
          .destination = *Endpoint::parse("10.0.0.11:80")};
}

}  // namespace

TEST_CASE("a mirror tells what is new, what has changed and what came too late") {
  Mirror mirror;
  CHECK(mirror.hear(connection(1), 0s) == Mirror::News::fresh);
  CHECK(mirror.hear(connection(1), 1s) == Mirror::News::renewed);
  CHECK(mirror.hear(connection(1, 4), 2s) == Mirror::News::changed);
  CHECK(mirror.hear(connection(1, 1), 3s) == Mirror::News::late);
  CHECK(mirror.size() == 1);
  CHECK(mirror.find(identity(connection(1)), 3s)->since == 0s);
}

TEST_CASE("an entry lives for its timeout, or for that of its state") {
  Mirror mirror;
  Entry told = connection(1);
  told.timeout = 100;
  mirror.hear(told, 0s);
  mirror.hear(connection(2), 0s);     // established: 900 s
  mirror.hear(connection(3, 6), 0s);  // CLOSE: 10 s
  CHECK(mirror.find(identity(told), 99s) != nullptr);
  CHECK(mirror.find(identity(told), 100s) == nullptr);
  CHECK(mirror.find(identity(connection(3)), 10s) == nullptr);
  CHECK(mirror.age(100s, mirror.buckets()) == 2);
  CHECK(mirror.size() == 1);
  CHECK(mirror.hear(told, 101s) == Mirror::News::fresh);
}

TEST_CASE("ageing goes round the whole table in small steps") {
  Mirror mirror;
  for (std::uint16_t i = 0; i < 1000; ++i) mirror.hear(connection(i, 6), 0s);
  std::size_t gone = 0;
  for (std::size_t step = 0; step <= mirror.buckets() / 10; ++step) gone += mirror.age(11s, 10);
  CHECK(gone == 1000);
  CHECK(mirror.size() == 0);
}

TEST_CASE("a template and a connection of one client are two entries") {
  Mirror mirror;
  Entry persistent = connection(0);
  mirror.hear(persistent, 0s);
  persistent.flags = flag::persistence;
  CHECK(mirror.hear(persistent, 0s) == Mirror::News::fresh);
}

TEST_CASE("no two mirrors find connections by the same numbers") {
  const Identity one = identity(connection(1));
  const IdentityHash here, there;
  CHECK(here(one) == here(one));
  CHECK(here(one) != there(one));
}

}  // namespace mirror_test
