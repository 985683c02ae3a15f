#include "core/saved.hpp"

#include <doctest/doctest.h>

#include "transcript.hpp"

namespace saved_test {

using namespace keepalive;
using namespace keepalive::core;

TEST_CASE("what is saved reads back: owned services, states, overlays with deadlines in the world's time") {
  const Restored all = saved::read(
      "table here\nowned TCP 10.0.0.100:80\nowned UDP [fd00::1]:53\nowned SCTP 10.0.0.1:0\nowned FWM 7\nowned FWM 8 "
      "IPv6\n"
      "state web/a down\nstate web/b up\nstate web/c unknown\nstate web/a up\n"
      "overlay web/a drain 0 1700000005000000\noverlay web/b weight 9 0\noverlay web/c drain 0 0 gone\n"
      "overlay web/d disable 0 0\noverlay web/d none\n",
      s(1'700'000'000), "here");
  CHECK(all.owned ==
        std::set<ipvs::ServiceKey>{tcp("10.0.0.100:80"),
                                   ipvs::VipKey{ipvs::Protocol::udp, ipvs::Endpoint::parse("[fd00::1]:53").value()},
                                   ipvs::VipKey{ipvs::Protocol::sctp, ipvs::Endpoint::parse("10.0.0.1:0").value()},
                                   ipvs::FwmarkKey{{7}}, ipvs::FwmarkKey{{8}, ipvs::Family::ipv6}});
  CHECK(all.states ==
        std::map<std::string, State>{{"web/a", State::up}, {"web/b", State::up}, {"web/c", State::unknown}});
  CHECK(all.overlays == std::map<std::string, Overlay>{{"web/a", {.deadline = s(5)}},
                                                       {"web/b", {.kind = Overlay::Kind::weight, .weight = 9}},
                                                       {"web/c", {.gone = true}}});
}

TEST_CASE("lines that mean nothing are skipped") {
  const Restored all = saved::read(
      "\n\nx\nowned\nowned TCP\nowned TCP x\nowned FWM 0\nowned FWM -1\nowned FWM 4294967296\nstate a\nstate a "
      "sideways\n"
      "overlay a\noverlay a drain\noverlay a drain x 0\noverlay a weight -1 0\noverlay a weight 2147483648 0\n\xff\n"
      "table\ntable a b\n",
      s(0), "");
  CHECK(all.owned.empty());
  CHECK(all.states.empty());
  CHECK(all.overlays.empty());
}

TEST_CASE("an engine's lines are those that read back") {
  const Time boot = s(1'700'000'000);
  Scene scene;
  scene.load(
      "[check c]\ntype = tcp\n[pool p]\ncheck = c\nserver = 10.0.0.1:80 name=a\nserver = 10.0.0.2:80\n"
      "[virtual_server s]\naddress = 10.0.0.100:80\npool = p\n[virtual_server f]\nfwmark = 7\npool = p\n");
  scene.turn(0, 0, State::down, s(1));
  scene.step(Operate{"p", "10.0.0.2:80", Overlay{.deadline = s(9)}}, s(2));
  CHECK(saved::everything(scene.engine, boot, "here") ==
        "table here\nowned TCP 10.0.0.100:80\nowned FWM 7\nstate p/a down\noverlay p/10.0.0.2:80 drain 0 "
        "1700000009000000\n");
  CHECK(saved::server(scene.engine, {0, 0}, boot) == "state p/a down\noverlay p/a none\n");
  const Restored all = saved::read(saved::everything(scene.engine, boot, "here"), boot, "here");
  CHECK(all.owned == scene.engine.owned());
  CHECK(all.overlays == std::map<std::string, Overlay>{{"p/10.0.0.2:80", Overlay{.deadline = s(9)}}});
  CHECK(all.states == std::map<std::string, State>{{"p/a", State::down}});
}

TEST_CASE("services of the table of another boot or network namespace are nobody's; states and overlays count on") {
  for (const char* text : {"table there\nowned FWM 7\nstate p/a down\n", "owned FWM 7\nstate p/a down\n"}) {
    const Restored all = saved::read(text, s(0), "here");
    CHECK(all.owned.empty());
    CHECK(all.states.size() == 1);
  }
}

TEST_CASE("the weight that a check gave is kept, for as long as a check gives one") {
  const std::string servers_of =
      "[pool p]\ncheck = c\nserver = 10.0.0.1:80 name=a weight=5\n"
      "[virtual_server s]\naddress = 10.0.0.100:80\npool = p\n";
  Scene scene;
  scene.load("[check c]\ntype = file\npath = /w\n" + servers_of);
  scene.step(Heard{0, Transition{scene.target(0, 0), State::up, {.good = true, .weight = 17}}}, s(1));
  CHECK(saved::server(scene.engine, {0, 0}, s(0)) == "state p/a up\nweight p/a 17\noverlay p/a none\n");
  const Restored kept = saved::read(saved::everything(scene.engine, s(0), "here"), s(0), "here");
  CHECK(kept.weights == std::map<std::string, std::int32_t>{{"p/a", 17}});
  CHECK(saved::read("weight p/a -1\nweight p/a x\nweight p/a 2147483648\n", s(0), "here").weights.empty());

  Scene again;
  again.step(kept, s(2));
  again.load("[check c]\ntype = file\npath = /w\n" + servers_of);
  CHECK(servers(again.engine.wanted(), tcp("10.0.0.100:80")) == "10.0.0.1:80=17");
  Scene other;
  other.step(kept, s(2));
  other.load("[check c]\ntype = tcp\n" + servers_of);
  CHECK(servers(other.engine.wanted(), tcp("10.0.0.100:80")) == "10.0.0.1:80=5");
}

TEST_CASE("what a virtual router tracks is known again after a restart") {
  const std::string tracked =
      "[check c]\ntype = script\ncommand = /c\n[vrrp v]\ninterface = eth0\nid = 1\npriority = 100\n"
      "addresses = 10.0.0.100/24\ntrack = script c\n";
  Scene scene;
  scene.load(tracked);
  scene.turn(0, 0, State::down, s(1));
  Scene again;
  again.step(saved::read(saved::everything(scene.engine, s(0), "here"), s(0), "here"), s(2));
  again.load(tracked);
  CHECK(again.engine.pools().server(0, 0).state == State::down);
}

TEST_CASE("a server that waits for undrain waits on after a restart") {
  const auto text = [](const std::string& readmit) {
    return "[check c]\ntype = tcp\n[pool p]\ncheck = c\nserver = 10.0.0.1:80 name=a weight=5\nserver = 10.0.0.2:80\n" +
           readmit + "[virtual_server s]\naddress = 10.0.0.100:80\npool = p\n";
  };
  const std::string waits = "readmit = quiescent\n";
  Scene scene;
  scene.load(text(waits));
  scene.turn(0, 0, State::down, s(1));
  scene.turn(0, 0, State::up, s(2));
  CHECK(saved::server(scene.engine, {0, 0}, s(0)) == "state p/a up\noverlay p/a none\nquiescent p/a yes\n");
  const std::string all = saved::everything(scene.engine, s(0), "here");
  CHECK(saved::read(all, s(0), "here").quiescent == std::set<std::string>{"p/a"});
  for (const auto& [readmit, weight] : {std::pair{waits, 0}, std::pair{std::string{}, 5}}) {
    Scene again;
    again.step(saved::read(all, s(0), "here"), s(3));
    again.load(text(readmit));
    CHECK(servers(again.engine.wanted(), tcp("10.0.0.100:80")) == fmt::format("10.0.0.1:80={} 10.0.0.2:80=1", weight));
  }
  scene.step(Operate{"p", "a", std::nullopt}, s(4));  // undrain
  const std::string later = all + saved::server(scene.engine, {0, 0}, s(0));
  CHECK(saved::read(later, s(0), "here").quiescent.empty());
}

}  // namespace saved_test
