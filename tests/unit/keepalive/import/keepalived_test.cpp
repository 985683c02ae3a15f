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
      {check("TCP_CHECK {\ndelay_loop x\n}"), "delay_loop x: left out: wants seconds, 10ms to 1d: 1m stands"},
      {check("TCP_CHECK {\nretry x\n}"), "retry x: left out: wants a number from 0 to 999: 1 stands"},
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
      {instance("priority 300"), "priority 300: left out: wants a number from 1 to 255: 100 stands\n"},
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

TEST_CASE("a number that is out of bounds is left out, never brought near, and what stands now is said") {
  const std::string global = "global_defs {\nvrrp_garp_master_repeat 3\n";
  const auto script = [](const std::string& text) {
    return "vrrp_script s {\nscript /bin/true\n" + text + "\n}\n" + instance("track_script {\ns weight 9\n}");
  };
  const Row rows[] = {
      {instance("advert_int 0"), "advert_int 0: left out: wants seconds, 10ms to 255s: 1s stands\n"},
      {instance("version 3\nadvert_int 0.005"), "advert_int 0.005: left out: wants seconds, 10ms to 255s: 1s stands\n"},
      {instance("version 3\nadvert_int 50"), "advertise = 40950ms\n"},
      {instance("unicast_ttl 300"), "unicast_ttl 300: left out: wants a number from 1 to 255: 255 stands\n"},
      {instance("preempt_delay 5000"), "preempt_delay 5000: left out: wants seconds up to 1000: immediate stands\n"},
      {instance("garp_master_repeat 0"), "garp_master_repeat 0: left out: wants a number from 1 to 100: 5 stands\n"},
      {global + "}\n" + instance("garp_master_repeat 0"), "wants a number from 1 to 100: 3 stands\n"},
      {global + "vrrp_garp_master_repeat 0\n}\n" + instance(""), "wants a number from 1 to 100: 3 stands\n"},
      {global + "vrrp_garp_interval 7\n}\n" + instance(""), "7: left out: wants seconds, 0 to 1s: 0 stands\n"},
      {global + "vrrp_down_timer_adverts 0\n}\n" + instance(""), "0: left out: wants a number from 1 to 100: 3 stands"},
      {global + "vrrp_version 7\n}\n" + instance(""), "vrrp_version 7: left out: wants 2 or 3: 2 stands\n"},
      {global + "lvs_timeouts tcp 99999999\n}\n" + instance(""), "left out: tcp wants seconds, 1s to 31d"},
      {global + "lvs_sync_daemon eth0 id 300 v\n}\n" + instance(""), "id wants a number from 1 to 255\n"},
      {global + "lvs_sync_daemon eth0 id 300 v\n}\n" + instance(""),
       "id wants a number from 1 to 255\nid        = 5\n"},
      {global + "lvs_sync_daemon eth0 maxlen 9000 port 99999 group 1.2.3.4\n}\n",
       "port wants a number from 1 to 65535: 8848"},
      {global + "lvs_sync_daemon eth0 maxlen 9000 group 1.2.3.4\n}\n",
       "group wants a multicast address: 224.0.0.81 stands"},
      {global + "lvs_sync_daemon eth0 maxlen 9189\n}\n", "max_length wants a number from 1024 to 9188: 0 stands"},
      {"garp_group {\ngarp_interval 7\ninterface eth0\n}\n" + instance(""), "wants seconds, 0 to 1s: 0 stands\n"},
      {"interface_up_down_delays {\neth0 9999\n}\n" + instance(""), "its delays wants seconds, 0 to 1h: 0 stands\n"},
      {script("interval 0.001"), "interval 0.001: left out: wants seconds, 10ms to 1d: 1s stands\n"},
      {script("fall 0"), "fall 0: left out: wants a number from 1 to 1000: 1 stands\n"},
      {script("weight 300"), "weight 300: left out: wants a number from -253 to 253: 0 stands\n"},
      {"vrrp_script s {\nscript /bin/true\nweight 5\n}\n" + instance("track_script {\ns weight 400\n}"),
       "s weight 400: left out: a weight is from -254 to 254: 5 stands\ntrack     = script s weight 5\n"},
      {service("persistence_timeout 99999999"), "99999999: left out: wants seconds, 1s to 31d: none stands\n"},
      {service("quorum abc"), "quorum abc: left out: wants a number from 1 on: 1 stands\n"},
      {service("hysteresis abc"), "hysteresis abc: left out: wants a number from 0 on: 0 stands\n"},
      {check("weight 99999999999"), "99999999999: left out: wants a number from 0 to 2147483647: 1 stands\n"},
      {check("TCP_CHECK {\nconnect_port 99999\n}"), "left out: wants a number from 1 to 65535: the server's stands\n"},
      {check("TCP_CHECK {\nnb_get_retry 3\n}"), "nb_get_retry 3: left out: is no keyword of this check"},
      {check("HTTP_GET {\nnb_get_retry 3\nurl {\npath /\n}\n}"), "fall             = 4\n"},
      {check("HTTP_GET {\nurl {\npath \"/b c\"\n}\n}"), "with %20 for a blank: / is got instead\n"},
      {check("HTTP_GET {\nurl {\npath \"/a${x}b\"\n}\n}"), "cannot be written here: / is got instead\n"},
  };
  for (const Row& row : rows) {
    const std::string text = imported(row.text);
    CHECK_MESSAGE(holds(text, row.wanted), text);
    CHECK(load_faults(text) == "");
  }
}

TEST_CASE("keepalived.conf(5): strict mode takes no accept, no password and no delay, for all or for one") {
  const std::string global = "global_defs {\nvrrp_strict\n}\n";
  const Row rows[] = {
      {global + instance(""), "vrrp_strict: differs: accept = no, without"},
      {global + instance(""), "accept    = no\n"},
      {instance("strict_mode on"), "strict_mode on: differs: accept = no, without"},
      {instance("strict_mode zork"), "strict_mode zork: left out: wants on or off: off stands\n"},
      {global + instance("strict_mode zork"), "wants on or off: on stands\n"},
      {global + instance("version 3\naccept"), "accept: needs nothing: accept = yes is the default\n"},
      {global + instance("accept"), "accept: needs nothing: strict mode of version 2 has none"},
      {global + instance("preempt_delay 5"), "preempt_delay 5: needs nothing: strict mode has no delay"},
      {global + instance("authentication {\nauth_type PASS\nauth_pass 12\n}"), "strict mode has no password"},
  };
  for (const Row& row : rows) {
    const std::string text = imported(row.text);
    CHECK_MESSAGE(holds(text, row.wanted), text);
    CHECK(load_faults(text) == "");
  }
  for (const std::string& lax : {instance("strict_mode off"), global + instance("strict_mode off"),
                                 global + instance("priority 255"), global + instance("version 3\naccept")})
    CHECK_FALSE(holds(imported(lax), "accept    = no"));
  CHECK_FALSE(holds(imported(instance("strict_mode off")), "strict_mode"));
  CHECK_FALSE(holds(imported(global + instance("authentication {\nauth_pass 12\n}")), "\npassword"));
}

TEST_CASE("what keepalived itself leaves out, or the kernel refuses, stands in no key") {
  const std::string inside = "virtual_ipaddress {\n10.0.0.1/24\nfd00::1/64\n}";
  const Row rows[] = {
      {instance(inside), "fd00::1/64: left out: is not IPv4, and keepalived ignores it, too: excluded = fd00::1/64"},
      {instance("native_ipv6\nunicast_peer {\n10.0.0.9\n}"), "10.0.0.9: left out: is not IPv6"},
      {instance("unicast_peer {\n10.0.0.9\n}\nnative_ipv6"), "native_ipv6: left out: an address of IPv4 stands above"},
      {instance("unicast_src_ip fd00::9\n" + inside), "10.0.0.1/24: left out: is not IPv6"},
      {instance("unicast_src_ip fd00::9"), "family    = ipv6\n"},
      {instance("mcast_src_ip zork"), "mcast_src_ip zork: left out: is no address of IPv4: the interface's stands"},
      {instance(inside + "\nunicast_src_ip fd00::9"), "unicast_src_ip fd00::9: left out: is no address of IPv4"},
      {instance("use_vmac a-name-that-is-too-long"), "virtual_mac = yes\n"},
      {instance("use_vmac a/b"), "left out: its name wants "},
      {instance("authentication {\nauth_pass 1234567890\n}"), "auth_pass: differs: a password has 8 letters"},
      {check("lthreshold 7"), "lthreshold 7: left out: wants uthreshold beside it"},
      {check("lthreshold 7\nuthreshold 3"), "server = 10.0.0.11:80 upper=3\n"},
      {check("lthreshold 7\nuthreshold 9"), "server = 10.0.0.11:80 upper=9 lower=7\n"},
      {check("uthreshold x"), "uthreshold x: left out: wants a number: there is no threshold"},
      {service("mh-port\nmh-fallback"), "left out: mh-fallback is of another scheduler"},
      {head + "real_server x y {\nTCP_CHECK {\n}\n}\n}\n" + service(""), "real_server x y: left out: wants an address"},
      {"global_defs {\nlvs_sync_daemon\n}\n" + instance(""), "lvs_sync_daemon: left out: its interface wants "},
      {instance("") + "vrrp_sync_group {\ngroup {\nv\n}\n}\n", "vrrp_sync_group: left out: has no name"},
      {service("ops"), "ops: left out: is for UDP only: keepalived leaves it out, too\n"},
      {"virtual_server fwmark 7 {\nops\n" + server + "}\n}\n", "one_packet = yes\n"},
      {"virtual_server 10.0.0.50 {\nprotocol TCP\n" + server + "}\n}\n", "persistence = 6m\n"},
      {service("persistence_timeout 5\npersistence_granularity zork"), "zork: left out: wants a mask such as"},
      {service("persistence_timeout 5\npersistence_granularity 24"), "24: left out: wants a mask such as"},
  };
  for (const Row& row : rows) {
    const std::string text = imported(row.text);
    CHECK_MESSAGE(holds(text, row.wanted), text);
    CHECK(load_faults(text) == "");
  }
}

TEST_CASE("mail without a server or without anybody to get it is told, and counted") {
  const Row rows[] = {
      {"notification_email {\na@b.example\n}\n",
       "notification_email: left out: no mail is sent without mail_server = smtp://HOST: with that, write mail_to = "
       "a@b.example\n"},
      {"smtp_server 10.0.0.1\n", "smtp_server 10.0.0.1: left out: no mail is sent without mail_to = ADDRESS"},
      {"notification_email_from a@b.example\n",
       "without mail_server and mail_to: with that, write mail_from = a@b.example"},
  };
  for (const Row& row : rows) {
    const auto outcome = import_texts({{main_file, "global_defs {\n" + row.text + "}\n" + service("")}});
    REQUIRE(outcome);
    CHECK_MESSAGE(holds(outcome->text, row.wanted), outcome->text);
    CHECK_MESSAGE(holds(summary(*outcome), row.wanted), summary(*outcome));
    CHECK(load_faults(outcome->text) == "");
  }
}

TEST_CASE("remarks lead to what they are about") {
  const std::string process = "vrrp_track_process p {\nprocess nginx\ndelay 5\n}\n";
  const std::string script = "vrrp_script s {\ninterval 2\n}\n";
  const Row rows[] = {
      {"static_rules {\nto 192.168.100./24 table 1\n}\n",
       "`192.168.100./24' is no prefix: keepalived leaves the line out"},
      {"static_rules {\nfrom 10.0.0.0/8 fwmark 1/2 table 1\n}\n",
       "by hand: ip rule add from 10.0.0.0/8 fwmark 1/2 table 1\n"},
      {"static_ipaddress {\n10.0.0.1/24 dev eth1 track_group G1\n}\n",
       "by hand: ip address add 10.0.0.1/24 dev eth1\n"},
      {"global_defs {\ndefault_interface eth7\n}\nstatic_ipaddress {\nfd00::1/64 -nodad no_track\n}\n",
       "by hand: ip address add fd00::1/64 nodad dev eth7\n"},
      {process + instance("track_process {\np\n}"),
       "id        = 5\n; vrrp_track_process p:\n; keepalived.conf:3: delay 5: left out: looked for every "
       "second\ntrack"},
      {script + instance("track_script {\ns\n}"), "; [check s] is left out: it has no program.\n"},
      {script + instance("track_script {\ns\n}"), "s: left out: the vrrp_script at line 1 has no counterpart"},
  };
  for (const Row& row : rows) {
    const std::string text = imported(row.text);
    CHECK_MESSAGE(holds(text, row.wanted), text);
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
  for (const std::string text :
       {"~SEQ(A, 1, 2) vrrp_instance v$A {\n", "@main ~LST(A, 1) ~SEQ(B, 2) vrrp_instance v {\n",
        "vrrp_track_process p {\n", "bfd_instance b {\n", "static_rules {\n"})
    CHECK_MESSAGE(source_of("x", text) == Source::keepalived, text);
  CHECK(source_of("x", "~SEQ(A, 1\n@main\n") == std::nullopt);
}

TEST_CASE("the summary names what differs and what is left out, and counts") {
  const auto outcome = import_texts({{main_file, service("zork\nsmtp_alert")}});
  REQUIRE(outcome);
  CHECK(summary(*outcome) ==
        "/etc/keepalived/keepalived.conf:3: zork: left out: no keyword of keepalived.conf(5) here\n"
        "3 statements taken over, 0 of them with a difference; 1 left out; 1 need nothing\n");
}

}  // namespace keepalived_test
