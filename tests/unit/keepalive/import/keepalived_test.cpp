#include <doctest/doctest.h>

#include "imports.hpp"

namespace keepalived_test {

using namespace keepalive::import;
using namespace keepalive::import::test;

namespace {

struct Row {
  std::string text;    // of keepalived
  std::string wanted;  // a part of what comes out
};

bool holds(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

const std::string head = "virtual_server 10.0.0.100 80 {\nprotocol TCP\n";
const std::string server = "real_server 10.0.0.11 80 {\n";

std::string check(const std::string& text) { return head + server + text + "\n}\n}\n"; }
std::string service(const std::string& text) { return head + text + "\n" + server + "}\n}\n"; }
std::string instance(const std::string& text) {
  return "vrrp_instance v {\ninterface eth0\nvirtual_router_id 5\n" + text + "\n}\n";
}

}  // namespace

TEST_CASE("timings: the defaults of each checker, and who says otherwise") {
  const Row rows[] = {
      {check("TCP_CHECK {\n}"),
       "interval         = 1m\ntimeout          = 5s\nfall             = 2\ninterval_failing = 1s\n"},
      {check("HTTP_GET {\nurl {\npath /\n}\n}"), "fall             = 2\ninterval_failing = 3s\n"},
      {check("DNS_CHECK {\n}"), "interval = 1m\ntimeout  = 5s\nfall     = 4\n"},
      {check("MISC_CHECK {\nmisc_path /bin/true\n}"), "interval = 1m\ntimeout  = 1m\nfall     = 1\n"},
      {check("delay_loop 7\nretry 0\nTCP_CHECK {\nretry 4\n}"),
       "interval         = 7s\ntimeout          = 5s\nfall             = 5\n"},
      {service("delay_loop 3\nretry 9"), "server = 10.0.0.11:80\n"},
      {check("TCP_CHECK {\ndelay_loop 0.001\n}"), "TCP_CHECK"},
      {check("TCP_CHECK {\ndelay_loop x\n}"), "delay_loop x: left out: wants seconds such as 3 or 0.5"},
      {check("TCP_CHECK {\nretry x\n}"), "retry x: left out: wants a number up to 999"},
      {"virtual_server 10.0.0.1 80 {\nprotocol TCP\nlb_kind DR\nreal_server 10.0.0.2 81 {\nTCP_CHECK {\n}\n}\n}\n",
       "port             = 81\n\n[pool 10.0.0.1-80]\ncheck  = tcp\n"},
      {check("TCP_CHECK {\nwarmup 0\nlog_all_failures\n}"), "jitter           = 0\nlog_failures     = yes\n"},
  };
  for (const Row& row : rows) {
    const std::string text = imported(row.text);
    CHECK_MESSAGE((holds(text, row.wanted) || row.wanted == "TCP_CHECK"), text);
    CHECK(load_faults(text) == "");
  }
}

TEST_CASE("what is misspelt or stands astray is told with its place") {
  const Row rows[] = {
      {service("persistance_timeout 5"),
       "; keepalived.conf:3: persistance_timeout 5: left out: no keyword of keepalived.conf(5) here: if "
       "`persistence_timeout' is meant, mend it and import again\n"},
      {service("quorum 1 2"), "keepalived.conf:3: quorum 1 2: left out: nobody reads `2' and what is behind it\n"},
      {service("quorum 1 {\nx\n}"), "keepalived.conf:4: x: left out: `quorum' has no block\n"},
      {service("lb_algo zz"), "lb_algo zz: left out: is no scheduler"},
      {service("persistence_timeout 5\npersistence_timeout 9"), "differs: stands again, and the last one counts\n"},
      {"zo\x01rk\n", "; keepalived.conf:1: zo rk: left out: no keyword"},
      {service("lb_algo a\tb"), "nobody reads `b'"},
      {"zork {\na b\n}\n", "; keepalived.conf:2: a b: left out: belongs to the block above\n"},
      {instance("priority 300"), "priority 300: differs: priority is from 1 to 255\n"},
      {instance("authentication {\nauth_type AH\nauth_pass geheim\n}"),
       "auth_pass: left out: belongs to the line above"},
      {instance("unicast_peer {\nx\n}"), "x: left out: is no router's address"},
      {"vrrp_instance v {\nvirtual_router_id 5\n}\n", "has no interface, which is compulsory"},
      {instance("") + instance(""), "an instance of this name stands above already"},
  };
  for (const Row& row : rows) {
    const std::string text = imported(row.text);
    CHECK_MESSAGE(holds(text, row.wanted), text);
  }
}

TEST_CASE("virtual routers: versions, passwords, intervals") {
  const Row rows[] = {
      {instance("advert_int 1.5"), "advert_int 1.5: differs: version 2 knows whole seconds only\n"},
      {instance("advert_int 1.5"), "advertise = 2s\n"},
      {instance("version 3\nadvert_int 0.255"), "advertise = 260ms\n"},
      {instance("virtual_ipaddress {\nfe80::1\n}"), "version   = 3\n"},
      {instance("authentication {\nauth_type PASS\nauth_pass 1234567890\n}"), "password  = 12345678\n"},
      {instance("version 3\nauthentication {\nauth_type PASS\nauth_pass 12\n}"),
       "auth_pass: needs nothing: version 3 has no password"},
      {instance("nopreempt"), "failback  = never\n"},
      {instance("preempt_delay 4.5"), "failback  = delayed 4500ms\n"},
      {instance("state MASTER\nnopreempt"), "nopreempt: needs nothing: keepalived ignores it with state MASTER"},
      {instance("priority 255\nnopreempt"), "nopreempt: needs nothing: priority 255 takes over always"},
      {instance("strict_mode"), "accept    = no\n"},
      {instance("lvs_sync_daemon_interface eth9"), "[sync]\ninterface = eth9\nfollow    = v\nid        = 5\n"},
      {"global_defs {\nvrrp_min_garp\n}\n" + instance(""), "announce_delay  = 0\nannounce_repeat = 1\n"},
  };
  for (const Row& row : rows) {
    const std::string text = imported(row.text);
    CHECK_MESSAGE(holds(text, row.wanted), text);
    CHECK(load_faults(text) == "");
  }
}

TEST_CASE("a file that cannot be read is told as a compiler does") {
  CHECK(imported("vrrp_instance a {\n  priority 5\n") ==
        "/etc/keepalived/keepalived.conf:1:1: error: the `}' of this `{' is missing\n  vrrp_instance a\n  ^\n");
  CHECK(holds(imported("a {\n}\n}\n"), "keepalived.conf:3:1: error: a `}' too many"));
  CHECK(holds(imported("a {\n  b \"c\n}\n"),
              "keepalived.conf:2:5: error: the quote is not closed\n    b \"c\n      ^\n"));
  CHECK(holds(imported("virtual_server fwmark x {\n}\n"), "listens nowhere"));
}

TEST_CASE("whose a configuration is") {
  CHECK(source_of("x", "! c\nglobal_defs {\n") == Source::keepalived);
  CHECK(source_of("x", "# c\nvirtual=10.0.0.1:80\n") == Source::ldirectord);
  CHECK(source_of("x", "checktimeout = 5\n") == Source::ldirectord);
  CHECK(source_of("/etc/ha.d/ldirectord.cf", "") == Source::ldirectord);
  CHECK(source_of("/etc/keepalived/x", "$A=1\n") == Source::keepalived);
  CHECK(source_of("x", "hello\n") == std::nullopt);
}

TEST_CASE("the summary names what differs and what is left out, and counts") {
  const auto outcome = import_texts({{main_file, service("zork\nsmtp_alert")}});
  REQUIRE(outcome);
  CHECK(summary(*outcome) ==
        "/etc/keepalived/keepalived.conf:3: zork: left out: no keyword of keepalived.conf(5) here\n"
        "3 statements taken over, 0 of them with a difference; 1 left out; 1 need nothing\n");
}

}  // namespace keepalived_test
