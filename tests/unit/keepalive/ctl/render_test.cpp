#include "render.hpp"

#include <doctest/doctest.h>

namespace keepalive::ctl {
namespace {

const std::string status_json = R"({"router_id":"lvs1","instance":"east","version":"1.2.3",
"time":"2026-11-24T10:00:00.000000Z","generation":3,
"config":{"path":"/etc/keepalive/keepalive.conf","loaded":"2026-11-24T08:00:00.000000Z",
  "fault":"keepalive.conf:7:1: error: no such key\nchekc = x\n^\n","last_good":false},
"services":[
 {"name":"site","keys":["TCP 10.0.0.100:80","TCP 10.0.0.101:80","TCP 10.0.0.102:80","TCP 10.0.0.103:80"],
  "scheduler":"wlc","forward":"dr","pool":"web","state":"up","active_connections":1205,"inactive_connections":7},
 {"name":"web","keys":["FWM 7"],"scheduler":"sh","forward":"nat","pool":"web","state":"up",
  "active_connections":0,"inactive_connections":0},
 {"name":"mail","keys":["TCP 10.0.0.100:25"],"scheduler":"rr","forward":"tunnel","pool":"mx","state":"sorry",
  "active_connections":0,"inactive_connections":0}],
"pools":[
 {"name":"web","quorum":60,"weight_up":150,"state":"up","servers":[
  {"pool":"web","name":"10.0.0.11:80","state":"up","since":"2026-11-24T08:00:00.000000Z","weight":100,"effective_weight":100,
   "overlay":null,"quiescent":false,"active_connections":1200,"inactive_connections":7,"checks":[
    {"name":"web-ok","state":"up","evidence":"HTTP status 500","last_run":"2026-11-24T09:59:59.000000Z","against":1}]},
  {"pool":"web","name":"b","state":"up","since":"2026-11-24T09:59:00.000000Z","weight":50,"effective_weight":5,
   "overlay":{"kind":"weight","weight":5,"deadline":null,"gone":false},"quiescent":false,
   "active_connections":3,"inactive_connections":0,"checks":[]},
  {"pool":"web","name":"c","state":"up","since":"2026-11-24T09:59:00.000000Z","weight":50,"effective_weight":0,
   "overlay":{"kind":"drain","weight":null,"deadline":"2026-11-24T10:00:48.500000Z","gone":false},"quiescent":false,
   "active_connections":2,"inactive_connections":0,"checks":[]},
  {"pool":"web","name":"d","state":"unknown","since":"2026-11-24T10:00:00.000000Z","weight":50,"effective_weight":50,
   "overlay":null,"quiescent":false,"active_connections":0,"inactive_connections":0,"checks":[
    {"name":"web-ok","state":"unknown","evidence":"","last_run":null,"against":0}]}]},
 {"name":"mx","quorum":1,"weight_up":0,"state":"sorry","servers":[
  {"pool":"mx","name":"10.0.0.21:25","state":"down","since":"2026-11-24T09:59:48.000000Z","weight":1,"effective_weight":null,
   "overlay":null,"quiescent":true,"active_connections":0,"inactive_connections":0,"checks":[
    {"name":"smtp","state":"down","evidence":"connection \u001b[31mrefused","last_run":"2026-11-24T09:59:59.000000Z","against":0}]},
  {"pool":"mx","name":"x","state":"up","since":"2026-11-24T09:00:00.000000Z","weight":1,"effective_weight":null,
   "overlay":{"kind":"drain","weight":null,"deadline":null,"gone":true},"quiescent":false,
   "active_connections":0,"inactive_connections":0,"checks":[]},
  {"pool":"mx","name":"y","state":"up","since":"2026-11-24T09:00:00.000000Z","weight":1,"effective_weight":null,
   "overlay":{"kind":"disable","weight":null,"deadline":null,"gone":false},"quiescent":false,
   "active_connections":0,"inactive_connections":0,"checks":[]}],
  "sorry_server":{"name":"sorry","serves":true,"weight":1,"effective_weight":1,"active_connections":4,"inactive_connections":0}},
 {"name":"spare","sorry_server":null,"quorum":1,"weight_up":0,"state":"down","servers":[]}],
"drift":["remove 10.0.0.11:80 of FWM 7"],"refusals":["cannot add service FWM 7: no such scheduler"],
"alarms":["prober 0 is not running"]})";

TEST_CASE("status: a table of services and their pools' servers, with what is wrong") {
  CHECK(render_status(status_json, Style::plain) ==
        R"(keepalive 1.2.3 on lvs1, instance east, configuration 3 from /etc/keepalive/keepalive.conf, 2 h old
3 virtual services, 7 servers: 5 up, 1 down, 1 unknown
the last reload was refused, the configuration before stays in effect:
keepalive.conf:7:1: error: no such key
chekc = x
^
alarm: prober 0 is not running
the kernel refuses: cannot add service FWM 7: no such scheduler
changed by others: remove 10.0.0.11:80 of FWM 7

NAME            STATE       FOR  WEIGHT  ACTIVE  INACTIVE  NOTE
site            up                  150    1205         7  TCP 10.0.0.100:80, TCP 10.0.0.101:80, TCP 10.0.0.102:80 and 1 more; wlc, dr; pool web
web             up                  150       0         0  FWM 7; sh, nat
  10.0.0.11:80  up          2 h     100    1200         7  web-ok: HTTP status 500
  b             up         60 s    5/50       3         0  weight set by an operator
  c             up         60 s    0/50       2         0  drains, 48 s left
  d             unknown    0 ms      50       0         0  web-ok: no result yet
mail            sorry                 0       0         0  TCP 10.0.0.100:25; rr, tunnel; pool mx; below quorum 1; the sorry server serves
  10.0.0.21:25  down       12 s       -       0         0  waits for undrain; smtp: connection ?[31mrefused
  x             up       60 min       -       0         0  drained
  y             up       60 min       -       0         0  disabled
  sorry         serves                1       4         0  sorry server, not probed
spare           unused                0                    a pool that no virtual server uses
)");
}

TEST_CASE("names: of all objects, each with what it is") {
  CHECK(render_names(
            R"({"services":[{"name":"site"}],"pools":[{"name":"web","servers":[{"name":"a"},{"name":"10.0.0.11:80"}]}],
"vrrp":[{"name":"v1"}]})") == "service site\npool web\nserver web/a\nserver web/10.0.0.11:80\nrouter v1\n");
  CHECK(render_names("nonsense").empty());
}

TEST_CASE("status: before the first configuration") {
  CHECK(render_status(R"({"version":"1.2.3","generation":0,"config":{"path":"/x","loaded":null}})", Style::plain) ==
        "keepalive 1.2.3, no configuration yet\n0 virtual services, 0 servers\n");
  CHECK(render_status("nonsense", Style::plain) == "keepalive , no configuration yet\n0 virtual services, 0 servers\n");
}

TEST_CASE("status: virtual routers stand before the services") {
  CHECK(render_status(R"({"version":"1.2.3","config":{},"time":"2026-11-24T10:00:00.000000Z","vrrp":[
  {"name":"v1","interface":"eth0","id":51,"state":"master","since":"2026-11-24T08:00:00.000000Z","priority":200,
   "effective_priority":170,"group":"g","addresses":2,"master":null,"rival":true,"faults":[],
   "tracked":[{"kind":"script","name":"uplink","weight":-30,"state":"down","checks":[{"evidence":"no answer"}]}]},
  {"name":"v2","interface":"eth0","id":52,"state":"backup","since":"2026-11-24T09:59:48.000000Z","priority":100,
   "effective_priority":100,"group":"","addresses":1,"master":{"address":"10.0.0.2","priority":90},
   "failback_at":"2026-11-24T10:00:18.000000Z","yielded":false,"faults":[],"tracked":[]},
  {"name":"v3","interface":"eth1","id":53,"state":"fault","since":"2026-11-24T10:00:00.000000Z","priority":100,
   "addresses":1,"faults":[{"reason":"interface eth1 is down"}]},
  {"name":"v4","interface":"eth1","id":54,"state":"unknown","since":null,"priority":100,"addresses":1}]})",
                      Style::plain) ==
        R"(keepalive 1.2.3, no configuration yet
0 virtual services, 0 servers

ROUTER  STATE     FOR  PRIORITY  MASTER         NOTE
v1      master    2 h   170/200  -              id 51 on eth0, 2 addresses; group g; another master is heard; script uplink is down: no answer
v2      backup   12 s       100  10.0.0.2 (90)  id 52 on eth0, 1 address; takes over in 18 s
v3      fault    0 ms       100  -              id 53 on eth1, 1 address; interface eth1 is down
v4      unknown             100  -              id 54 on eth1, 1 address; nothing is heard of it yet
)");
}

TEST_CASE("status: heartbeat lines stand behind the virtual routers, and say what they suspect") {
  CHECK(render_status(R"({"version":"1.2.3","config":{},"time":"2026-11-24T10:00:00.000000Z","vrrp":[
  {"name":"v1","interface":"eth0","id":51,"state":"backup","since":"2026-11-24T08:00:00.000000Z","priority":100,
   "addresses":1,"partition_since":"2026-11-24T09:59:00.000000Z","held_since":"2026-11-24T09:59:30.000000Z"}],
  "heartbeats":[
  {"name":"crossover","place":"10.1.0.1 -> 10.1.0.2:8765 dev eth2","state":"up",
   "since":"2026-11-24T08:00:00.000000Z","heard":720,"refused":[{"reason":"key","count":2},{"reason":"echo","count":1}]},
  {"name":"serial","place":"/dev/ttyS0 9600","state":"silent","since":"2026-11-24T09:59:48.000000Z","heard":0}]})",
                      Style::plain) ==
        R"(keepalive 1.2.3, no configuration yet
0 virtual services, 0 servers

ROUTER  STATE   FOR  PRIORITY  MASTER  NOTE
v1      backup  2 h       100  -       id 51 on eth0, 1 address; partition suspected for 60 s; its takeover waits for 30 s

HEARTBEAT  STATE    FOR  HEARD  REFUSED  LINE
crossover  up       2 h    720        3  10.1.0.1 -> 10.1.0.2:8765 dev eth2
serial     silent  12 s      0        0  /dev/ttyS0 9600
)");
}

TEST_CASE("status: colours for people only") {
  const std::string json = R"({"version":"1","time":"2026-11-24T10:00:00.000000Z","config":{},"services":[],
    "pools":[{"name":"p","servers":[{"name":"a","state":"down","checks":[]}]}]})";
  CHECK(render_status(json, Style::coloured).find("\033[31mdown\033[0m") != std::string::npos);
  CHECK(render_status(json, Style::plain).find('\033') == std::string::npos);
}

TEST_CASE("a server in a line") {
  struct Row {
    const char* rest;
    const char* line;
  };
  const Row rows[] = {
      {R"("overlay":null,"effective_weight":7)", "web/b is up, weight 7\n"},
      {R"("overlay":null,"effective_weight":null)", "web/b is up: not in the table\n"},
      {R"("overlay":{"kind":"disable"},"effective_weight":null)", "web/b is up, disabled: not in the table\n"},
      {R"("overlay":{"kind":"weight","weight":7},"effective_weight":7)", "web/b is up, weight 7\n"},
      {R"("overlay":{"kind":"weight","weight":7},"effective_weight":null)",
       "web/b is up, weight 7: not in the table\n"},
      {R"("overlay":{"kind":"drain","gone":true})", "web/b is up, drained: not in the table\n"},
      {R"("overlay":{"kind":"drain","gone":false,"deadline":null},"active_connections":3,"inactive_connections":2)",
       "web/b is up, drains: 3 active and 2 inactive connections\n"},
      {R"("overlay":{"kind":"drain","deadline":"2026-11-24T10:00:48.500000Z"},"active_connections":3)",
       "web/b is up, drains: 3 active and 0 inactive connections, until 2026-11-24T10:00:48.500000Z\n"},
  };
  for (const Row& row : rows)
    CHECK(render_server(std::string{R"({"pool":"web","name":"b","state":"up",)"} + row.rest + "}") == row.line);
}

TEST_CASE("the other answers") {
  CHECK(render_explanation(
            R"({"object":"web/b","state":"down","since":"2026-11-24T10:00:00.000000Z","lines":["a","b"]})") ==
        "web/b: down since 2026-11-24T10:00:00.000000Z\n  a\n  b\n");
  CHECK(render_explanation(R"({"object":"web","state":"up","since":null,"lines":[]})") == "web: up\n");
  const std::string event =
      R"({"sequence":8,"time":"2026-11-24T10:00:00.000000Z","level":"alert","kind":"SERVER_DOWN","object":"web/b",)"
      R"("text":"server web/b is down","cause":"connection refused"})";
  const std::string line = "8 2026-11-24T10:00:00.000000Z alert   server web/b is down: connection refused\n";
  CHECK(render_event(event, Style::plain) == line);
  CHECK(render_events("{\"events\":[" + event + "," + event + "],\"next\":8}", Style::plain) == line + line);
  CHECK(render_event(event, Style::coloured).find("\033[31malert  \033[0m") != std::string::npos);
  CHECK(render_findings(R"({"findings":[{"level":"warning","what":"packets are dropped","where":"net.ipv4.ip_forward",)"
                        R"("remedy":"set it to 1"},{"level":"fault","what":"no ip_vs","where":"","remedy":""}]})",
                        Style::plain) ==
        "warning: packets are dropped (net.ipv4.ip_forward)\n  remedy: set it to 1\nfault: no ip_vs\n");
  CHECK(render_findings(R"({"findings":[]})", Style::plain) == "nothing is found that stops traffic\n");
  CHECK(render_plan(R"({"changes":[{"change":"x","text":"add TCP 10.0.0.100:80 wlc"}]})") ==
        "add TCP 10.0.0.100:80 wlc\n");
  CHECK(render_plan(R"({"changes":[]})") == "nothing in the kernel would change\n");
  CHECK(
      render_plan(
          R"({"changes":[],"settings":["a is 0, wanted 1"],"daemons":["a daemon"],"rules":true,"probes_added":2,"probes_dropped":1})") ==
      "a is 0, wanted 1\na daemon\nthe rules that mark packets are written\nprobes: 2 more, 1 less\n");
  CHECK(render_reload(R"({"generation":4,"changes":1})") ==
        "configuration 4 is in effect: 1 change of the kernel's table\n");
  CHECK(render_fault(409, R"({"error":"the file has faults","diagnostics":"a:1: bad\nb:2: bad\n"})") ==
        "the file has faults\na:1: bad\nb:2: bad\n");
  CHECK(render_fault(500, "oops") == "refused with HTTP status 500\n");
}

}  // namespace
TEST_CASE("alerts with who has seen them, versions with what waits") {
  CHECK(render_alerts(R"({"alerts":[{"sequence":7,"time":"T","text":"server web/b is down","acknowledged":null},
    {"sequence":9,"time":"T","text":"pool web has lost its quorum","acknowledged":{"by":"anna","at":"T"}}]})",
                      {}) == "7 T server web/b is down\n9 T pool web has lost its quorum (seen by anna)\n");
  CHECK(render_alerts("{}", {}) == "no alert is open\n");
  CHECK(render_versions(R"({"pending":{"version":3,"until":"U"},"versions":[
    {"number":3,"time":"T","by":"anna","comment":"more","generation":2},
    {"number":2,"time":"T","by":"","comment":"edited by other means","generation":null}]})") ==
        "3 T by anna more (rolled back at U unless confirmed)\n2 T edited by other means\n");
  CHECK(render_versions("{}") == "there is no other version: versions begin with the first edit through the API\n");
  const std::string waits = "version 3 waits for `keepalivectl confirm' until U; then it is rolled back\n";
  const std::string pending = R"("pending":{"version":3,"before":2,"until":"U"})";
  CHECK(render_reload("{\"generation\":4,\"changes\":0," + pending + "}") ==
        "configuration 4 is in effect: 0 changes of the kernel's table\n" + waits);
  CHECK(render_status("{\"config\":{" + pending + "}}", Style::plain).find("\n" + waits) != std::string::npos);
  CHECK(render_confirmed(R"({"version":3})") == "version 3 stays\n");
}

}  // namespace keepalive::ctl
