#include "core/status.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>

#include "scene.hpp"

namespace keepalive::core {
namespace {

TEST_CASE("status: before the first configuration there is nothing to tell") {
  const Engine engine;
  CHECK(status(engine,
               {.version = "1.2.3", .instance = "east", .path = "/x.conf", .process = 7, .fault = "x.conf:1: bad"}, {},
               Time{0}) == joined(R"(
    {"router_id":"","instance":"east","version":"1.2.3","process":7,"time":"1970-01-01T00:00:00.000000Z","generation":0,
    "config":{"path":"/x.conf","loaded":null,"fault":"x.conf:1: bad","last_good":false,"pending":null},
    "services":[],"pools":[],"vrrp":[],"heartbeats":[],"witnesses":[],"drift":[],"refusals":[],"alarms":[]})") +
                               "\n");
}

TEST_CASE("status: a server that is up, one that is down and drained, and the sorry server") {
  Given given{two_servers};
  given.turn("web/10.0.0.11:80", State::up, "HTTP status 200", seconds(1));
  given.turn("web/b", State::down, "HTTP status 500, wanted 200-299", seconds(2));
  given.operate("web", "10.0.0.11:80", Overlay{.kind = Overlay::Kind::drain, .deadline = seconds(63)}, seconds(3));
  given.counts = counted("10.0.0.11:80", 3, 2);
  CHECK(status(given.engine, given.circumstances, given.counts, seconds(4)) == joined(R"(
    {"router_id":"lvs1","instance":"","version":"1.2.3","process":7,"time":"2023-11-14T22:13:24.000000Z","generation":1,
    "config":{"path":"/etc/keepalive/keepalive.conf","loaded":"2023-11-14T22:13:20.000000Z","fault":null,"last_good":false,"pending":null},
    "services":[{"name":"site","keys":["TCP 10.0.0.100:80"],"scheduler":"wlc","forward":"dr","pool":"web","state":"sorry",
      "active_connections":3,"inactive_connections":2}],
    "pools":[{"name":"web","quorum":60,"weight_up":0,"state":"sorry","servers":[
      {"pool":"web","name":"10.0.0.11:80","address":"10.0.0.11","port":80,"state":"up","since":"2023-11-14T22:13:21.000000Z",
        "weight":100,"effective_weight":0,
        "overlay":{"kind":"drain","weight":null,"deadline":"2023-11-14T22:14:23.000000Z","gone":false},
        "quiescent":false,"active_connections":3,"inactive_connections":2,"checks":[
          {"name":"web-ok","aspect":"","state":"up","since":"2023-11-14T22:13:21.000000Z","evidence":"HTTP status 200",
          "unable":"","latency_us":400,"last_run":"2023-11-14T22:13:21.000000Z","runs":1,"failures":0,"against":0}]},
      {"pool":"web","name":"b","address":"10.0.0.12","port":80,"state":"down","since":"2023-11-14T22:13:22.000000Z",
        "weight":50,"effective_weight":null,"overlay":null,
        "quiescent":false,"active_connections":0,"inactive_connections":0,"checks":[
          {"name":"web-ok","aspect":"","state":"down","since":"2023-11-14T22:13:22.000000Z","evidence":"HTTP status 500, wanted 200-299",
          "unable":"","latency_us":400,"last_run":"2023-11-14T22:13:22.000000Z","runs":1,"failures":1,"against":0}]}],
      "sorry_server":{"name":"10.0.0.99:80","address":"10.0.0.99","port":80,"serves":true,"weight":1,"effective_weight":1,
        "active_connections":0,"inactive_connections":0}}],
    "vrrp":[],"heartbeats":[],"witnesses":[],"drift":[],"refusals":[],"alarms":[]})") +
                                                                                   "\n");
}

TEST_CASE("status: what is not known yet is unknown, not down") {
  Given given{two_servers};
  CHECK(server_status(given.engine, given.circumstances, {}, {0, 1}) == joined(R"(
      {"pool":"web","name":"b","address":"10.0.0.12","port":80,"state":"unknown","since":"2023-11-14T22:13:20.000000Z",
        "weight":50,"effective_weight":50,"overlay":null,
        "quiescent":false,"active_connections":0,"inactive_connections":0,"checks":[
          {"name":"web-ok","aspect":"","state":"unknown","since":"2023-11-14T22:13:20.000000Z","evidence":"",
          "unable":"","latency_us":0,"last_run":null,"runs":0,"failures":0,"against":0}]})") +
                                                                            "\n");
}

TEST_CASE("who takes the last server's weight away is warned; of what others still do nobody is") {
  Given given{two_servers};
  const std::string name = "10.0.0.11:80";
  const auto warned = [&] { return last_server_warning(given.engine, given.find(name)); };
  CHECK(warned().empty());
  given.operate("web", name, Overlay{.kind = Overlay::Kind::disable}, seconds(1));
  CHECK(warned() == "no server of pool web takes new connections now, but the sorry server does");
  given.load("[pool web]\nserver = 10.0.0.11:80\nserver = 10.0.0.12:80\n", seconds(2));
  CHECK(warned().empty());
  given.operate("web", "10.0.0.12:80", Overlay{.kind = Overlay::Kind::drain}, seconds(3));
  CHECK(warned() == "no server of pool web takes new connections now, and no sorry server does");
  const std::string told = server_status(given.engine, given.circumstances, {}, given.find(name), warned());
  CHECK(
      told.ends_with("],\"warning\":\"no server of pool web takes new connections now, and no sorry server does\"}\n"));
  given.operate("web", name, Overlay{.kind = Overlay::Kind::weight, .weight = 5}, seconds(4));
  CHECK(warned().empty());
}

TEST_CASE("status: refusals, drift and alarms stand at the end") {
  Given given{two_servers + "[global]\ndrift = report\n"};
  const ipvs::ServiceKey key = ipvs::VipKey{ipvs::Protocol::tcp, *ipvs::Endpoint::parse("10.0.0.100:80")};
  const ipvs::ServiceKey other = ipvs::FwmarkKey{ipvs::Fwmark{7}, ipvs::Family::ipv4};
  given.engine.step(
      Reconciled{.keys = {key}, .refusals = {{key, "cannot add service TCP 10.0.0.100:80: no such scheduler"}}},
      seconds(1));
  given.engine.step(
      Reconciled{
          .purpose = Reconcile::Purpose::report, .keys = {other}, .drift = {{other, "remove 10.0.0.11:80 of FWM 7"}}},
      seconds(1));
  given.engine.step(ProberLost{0}, seconds(1));
  const std::string text = status(given.engine, given.circumstances, {}, seconds(1));
  CHECK(text.substr(text.find("\"drift\"")) ==
        R"("drift":["remove 10.0.0.11:80 of FWM 7"],)"
        R"("refusals":["cannot add service TCP 10.0.0.100:80: no such scheduler"],)"
        R"("alarms":["prober 0 is not running"]})"
        "\n");
}

TEST_CASE("status: 20,000 servers are told in a moment, ten times fewer in a tenth of it") {
  const auto text = [](int pools) {
    std::string config = "[check c]\ntype = tcp\n";
    for (int p = 0; p < pools; ++p) {
      config += fmt::format("[pool p{0}]\ncheck = c\n", p);
      for (int s = 0; s < 20; ++s) config += fmt::format("server = 10.{}.{}.{}:80\n", 1 + p / 200, p % 200, s + 1);
      config += fmt::format("[virtual_server v{0}]\naddress = 172.16.{1}.{2}:80\npool = p{0}\n", p, p / 200, p % 200);
    }
    return config;
  };
  // Bytes, not seconds, are compared: the machine may be busy.
  const Given many{text(1000)};
  const Given few{text(100)};
  const std::size_t much = status(many.engine, many.circumstances, {}, seconds(1)).size();
  const std::size_t little = status(few.engine, few.circumstances, {}, seconds(1)).size();
  CHECK(much > 9 * little);
  CHECK(much < 11 * little);
}

}  // namespace
}  // namespace keepalive::core
