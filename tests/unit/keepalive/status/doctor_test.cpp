#include "core/doctor.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <functional>

#include "scene.hpp"

using namespace keepalive;
using namespace keepalive::core;

namespace {

ipvs::Address at(const char* text) { return *ipvs::Address::parse(text); }
const ipvs::ServiceKey site = ipvs::VipKey{ipvs::Protocol::tcp, *ipvs::Endpoint::parse("10.0.0.100:80")};

/// A host on which nothing is wrong with `two_servers`.
HostFacts sound() {
  return {.addresses = {{at("10.0.0.100"), "lo"}, {at("10.0.0.1"), "eth1"}},
          .towards = {{at("10.0.0.11"), "eth1"}, {at("10.0.0.12"), "eth1"}}};
}

struct Row {
  std::string title;
  std::string text;
  std::function<void(Given&, HostFacts&)> change;
  std::string found;
};

std::string with(const std::string& more) { return two_servers + more; }
std::string replaced(std::string text, const std::string& what, const std::string& by) {
  return text.replace(text.find(what), what.size(), by);
}
const std::string group =
    "[pool g]\ncheck = web-ok\nserver = 10.0.0.11\n[virtual_server g]\naddress = tcp 10.0.0.100:90\ntogether = "
    "yes\nmark = 7\n"
    "persistence = 60s\npool = g\n";

const std::vector<Row> troubles = {
    {"nothing is wrong", two_servers, [](Given&, HostFacts&) {}, ""},
    {"the kernel refuses a service", two_servers,
     [](Given& given, HostFacts&) {
       given.engine.step(Reconciled{.keys = {site}, .refusals = {{site, "add service: No such file"}}}, Time{0});
     },
     "fault: the kernel refuses: add service: No such file (table)\n"
     "  see whether the module is there (modprobe ip_vs, ip_vs_SCHEDULER); it is tried again every 30 s\n"},
    {"nft refuses the rules", two_servers,
     [](Given& given, HostFacts&) { given.engine.step(RulesDone{.text = "no"}, Time{0}); },
     "fault: nft refuses the rules that mark packets (daemon)\n"
     "  the log and keepalivectl events say since when and why\n"},
    {"drift that nobody repairs", replaced(two_servers, "[global]\n", "[global]\ndrift = report\n"),
     [](Given& given, HostFacts&) {
       given.engine.step(Reconciled{.keys = {site}, .drift = {{site, "it is gone"}}}, Time{0});
     },
     "warning: others changed what is ours: it is gone (kernel)\n"
     "  keepalivectl reload writes it again; with drift = repair in [global] that needs nobody\n"},
    {"the kernel's table is another one, and nobody has looked yet", two_servers,
     [](Given&, HostFacts& facts) { facts.differences = {"add 10.0.0.11:80 to TCP 10.0.0.100:80"}; },
     "warning: the kernel's table is not as wanted; what puts it right: add 10.0.0.11:80 to TCP 10.0.0.100:80 "
     "(kernel)\n"
     "  it is written again within 30 s, at once by keepalivectl reload\n"},
    {"a difference that is told as drift already is not told twice",
     replaced(two_servers, "[global]\n", "[global]\ndrift = report\n"),
     [](Given& given, HostFacts& facts) {
       given.engine.step(Reconciled{.keys = {site}, .drift = {{site, "it is gone"}}}, Time{0});
       facts.differences = {"it is gone", "another"};
     },
     "warning: others changed what is ours: it is gone (kernel)\n"
     "  keepalivectl reload writes it again; with drift = repair in [global] that needs nobody\n"
     "warning: the kernel's table is not as wanted; what puts it right: another (kernel)\n"
     "  keepalivectl reload writes it again\n"},
    {"the kernel's table cannot be read", two_servers,
     [](Given&, HostFacts& facts) { facts.table_fault = "list services: not permitted"; },
     "fault: the kernel's table cannot be read: list services: not permitted (kernel)\n  modprobe ip_vs\n"},
    {"a check that no pool uses, and a pool without one",
     with("[check idle]\ntype = tcp\n[pool blind]\nserver = 10.0.0.11:80\n"), [](Given&, HostFacts&) {},
     "warning: no pool uses this check ([check idle])\n  check = NAME in a pool, or take it out of the file\n"
     "warning: 1 of 1 servers have no check: they count as up for ever ([pool blind])\n"
     "  check = NAME in the pool or on the server's line\n"},
    {"an operator's word for a server that has another name now", two_servers,
     [](Given& given, HostFacts&) {
       given.operate("web", "b", Overlay{.kind = Overlay::Kind::drain}, seconds(1));
       given.load(replaced(two_servers, "name=b", "name=c"), seconds(2));
     },
     "warning: an operator's `drain' is dropped: no server is called web/b at that address any more (configuration)\n"
     "  keepalivectl drain, disable or weight say it of a server that is there\n"},
    {"the file has faults", two_servers,
     [](Given& given, HostFacts&) { given.circumstances.fault = "k.conf:1:1: error: x\n  x\n  ^\n"; },
     "fault: the file has faults, and the configuration before is in force: k.conf:1:1: error: x "
     "(/etc/keepalive/keepalive.conf)\n"
     "  keepalive --check tells all of them; then keepalivectl reload\n"},
    {"the file had faults at start", two_servers,
     [](Given& given, HostFacts&) {
       given.circumstances.fault = "k.conf:1:1: error: x";
       given.circumstances.last_good = true;
     },
     "fault: the file has faults, and a kept configuration is in force: k.conf:1:1: error: x "
     "(/etc/keepalive/keepalive.conf)\n"
     "  keepalive --check tells all of them; then keepalivectl reload\n"},
    {"a pool without quorum, whose sorry server serves", two_servers,
     [](Given& given, HostFacts&) { given.turn("web/10.0.0.11:80", State::down, "why", Time{0}); },
     "fault: no quorum: weight 50 of 60 ([pool web])\n  keepalivectl explain web says what its servers lack\n"},
    {"a pool without a server", replaced(two_servers, "sorry_server = 10.0.0.99:80\n", "start = down\n"),
     [](Given&, HostFacts&) {},
     "fault: no server takes new connections ([pool web])\n  keepalivectl explain web says what its servers lack\n"},
    {"panic", replaced(two_servers, "quorum = 60\n", "panic = 50\n"),
     [](Given& given, HostFacts&) {
       given.turn("web/10.0.0.11:80", State::down, "why", Time{0});
       given.turn("web/b", State::down, "why", Time{0});
     },
     "warning: servers that are down stay in service: panic ([pool web])\n"
     "  keepalivectl explain web says what its servers lack\n"},
};

const std::vector<Row> host_rows = {
    {"a setting that is not as wanted", with("[ipvs]\nconntrack = 1\n"),
     [](Given&, HostFacts& host) { host.sysctls["net.ipv4.vs.conntrack"] = "0"; },
     "fault: net.ipv4.vs.conntrack is 0, wanted 1 ([ipvs])\n"
     "  sysctl -w net.ipv4.vs.conntrack=1; look for SETTING_REFUSED in the events\n"},
    {"strict rp_filter on the way back of a path", replaced(two_servers, "type = http\n", "type = http\nvia = path\n"),
     [](Given&, HostFacts& host) { host.strict = {"eth1"}; },
     "fault: strict rp_filter drops answers to probes with via = path on eth1 ([ipvs])\n"
     "  rp_filter = auto, or sysctl -w net/ipv4/conf/eth1/rp_filter=2\n"},
    {"pings that nobody may send", with("[check p]\ntype = ping\n[pool pinged]\ncheck = p\nserver = 10.0.0.11\n"),
     [](Given&, HostFacts& host) { host.sysctls["net.ipv4.ping_group_range"] = "1\t0"; },
     "fault: net.ipv4.ping_group_range lets nobody ping ([check p])\n"
     "  sysctl -w net.ipv4.ping_group_range='0 2147483647'\n"},
    {"a user that is missing", replaced(two_servers, "[global]\n", "[global]\nnotify = /n x\n"),
     [](Given&, HostFacts&) {},
     "warning: there is no user keepalive-script: /n runs as nobody ([global] script_user)\n"
     "  useradd --system --no-create-home keepalive-script\n"},
    {"no nft where packets must be marked", with(group), [](Given&, HostFacts& host) { host.nft = false; },
     "fault: nft is missing: nothing marks the packets of grouped services ([virtual_server g])\n"
     "  install the package nftables\n"},
    {"an address that this host does not have", two_servers,
     [](Given&, HostFacts& host) { host.addresses.erase(at("10.0.0.100")); },
     "warning: no interface of this host has 10.0.0.100 ([virtual_server site])\n"
     "  ip address add 10.0.0.100/32 dev INTERFACE, unless the other director holds it now\n"},
    {"an interface that is down", two_servers, [](Given&, HostFacts& host) { host.down = {"lo"}; },
     "fault: lo, which has 10.0.0.100, is down ([virtual_server site])\n  ip link set lo up\n"},
    {"no route to a server", two_servers, [](Given&, HostFacts& host) { host.towards.erase(at("10.0.0.12")); },
     "fault: there is no route to server b ([pool web])\n  ip route add 10.0.0.12 via GATEWAY\n"},
    {"the way to a server is down", two_servers,
     [](Given&, HostFacts& host) {
       host.towards[at("10.0.0.12")] = "eth2";
       host.down = {"eth2"};
     },
     "fault: eth2, the way to server b, is down ([pool web])\n  ip link set eth2 up\n"},
    {"a server with the service's address", replaced(two_servers, "10.0.0.12:80", "10.0.0.100:80"),
     [](Given&, HostFacts&) {},
     "warning: server b has the address of the service itself ([virtual_server site])\n"
     "  name the server's own address: packets to the service's address stay on this host\n"},
    {"connections that hang", two_servers,
     [](Given&, HostFacts& host) { host.sysctls["net.ipv4.vs.expire_nodest_conn"] = "0"; },
     "warning: when a server is taken out, its connections will hang until they time out ([ipvs])\n"
     "  expire_nodest_conn = 1 in [ipvs] ends them, or on_failure = quiesce keeps the server in the table\n"},
    {"clients that stick", with("persistence = 60s\n"),
     [](Given&, HostFacts& host) { host.sysctls["net.ipv4.vs.expire_quiescent_template"] = "0"; },
     "warning: clients of a persistent service go on to a server that drains ([virtual_server site])\n"
     "  expire_quiescent_template = 1 in [ipvs]\n"},
};

std::string found(const Row& row) {
  Given given{row.text};
  HostFacts facts = sound();
  row.change(given, facts);
  std::string text;
  for (const Finding& one : examine(given.engine, given.circumstances, facts))
    text += fmt::format("{}: {} ({})\n  {}\n", one.level, one.what, one.where, one.remedy);
  return text;
}

}  // namespace

TEST_CASE("the doctor names what stops traffic, each with its remedy") {
  for (const auto* table : {&troubles, &host_rows})
    for (const Row& row : *table) {
      CAPTURE(row.title);
      CHECK(found(row) == row.found);
    }
}

TEST_CASE("the doctor asks for the settings, servers and users of the configuration") {
  const Given given{replaced(with("[ipvs]\nconntrack = 1\n"), "[global]\n", "[global]\nnotify = /n\n")};
  const Questions asked = questions(given.engine.config());
  CHECK(asked.sysctls == std::vector<std::string>{"net.ipv4.ping_group_range", "net.ipv4.vs.expire_nodest_conn",
                                                  "net.ipv4.vs.expire_quiescent_template", "net.ipv4.vs.conntrack"});
  CHECK(asked.servers == std::set{at("10.0.0.11"), at("10.0.0.12")});
  CHECK(asked.users == std::set<std::string>{"keepalive-script"});
}
