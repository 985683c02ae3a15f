#include "core/sockets.hpp"

#include <doctest/doctest.h>

#include "transcript.hpp"

namespace sockets_test {

using namespace keepalive;
using namespace keepalive::core;

namespace {

using Kind = SocketNeed::Kind;
constexpr auto v4 = ipvs::Family::ipv4;

std::string asked(Scene& scene, std::size_t prober, std::uint32_t target, std::uint32_t count, Time now = s(1)) {
  return scene.step(Heard{prober, WantSockets{.target = target, .run = 7, .count = count}}, now);
}

}  // namespace

TEST_CASE("a probe needs the director for a mark, and for a ping that it may not send itself") {
  struct Row {
    const char* what;
    Check check;
    ipvs::Fwmark path;
    std::optional<SocketNeed> need;
  };
  const std::vector<Row> rows{
      {"no mark", {.type = CheckType::tcp}, {}, std::nullopt},
      {"the check's mark", {.type = CheckType::https, .mark = {5}}, {}, SocketNeed{Kind::stream, v4, {5}}},
      {"a datagram", {.type = CheckType::dns, .mark = {5}}, {}, SocketNeed{Kind::datagram, v4, {5}}},
      {"the path's mark", {.type = CheckType::udp, .via = Via::path}, {9}, SocketNeed{Kind::datagram, v4, {9}}},
      {"no mark was left", {.type = CheckType::tcp, .via = Via::path}, {}, std::nullopt},
      {"a ping", {.type = CheckType::ping}, {}, SocketNeed{Kind::ping, v4, {}}},
      {"a program", {.type = CheckType::script, .mark = {5}}, {}, std::nullopt},
  };
  for (const Row& row : rows) {
    CAPTURE(row.what);
    CHECK(socket_need(row.check, v4, row.path) == row.need);
  }
}

TEST_CASE("a prober is given sockets of its own targets only, as the configuration has them") {
  Scene scene;
  scene.load(
      "[global]\nprobers = 2\npath_marks = 1000-1009\n[check m]\ntype = tcp\nmark = 5\n[check n]\ntype = tcp\n"
      "[check v]\ntype = http\nvia = path\n[pool p]\ncheck = m, n, v\nserver = 10.0.0.1:80\n"
      "[virtual_server s]\naddress = 10.0.0.100:80\nforward = dr\npool = p\n");
  CHECK(asked(scene, 1, 1, 2) == "prober 1: 2 sockets of 1, mark 5\n");
  CHECK(asked(scene, 0, 1, 1) == "");  // the other's
  CHECK(asked(scene, 0, 2, 1) == "");  // needs none
  CHECK(asked(scene, 1, 3, 1) == "prober 1: 1 sockets of 3, mark 1000\n");
  CHECK(asked(scene, 1, 99, 1) == "");  // nobody's
}

TEST_CASE("a prober is not given more sockets than it can use") {
  Allowance allowance;
  CHECK(!allowance.take(0, s(1)));
  CHECK(!allowance.take(most_sockets + 1, s(1)));
  for (std::uint32_t given = 0; given + most_sockets <= Allowance::a_second; given += most_sockets)
    CHECK(allowance.take(most_sockets, s(1)));
  CHECK(!allowance.take(most_sockets, s(1)));
  CHECK(allowance.take(most_sockets, s(2)));
  Scene scene;
  scene.load(
      "[check m]\ntype = tcp\nmark = 5\n[pool p]\ncheck = m\nserver = 10.0.0.1:80\n"
      "[virtual_server s]\naddress = 10.0.0.100:80\npool = p\n");
  CHECK(asked(scene, 0, 1, most_sockets + 1) == "prober 0: cannot probe: too many sockets are asked for\n");
}

}  // namespace sockets_test
