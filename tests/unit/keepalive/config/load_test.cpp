#include "config/load.hpp"

#include <doctest/doctest.h>

#include "config/commands.hpp"
#include "texts.hpp"

namespace load_test {

using namespace keepalive;
using namespace keepalive::test;
using std::chrono::milliseconds;
using std::chrono::seconds;

namespace {

ipvs::Endpoint endpoint(const char* text) { return ipvs::Endpoint::parse(text).value(); }
ipvs::Address address(const char* text) { return ipvs::Address::parse(text).value(); }
ipvs::ServiceKey tcp(const char* text) { return ipvs::VipKey{ipvs::Protocol::tcp, endpoint(text)}; }

const std::string example = R"(
[global]
router_id   = lvs1
notify      = /etc/keepalive/on-change          ; every change of state
mail_server = smtps://mail.example.net          ; alerts; also webhook = https://…
mail_from   = lvs1@example.net
mail_to     = ops@example.net
include     = conf.d/*.conf

[check web-ok]
type     = http
url      = /healthz
status   = 200-299
interval = 2s
timeout  = 1s
rise     = 2
fall     = 3

[pool web]
check        = web-ok                            ; several: all must pass; `require = any | 2 of` otherwise
server       = 10.0.0.11:80 weight=100
server       = 10.0.0.12:80 weight=50 name=b
on_failure   = remove                            ; or quiesce (weight 0, connections kept)
sorry_server = 10.0.0.99:80
quorum       = 2
slow_start   = 30s

[virtual_server web]
address     = 10.0.0.100:80ADDRESSES             ; lists, ranges; or fwmark = 7
protocol    = tcp
scheduler   = wlc
forward     = dr
persistence = 5m
pool        = web
)";

std::string example_with(const std::string& addresses) {
  std::string text = example;
  return text.replace(text.find("ADDRESSES"), std::string{"ADDRESSES"}.size(), addresses);
}

}  // namespace

TEST_CASE("a whole configuration, as the values it stands for") {
  const Config config = good(example_with(""));
  CHECK(config.global ==
        Global{.router_id = "lvs1",
               .notify = {{"/etc/keepalive/on-change"}},
               .mail = {.server = "smtps://mail.example.net", .from = "lvs1@example.net", .to = {"ops@example.net"}}});
  CHECK(config.checks == std::vector{Check{.name = "web-ok",
                                           .type = CheckType::http,
                                           .interval = seconds{2},
                                           .interval_down = seconds{2},
                                           .timeout = seconds{1},
                                           .rise = 2,
                                           .fall = 3,
                                           .jitter = seconds{2},
                                           .urls = {"/healthz"},
                                           .status = {{200, 299}}}});
  CHECK(config.pools ==
        std::vector{Pool{.name = "web",
                         .checks = {0},
                         .servers = {{.name = "10.0.0.11:80", .endpoint = endpoint("10.0.0.11:80"), .weight = 100},
                                     {.name = "b", .endpoint = endpoint("10.0.0.12:80"), .weight = 50}},
                         .sorry_server = Server{.name = "10.0.0.99:80", .endpoint = endpoint("10.0.0.99:80")},
                         .quorum = 2,
                         .slow_start = seconds{30}}});
  CHECK(config.services == std::vector{VirtualServer{.name = "web",
                                                     .keys = {tcp("10.0.0.100:80")},
                                                     .properties = {.scheduler = "wlc", .persistence = seconds{300}},
                                                     .forwarding = ipvs::Forwarding::direct_route,
                                                     .pool = 0}});
  CHECK(config.timeouts == ipvs::Timeouts{});
  CHECK(config.sysctls.empty());
}

TEST_CASE("an address of the other family needs servers that the kernel takes for it") {
  CHECK(faults(example_with(", [fd00::100]:80")) ==
        "k.conf:21:16: error: [virtual_server web] is of the other address family: only tunnels lead there\n"
        "  server       = 10.0.0.11:80 weight=100\n"
        "                 ^\n"
        "k.conf:22:16: error: [virtual_server web] is of the other address family: only tunnels lead there\n"
        "  server       = 10.0.0.12:80 weight=50 name=b\n"
        "                 ^\n"
        "k.conf:24:16: error: [virtual_server web] is of the other address family: only tunnels lead there\n"
        "  sorry_server = 10.0.0.99:80\n"
        "                 ^\n");
}

TEST_CASE("nothing is a configuration too") {
  CHECK(good("[global]\n") == Config{});
  CHECK(good("[global]\n[ipvs]\n[metrics]\n") == Config{});
}

TEST_CASE("a server line has all that is said of one server") {
  const Config config = good(
      "[pool web]\n"
      "server = [fd00::11]:80 name=a weight=0 upper=9 lower=3 forward=tunnel tunnel=gue tunnel_port=6080 "
      "tunnel_checksum=remote check_address=10.0.0.1 check_port=81 on_up=\"/bin/x up; now\" on_down=/bin/y\n"
      "server = 10.0.0.12\n"
      "[pool plain]\n"
      "server = 10.0.0.13 forward=tunnel tunnel=gre tunnel_checksum=yes\n"
      "sorry_server = 127.0.0.1:80 forward=local weight=7 name=sorry\n");
  CHECK(config.pools[0].servers ==
        std::vector{
            Server{.name = "a",
                   .endpoint = endpoint("[fd00::11]:80"),
                   .weight = 0,
                   .thresholds = {.upper = 9, .lower = 3},
                   .forwarding = ipvs::Forwarding::tunnel,
                   .tunnel = ipvs::Tunnel{ipvs::TunnelType::gue, {6080}, {ipvs::TunnelFlag::remcsum}},
                   .check_address = address("10.0.0.1"),
                   .check_port = ipvs::Port{81},
                   .on_up = Command{{"/bin/x", "up;", "now"}},
                   .on_down = Command{{"/bin/y"}}},
            Server{.name = "10.0.0.12", .endpoint = {address("10.0.0.12"), {}}},
        });
  CHECK(config.pools[1].servers[0].tunnel == ipvs::Tunnel{ipvs::TunnelType::gre, {}, {ipvs::TunnelFlag::csum}});
  CHECK(config.pools[1].sorry_server ==
        Server{
            .name = "sorry", .endpoint = endpoint("127.0.0.1:80"), .weight = 7, .forwarding = ipvs::Forwarding::local});
}

TEST_CASE("timings at [global] are the defaults of all checks, wherever they stand") {
  const Config config = good(
      "[check a]\ntype = tcp\n[check b]\ntype = ping\ninterval = 5s\ninterval_down = 1s\njitter = 0\nfall = 1\n"
      "[global]\ncheck_interval = 500ms\ncheck_timeout = 200ms\ncheck_rise = 2\ncheck_fall = 4\n");
  CHECK(config.checks[0] == Check{.name = "a",
                                  .interval = milliseconds{500},
                                  .interval_down = milliseconds{500},
                                  .interval_failing = milliseconds{500},
                                  .timeout = milliseconds{200},
                                  .rise = 2,
                                  .fall = 4,
                                  .jitter = milliseconds{500}});
  CHECK(config.checks[1] == Check{.name = "b",
                                  .type = CheckType::ping,
                                  .interval = seconds{5},
                                  .interval_down = seconds{1},
                                  .interval_failing = seconds{5},
                                  .timeout = milliseconds{200},
                                  .rise = 2,
                                  .fall = 1,
                                  .jitter = milliseconds{0}});
}

TEST_CASE("text values keep their commas, quotes and marks of comments") {
  const Config config = good(
      "[check a]\ntype = ldap\nbase = dc=example,dc=net\nfilter = (&(a=b,c)(d=e))\n"
      "[check b]\ntype = http\nbody = \"a ; b, c\"\nbody_not = <a href=\"x\">, \"y\" ; comment\n"
      "[check c]\ntype = script\ncommand = /bin/x \"a ; b\" c,d \"\" # comment\nuser = ${NAME}\n"
      "[check d]\ntype = tcp\nsend = GET / HTTP/1.0\\r\\n\\x00\\\\\nexpect = ^a{2,3}$\n");
  CHECK(config.checks[0].base == "dc=example,dc=net");
  CHECK(config.checks[0].filter == "(&(a=b,c)(d=e))");
  CHECK(config.checks[1].body == "a ; b, c");
  CHECK(config.checks[1].body_not == "<a href=\"x\">, \"y\"");
  CHECK(config.checks[2].command == Command{{"/bin/x", "a ; b", "c,d", ""}, "lvs1"});
  CHECK(config.checks[3].send == std::string{"GET / HTTP/1.0\r\n\0\\", 18});
  CHECK(config.checks[3].expect == "^a{2,3}$");
}

TEST_CASE("pools say how their checks and servers count") {
  const Config config = good(
      "[check a]\ntype = tcp\n[check b]\ntype = ping\n[check c]\ntype = dns\n"
      "[pool x]\ncheck = c, a\ncheck = b\nrequire = 2 of\nserver = 10.0.0.1:80 weight=9\non_failure = quiesce\n"
      "start = down\nreadmit = quiescent\nsorry_server = 10.0.0.2:80\nsorry_inhibit = yes\nquorum = 5\nhysteresis = 4\n"
      "panic = 50\non_quorum_up = /bin/up a\non_quorum_down = /bin/down\nnotify_at_stop = yes\n"
      "[pool y]\ncheck = a\nrequire = any\nserver = 10.0.0.1:80\n[pool z]\nrequire = all\nserver = 10.0.0.1:80\n");
  CHECK(config.pools[0] == Pool{.name = "x",
                                .checks = {2, 0, 1},
                                .require = {2},
                                .servers = {{.name = "10.0.0.1:80", .endpoint = endpoint("10.0.0.1:80"), .weight = 9}},
                                .on_failure = OnFailure::quiesce,
                                .start = Start::down,
                                .readmit_quiescent = true,
                                .sorry_server = Server{.name = "10.0.0.2:80", .endpoint = endpoint("10.0.0.2:80")},
                                .sorry_inhibit = true,
                                .quorum = 5,
                                .hysteresis = 4,
                                .panic_percent = 50,
                                .on_quorum_up = {{"/bin/up", "a"}},
                                .on_quorum_down = {{"/bin/down"}},
                                .notify_at_stop = true});
  CHECK(config.pools[1].require == Require{1});
  CHECK(config.pools[2].require == Require{0});
}

TEST_CASE("all that is global") {
  const Config config = good(
      "[global]\nrouter_id = ${NAME}\nnotify = /bin/n\nnotify_pipe = /run/pipe\nscript_user = nobody\nscript_limit = "
      "3\n"
      "mail_server = smtp://m:25\nmail_to = a@b, c@d\nmail_to = e@f\nmail_digest = 1m\nmail_repeat = 1h\n"
      "webhook = https://h/x\nat_stop = keep\nat_start = flush\ndrift = report\ndrift_interval = 0\nprobers = 4\n"
      "on_start = /bin/a\non_stop = /bin/b\nmarks = 5-6\n"
      "[ipvs]\ntimeout_tcp = 15m\ntimeout_tcp_fin = 2m\ntimeout_udp = 5s\nconntrack = 1\nam_droprate = 10\n"
      "[metrics]\nlisten = [::1]:9650\n");
  CHECK(config.global == Global{.router_id = "lvs1",
                                .script_user = "nobody",
                                .notify = {{"/bin/n"}},
                                .notify_pipe = "/run/pipe",
                                .mail = {.server = "smtp://m:25",
                                         .to = {"a@b", "c@d", "e@f"},
                                         .digest = seconds{60},
                                         .repeat = seconds{3600}},
                                .webhook = "https://h/x",
                                .at_stop = AtStop::keep,
                                .at_start = AtStart::flush,
                                .drift = Drift::report,
                                .drift_interval = milliseconds{0},
                                .probers = 4,
                                .script_limit = 3,
                                .on_start = {{"/bin/a"}},
                                .on_stop = {{"/bin/b"}},
                                .marks = {5, 6},
                                .metrics = "[::1]:9650"});
  CHECK(config.timeouts == ipvs::Timeouts{seconds{900}, seconds{120}, seconds{5}});
  CHECK(config.sysctls == std::map<std::string, std::string>{{"am_droprate", "10"}, {"conntrack", "1"}});
}

TEST_CASE("https verifies by TLS from the start; plain checks do not") {
  const Config config = good("[check a]\ntype = https\n[check b]\ntype = https\nverify = no\n[check c]\ntype = http\n");
  CHECK(config.checks[0].security == Security::tls);
  CHECK(config.checks[0].verify);
  CHECK(!config.checks[1].verify);
  CHECK(config.checks[2].security == Security::plain);
}

TEST_CASE("programs are numbered in one order") {
  const Config config = good(
      "[global]\nnotify = /n\n[check a]\ntype = script\ncommand = /c\n"
      "[pool x]\nserver = 10.0.0.1:80 on_down=/d\non_quorum_up = /q\n");
  std::string all;
  for (const Command* command : commands(config)) all += command->argv.empty() ? "-" : command->argv.front();
  CHECK(all == "/n--/c/q--/d");
}

}  // namespace load_test
