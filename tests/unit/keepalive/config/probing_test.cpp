// What probes need: a port, an address of their family, marks; and checks of a server of its own.
#include <doctest/doctest.h>

#include "config/sysctls.hpp"
#include "texts.hpp"

namespace probing_test {

using namespace keepalive;
using namespace keepalive::test;

namespace {

/// One check of these lines, one pool of these, and services.
std::string text(const std::string& check, const std::string& server, const std::string& service) {
  return "[check c]\n" + check + "[pool p]\ncheck = c\nserver = " + server + "\n[virtual_server s]\npool = p\n" +
         service;
}
const std::string marked = "fwmark = 5\n";
const std::string at80 = "address = 10.0.0.100:80\n";
const std::string all_ports = "address = 10.0.0.100\npersistence = 1m\n";

}  // namespace

TEST_CASE("a probe has a port: the server's, the check's or the service's") {
  const std::string none = "[check c] needs `port': neither server 10.0.0.1 nor [virtual_server s] has one";
  for (const char* type : {"tcp", "udp", "dns", "http", "https", "smtp", "imap", "pop3", "ftp", "ldap", "rtsp"}) {
    CAPTURE(type);
    const std::string check = "type = " + std::string{type} + "\n";
    CHECK(fault(text(check, "10.0.0.1", marked)) == none);
    CHECK(fault(text(check, "10.0.0.1", all_ports)) == none);
    CHECK(fault(text(check, "10.0.0.1", at80)).empty());
    CHECK(fault(text(check, "10.0.0.1:80", marked)).empty());
    CHECK(fault(text(check, "10.0.0.1 check_port=80", marked)).empty());
    CHECK(fault(text(check + "port = 80\n", "10.0.0.1", marked)).empty());
  }
  for (const char* check : {"type = ping\n", "type = script\ncommand = /x\n", "type = file\npath = /x\n"})
    CHECK(fault(text(check, "10.0.0.1", marked)).empty());
  // Through the path it is the service's port that counts.
  const std::string path = "type = tcp\nvia = path\n";
  CHECK(fault(text(path, "10.0.0.1:80", all_ports)) ==
        "[check c] needs `port': neither server 10.0.0.1:80 nor [virtual_server s] has one");
  CHECK(fault(text(path + "port = 80\n", "10.0.0.1:80", all_ports)).empty());
}

TEST_CASE("of many servers without a port the first is named, where the check is asked for") {
  CHECK(
      faults(text("type = tcp\n", "10.0.0.1\nserver = 10.0.0.2", marked)) ==
      "k.conf:4:9: error: [check c] needs `port': neither server 10.0.0.1 nor [virtual_server s] has one; and 1 more\n"
      "  check = c\n"
      "          ^\n");
}

TEST_CASE("each service of a pool lends its probes something else, whichever stands first: none may lend too little") {
  const std::string head = "[check c]\ntype = tcp\n[pool p]\ncheck = c\nserver = 10.0.0.1\n";
  const std::string at = "[virtual_server a]\npool = p\n" + at80;
  for (const std::string& lines : {marked, std::string{"address = 10.0.0.101\npersistence = 1m\n"}}) {
    const std::string less = "[virtual_server b]\npool = p\n" + lines;
    const std::string told = "[check c] needs `port': neither server 10.0.0.1 nor [virtual_server b] has one";
    CHECK(fault(head + at + less) == told);
    CHECK(fault(head + less + at) == told);
  }
  const std::string path = "[check c]\ntype = tcp\nvia = path\n[pool p]\ncheck = c\nserver = 10.0.0.1\n" + at;
  CHECK(fault(path + "[virtual_server b]\npool = p\n" + marked) ==
        "[check c] with via = path needs `address' in [virtual_server b], which uses this pool");
  // A server's own check goes the path of every service, too.
  const std::string own = "[check c]\ntype = tcp\nvia = path\n[pool p]\nserver = 10.0.0.1:80 check=c\n" + at +
                          "[virtual_server b]\npool = p\naddress = 10.0.0.101:80\n";
  CHECK(fault(own + "[global]\npath_marks = 5-5\n") == "path_marks has room for 1 probes, 2 are needed");
}

TEST_CASE("a server may have checks of its own") {
  const std::string checks = "[check a]\ntype = tcp\n[check b]\ntype = ping\n[check w]\ntype = file\npath = /w\n";
  const auto pool = [&](const std::string& lines) { return checks + "[pool p]\ncheck = a, b\n" + lines; };
  const Config config = good(
      pool("require = 2 of\nserver = 10.0.0.1:80\nserver = 10.0.0.2:80 check=w\nserver = 10.0.0.3:80 check=b,w\n"));
  const Pool& p = config.pools.front();
  using List = std::vector<std::size_t>;
  CHECK(checks_of(p, p.servers[0]) == List{0, 1});
  CHECK(checks_of(p, p.servers[1]) == List{2});
  CHECK(checks_of(p, p.servers[2]) == List{1, 2});
  CHECK(faults(pool("server = 10.0.0.1:80 weight=1 check=a,bb\n")) ==
        "k.conf:10:39: error: no check is called `bb'; did you mean `b'?\n"
        "  server = 10.0.0.1:80 weight=1 check=a,bb\n"
        "                                        ^\n");
  CHECK(fault(pool("server = 10.0.0.1:80 check=\n")) == "server: check wants a name");
  CHECK(fault(pool("server = 10.0.0.1:80 check=a,\n")) == "server: check wants a name");
  CHECK(fault(pool("server = 10.0.0.1:80 check=a,a\n")) == "server: check `a' stands here twice");
  CHECK(fault(pool("server = 10.0.0.1:80\nsorry_server = 10.0.0.2:80 check=a\n")) ==
        "sorry_server: a sorry server has no option `check=a'");
  // A weight that a server tells itself keeps a quorum within reach.
  CHECK(fault(pool("server = 10.0.0.1:80 check=w\nquorum = 9\n")).empty());
}

TEST_CASE("marks of probes through the path: enough of them, and nobody else's") {
  const std::string two = text("type = tcp\nvia = path\n", "10.0.0.1\nserver = 10.0.0.2", at80);
  CHECK(fault(two + "[global]\npath_marks = 5-5\n") == "path_marks has room for 1 probes, 2 are needed");
  CHECK(fault(two + "[global]\npath_marks = 5-6\n").empty());
  // Each service of the pool has a path of its own, whatever host it lends to probes that know of none.
  const std::string six = two + "[virtual_server t]\npool = p\nhost = t\naddress = 10.0.0.101:80\n" +
                          "[virtual_server u]\npool = p\naddress = 10.0.0.100:81\nhost = u\n";
  CHECK(fault(six + "[global]\npath_marks = 5-9\n") == "path_marks has room for 5 probes, 6 are needed");
  CHECK(fault(six + "[global]\npath_marks = 5-10\n").empty());
  CHECK(fault("[check c]\ntype = tcp\nmark = 131072\n") ==
        "marks from 131072 to 196607 are for probes through the path: [global] path_marks");
  CHECK(fault("[check c]\ntype = tcp\nmark = 65536\n") == "marks from 65536 to 131071 are for groups: [global] marks");
  CHECK(fault("[check c]\ntype = tcp\nmark = 65535\n").empty());
}

TEST_CASE("a probe's own address is of the family it goes to") {
  CHECK(fault("[check c]\ntype = tcp\nsource = fd00::1\naddress = 10.0.0.1\n") ==
        "`source' is of another address family than `address'");
  const std::string sourced = "type = tcp\nsource = fd00::1\n";
  CHECK(fault(text(sourced, "10.0.0.1", at80)) == "[check c] has a `source' of another address family than 10.0.0.1");
  CHECK(faults(text(sourced, "[fd00::2] forward=tunnel check_address=10.0.0.9", at80)) ==
        "k.conf:6:35: error: [check c] has a `source' of another address family than 10.0.0.9\n"
        "  server = [fd00::2] forward=tunnel check_address=10.0.0.9\n"
        "                                    ^\n");
  CHECK(fault(text(sourced, "10.0.0.1 check_address=fd00::9", at80)).empty());
}

TEST_CASE("forwarding of packets is needed for a sorry server alone, too") {
  const Config config = good(
      "[pool p]\nserver = 10.0.0.1\nsorry_server = 10.0.0.9:8080 forward=nat\n[virtual_server s]\npool = p\n" + at80);
  CHECK(sysctls(config) == std::map<std::string, std::string>{{"net.ipv4.ip_forward", "1"}});
}

}  // namespace probing_test
