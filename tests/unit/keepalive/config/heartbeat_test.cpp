#include <doctest/doctest.h>

#include "texts.hpp"

namespace heartbeat_test {

using namespace keepalive;
using namespace keepalive::test;
using vrrp::Heartbeat;
using vrrp::Witness;

namespace {

const std::string key(32, 'k');
const std::string router = "[vrrp v1]\ninterface = eth0\nid = 51\n";
const std::string gateway = "[witness gw]\nping = 10.0.0.254\n";

std::map<std::string, std::string> texts(const std::string& text) {
  return {{"k.conf", text}, {"/key", key + "\n"}, {"/short", "secret\n"}};
}

Config loaded(const std::string& text) {
  const auto config = load_texts(texts(text));
  if (!config) FAIL(text << base::render(config.error()));
  return *config;
}

std::string line(const std::string& lines) { return "[heartbeat x]\n" + lines + "key = file:/key\n"; }

/// The first fault's words.
std::string told(const std::string& text) {
  const auto config = load_texts(texts(text));
  return config ? "" : config.error().front().text;
}

std::string warned(const std::string& text) {
  Diagnostics list;
  [[maybe_unused]] const auto config = load("k.conf", Texts{texts(text)}, {}, &list);
  std::string lines;
  for (const base::Diagnostic& one : list) lines += one.text + "\n";
  return lines;
}

ipvs::Endpoint at(const char* text) { return *ipvs::Endpoint::parse(text); }

}  // namespace

TEST_CASE("a heartbeat is a UDP line or a serial one, with a key") {
  const Config config = loaded(router + line("udp = 192.168.7.1 -> 192.168.7.2:8765 dev eth2\n") +
                               "[heartbeat y]\ntty = /dev/ttyS0 115200\nkey = file:/key\n" +
                               "[heartbeat z]\nudp = fd00::1 -> [fd00::2]:8765\nkey = file:/key\n" + gateway);
  REQUIRE(config.heartbeats.size() == 3);
  CHECK(config.heartbeats[0] == Heartbeat{.name = "x",
                                          .local = at("192.168.7.1:8765"),
                                          .remote = at("192.168.7.2:8765"),
                                          .device = "eth2",
                                          .key = key});
  CHECK(config.heartbeats[1] ==
        Heartbeat{.name = "y", .kind = Heartbeat::Kind::tty, .device = "/dev/ttyS0", .speed = 115200, .key = key});
  CHECK(config.heartbeats[2].remote == at("[fd00::2]:8765"));
}

TEST_CASE("a witness is pinged, or takes connections") {
  const Config config = loaded(router + "ask_witness = yes\n" + gateway + "[witness b]\ntcp = [fd00::1]:22\n");
  CHECK(config.witnesses ==
        std::vector<Witness>{{.name = "gw", .target = {at("10.0.0.254:1").address, {}}},
                             {.name = "b", .kind = Witness::Kind::tcp, .target = at("[fd00::1]:22")}});
  CHECK(config.vrrps.front().router.ask_witness);
}

TEST_CASE("what a heartbeat or a witness cannot be is told") {
  const std::string form = "wants OURS -> THEIRS:PORT, perhaps with dev NAME: 10.1.0.1 -> 10.1.0.2:8765 dev eth2";
  struct Row {
    std::string text;
    std::string fault;
  };
  for (const Row& row : {
           Row{line("udp = 10.1.0.1 10.1.0.2:8765\n"), "udp: " + form},
           Row{line("udp = 10.1.0.1 -> 10.1.0.2\n"), "udp: " + form},
           Row{line("udp = 10.1.0.1 -> 10.1.0.2:1 eth2\n"), "udp: " + form},
           Row{line("udp = 10.1.0.1 -> 10.1.0.1:1\n"),
               "udp: the two addresses are the same: ours stands left of the arrow"},
           Row{line("udp = 10.1.0.1 -> [fd00::1]:1\n"), "udp: the two addresses are of different families"},
           Row{line("udp = 10.1.0.1 -> 224.0.0.1:1\n"), "udp: `224.0.0.1' is no address of one host"},
           Row{line("tty = ttyS0 9600\n"), "tty: wants a device and its speed, such as /dev/ttyS0 115200"},
           Row{line("tty = /dev/ttyS0 9601\n"),
               "tty: `9601' is no speed: 1200, 2400, 4800, 9600, 19200, 38400, 57600, 115200, 230400, 460800, 921600"},
           Row{line(""), "a heartbeat needs `udp' or `tty', not both"},
           Row{line("udp = 10.1.0.1 -> 10.1.0.2:1\ntty = /dev/ttyS0 9600\n"),
               "a heartbeat needs `udp' or `tty', not both"},
           Row{"[heartbeat x]\ntty = /dev/ttyS0 9600\n",
               "a heartbeat needs `key': whoever forged one could have the service taken over"},
           Row{"[heartbeat x]\ntty = /dev/ttyS0 9600\nkey = file:/short\n",
               "the key has 6 bytes, it wants 32 or more: head -c 32 /dev/urandom | base64 > FILE"},
           Row{line("tty = /dev/ttyS0 9600\n") + "[heartbeat y]\ntty = /dev/ttyS0 9600\nkey = file:/key\n",
               "[heartbeat x] has /dev/ttyS0 already"},
           Row{line("tty = /dev/ttyS0 9600\n") + "[vrrp v2]\ninterface = eth1\nid = 51\n",
               "[vrrp v1] has id 51, too: with a heartbeat ids differ even on different interfaces"},
           Row{"[witness w]\n", "a witness needs `ping' or `tcp', not both"},
           Row{"[witness w]\nping = 10.0.0.0.1\n", "ping: wants an address such as 10.0.0.254"},
           Row{"[witness w]\ntcp = 10.0.0.1\n", "tcp: wants ADDRESS:PORT, such as 10.0.0.254:22 or [fd00::1]:22"},
           Row{"[vrrp v2]\ninterface = eth1\nid = 52\nask_witness = yes\n", "there is no [witness NAME] to ask"},
       })
    CHECK_MESSAGE(told(router + row.text) == row.fault, row.text);
  CHECK(told(line("tty = /dev/ttyS0 9600\n")) == "there is no [vrrp NAME] for a heartbeat to tell of");
  CHECK(told(gateway) == "there is no [vrrp NAME] whose interface it is asked through");
}

TEST_CASE("what is likely not meant with heartbeats and witnesses is warned of") {
  CHECK(warned(router + line("tty = /dev/ttyS0 9600\n") + gateway).empty());
  CHECK(warned(router + line("tty = /dev/ttyS0 9600\n")) ==
        "without a [witness NAME] a backup that hears no VRRP takes over even if a heartbeat says that the master "
        "lives\n");
  CHECK(warned(router + line("udp = 10.1.0.1 -> 10.1.0.2:1 dev eth0\n") + gateway) ==
        "heartbeat x dies with eth0, where VRRP is spoken\n");
  CHECK(warned(router + gateway) ==
        "nothing uses witness gw: there is no [heartbeat NAME], and no [vrrp NAME] has ask_witness = yes\n");
}

}  // namespace heartbeat_test
