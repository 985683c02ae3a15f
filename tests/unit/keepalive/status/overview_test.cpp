#include "core/overview.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "scene.hpp"

namespace keepalive::core {
namespace {

bool shows(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

}  // namespace

TEST_CASE("overview: before the first configuration there is nothing but the daemon itself") {
  const Engine engine;
  CHECK(overview(engine, {.version = "1.2.3", .path = "/x.conf", .fault = "x.conf:1: bad"}, {}, Time{0}) == joined(R"(
    {"router_id":"","version":"1.2.3","time":"1970-01-01T00:00:00.000000Z","generation":0,"sequence":0,
    "config":{"path":"/x.conf","loaded":null,"fault":"x.conf:1: bad","last_good":false,"pending":null}})") + "\n");
}

TEST_CASE("overview: servers as arrays, alerts that are open, who has seen them, what waits to be confirmed") {
  Given given{two_servers};
  given.turn("web/10.0.0.11:80", State::up, "HTTP status 200", seconds(1));
  given.turn("web/b", State::down, "HTTP status 500", seconds(2));
  given.operate("web", "10.0.0.11:80", Overlay{.kind = Overlay::Kind::drain}, seconds(3));
  given.counts = counted("10.0.0.11:80", 3, 2);
  given.circumstances.pending = Pending{.version = 7, .back_to = 5, .until = seconds(1'700'000'060)};
  std::uint64_t down = 0;
  for (const Journal& entry : given.engine.journal())
    if (entry.kind == "SERVER_DOWN") down = entry.sequence;
  given.engine.step(Acknowledge{.sequence = down, .by = "anna"}, seconds(4));
  const std::string text = overview(given.engine, given.circumstances, given.counts, seconds(5));
  CAPTURE(text);
  CHECK(shows(text, R"("last_good":false,"pending":{"version":7,"before":5,"until":"2023-11-14T22:14:20.000000Z"}})"));
  CHECK(shows(text, joined(R"(
    "services":[{"name":"site","keys":["TCP 10.0.0.100:80"],"scheduler":"wlc","forward":"dr","pool":"web",
    "state":"sorry","active":3,"inactive":2,"rates":[0,0,0,0,0]}],
    "pools":[{"name":"web","quorum":60,"weight_up":0,"state":"sorry","servers":[
    ["10.0.0.11:80","up",1700000001,0,"drain",3,2,400],["b","down",1700000002,null,null,0,0,400]],
    "sorry":["10.0.0.99:80",true]}],"vrrp":[],"heartbeats":[],"witnesses":[],"sync":null,"alerts":[)")));
  CHECK(shows(text, fmt::format(R"({{"sequence":{},"time":"2023-11-14T22:13:22.000000Z","kind":"SERVER_DOWN",)"
                                R"("object":"web/b","text":"server web/b is down",)",
                                down)));
  CHECK(shows(text, R"("acknowledged":{"by":"anna","at":"2023-11-14T22:13:24.000000Z"}})"));
  CHECK(shows(text, R"("kind":"QUORUM_LOST","object":"web")"));
  CHECK(shows(text, R"("acknowledged":null})"));
  CHECK(given.engine.journal().back().kind == "ALERT_ACKNOWLEDGED");
  CHECK(given.engine.journal().back().text == fmt::format("anna has seen alert {}: server web/b is down", down));
}

TEST_CASE("overview: of chosen pools these alone, their services, and the rates of all that were counted") {
  Given given{two_servers +
              "[pool mail]\nserver = 10.0.0.50:25\n[virtual_server mail]\naddress = 10.0.0.100:25\npool = mail\n"};
  given.counts = counted("10.0.0.11:80", 3, 2);
  const Scope none{.pools = std::set<std::string, std::less<>>{}, .rates = true};
  const Scope web{.pools = std::set<std::string, std::less<>>{"web", "unknown"}};
  CHECK(keys_of(given.engine.config(), none.pools).empty());
  CHECK(keys_of(given.engine.config(), web.pools).size() == 1);
  CHECK(keys_of(given.engine.config(), std::nullopt).size() == 2);
  const std::string small = overview(given.engine, given.circumstances, given.counts, seconds(5), none);
  CAPTURE(small);
  CHECK(shows(small, R"("services":[],"rates":[["site",0,0,0,0,0]],"pools":[],"vrrp":[])"));
  const std::string text = overview(given.engine, given.circumstances, given.counts, seconds(5), web);
  CAPTURE(text);
  CHECK(shows(text, R"("services":[{"name":"site",)"));
  CHECK(shows(text, R"("pools":[{"name":"web",)"));
  CHECK_FALSE(shows(text, R"("name":"mail")"));
  CHECK_FALSE(shows(text, "\"rates\":[["));
  CHECK_FALSE(shows(overview(given.engine, given.circumstances, given.counts, seconds(5)), R"("rates":[[)"));
}

/// Members of arrays in a fixed order, named nowhere: 60 bytes a server. A busy cluster is larger by its numbers' digits.
TEST_CASE("overview: 1,000 services with 20 servers each take 1.2 MB, before anything makes them small") {
  std::string text = "[global]\nrouter_id = lvs1\n";
  for (int i = 0; i < 1000; ++i) {
    text += fmt::format("[pool p{}]\n", i);
    for (int s = 0; s < 20; ++s) text += fmt::format("server = 10.{}.{}.{}:80\n", 1 + i / 250, i % 250, s + 1);
    text += fmt::format("[virtual_server s{0}]\naddress = 10.0.{1}.{2}:80\npool = p{0}\n", i, i / 250, 1 + i % 250);
  }
  Given given{text};
  CHECK(overview(given.engine, given.circumstances, {}, seconds(5)).size() < 1'250'000);
}

}  // namespace keepalive::core
