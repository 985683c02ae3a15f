// What faults say and where they point, and that one fault brings no others about.
#include <doctest/doctest.h>

#include "texts.hpp"

namespace words_test {

using namespace keepalive::test;

namespace {

const std::string pool = "[pool p]\nserver = 10.0.0.1\n[virtual_server s]\npool = p\n";
const std::string at80 = "address = 10.0.0.100:80\n";

/// Every fault as "line:column text".
std::string told(const std::string& text) {
  const auto config = load_texts({{"k.conf", text},
                                  {"/x.pem", "x"},
                                  {"/cut.pem", "-----BEGIN CERTIFICATE-----\nMII"},
                                  {"/cert.pem", pem("CERTIFICATE")},
                                  {"/closed.pem", pem("ENCRYPTED PRIVATE KEY")}});
  std::string all;
  if (!config)
    for (const auto& fault : config.error())
      all +=
          std::to_string(fault.position.line) + ":" + std::to_string(fault.position.column) + " " + fault.text + "\n";
  return all;
}
std::string server(const std::string& line) { return told("[pool p]\nserver = " + line + "\n"); }
std::string address(const std::string& list) { return told(pool + "address = " + list + "\n"); }

}  // namespace

TEST_CASE("one fault brings no others about") {
  CHECK(told(pool + at80 + "scheduler = ${NOPE}\n") == "6:13 the environment has no `NOPE'\n");
  CHECK(told(pool + "address = 10.0.0.100\npersistence = 60\n") ==
        "6:15 persistence: wants whole seconds such as 5m or 360s, up to 31d; the unit is missing: 60s\n");
  CHECK(told(pool + at80 + "forward = tunnle\ntunnel = gre\n") ==
        "6:11 forward: wants `nat', `dr', `tunnel', `local' or `bypass'; did you mean `tunnel'?\n");
  CHECK(told(pool + at80 + "scheduler = shh\nscheduler_flags = sh-port\n").starts_with("6:13 scheduler: wants"));
  CHECK(told(pool + at80 + "scheduler = shh\nscheduler_flags = sh-port\n").find("needs") == std::string::npos);
  CHECK(told("[check b\ntype = udp\n[pool p]\ncheck = b\nserver = 10.0.0.1\n") == "1:1 the section's `]' is missing\n");
  CHECK(told("[pool p\nserver = 10.0.0.1\n[virtual_server s]\npool = p\n" + at80) ==
        "1:1 the section's `]' is missing\n");
  CHECK(told("[CHECK b]\ntype = udp\n[pool p]\ncheck = b\nserver = 10.0.0.1\n") ==
        "1:1 no such section: `CHECK'; did you mean `check'?\n");
  CHECK(told("[check c]\ntype = smtp\nsecurity = tsl\nverify = no\n") ==
        "3:12 security: wants `plain', `tls' or `starttls'; did you mean `tls'?\n");
}

TEST_CASE("all faults are told, not the first of each") {
  CHECK(told("[check c]\ntype = tpc\nintervall = 1s\ntimeout = x\nurl = x\n[check d]\nrise = 0\n") ==
        "2:8 no such type: `tpc'; did you mean `tcp'?\n"
        "3:1 [check] has no key `intervall'; did you mean `interval'?\n"
        "4:11 timeout: wants a time such as 2s or 100ms, from 10ms to 1h\n"
        "6:1 a check needs `type'\n"
        "7:8 rise: wants a number from 1 to 1000\n");
  CHECK(server("10.0.0.300:80 weight=x nmae=a  upper=-1") ==
        "2:10 server: `10.0.0.300:80' is no address such as 10.0.0.11:80 or [fd00::11]:80\n"
        "2:24 server: weight wants a number from 0 to 2147483647\n"
        "2:33 server: a server has no option `nmae=a'; did you mean `name'?\n"
        "2:41 server: upper wants a number from 0 to 2147483647\n");
  CHECK(address("x, 10.0.0.1:80, y").starts_with("5:11 address: `x' is no address"));
  CHECK(address("x, 10.0.0.1:80, y").find("\n5:27 address: `y' is no address") != std::string::npos);
  CHECK(told("[pool p]\nserver = 10.0.0.1:81\nserver = [fd00::1]:80\n[virtual_server s]\npool = p\n" + at80 +
             "tunnel = gre\ntunnel_port = 1\n") ==
        "2:10 [virtual_server s] has another port: only forward = nat changes ports\n"
        "3:10 [virtual_server s] is of the other address family: only tunnels lead there\n"
        "7:1 `tunnel' needs `forward = tunnel'\n"
        "8:1 `tunnel_port' needs `forward = tunnel'\n");
  CHECK(told(pool + at80 + "forward = tunnel\ntunnel = gre\ntunnel_port = 1\n") ==
        "8:1 tunnel_port goes with gue tunnels only\n");
}

TEST_CASE("ranges that overlap are one fault for each other owner") {
  CHECK(told(pool + "address = 10.0.0.1:1-65535\naddress = 10.0.0.1:1-65535\n") ==
        "6:11 TCP 10.0.0.1:1 stands here twice; and 65,534 more\n");
  CHECK(
      told(pool + "address = 10.0.0.1:1-9, 10.0.0.1:5-20\n[virtual_server t]\npool = p\naddress = 10.0.0.1:19-21\n") ==
      "5:25 TCP 10.0.0.1:5 stands here twice; and 4 more\n"
      "8:11 TCP 10.0.0.1:19 belongs to [virtual_server s] already; and 1 more\n");
}

TEST_CASE("blanks, commas and names that are missing or too many") {
  const std::string apart = "2:22 server: no blanks beside `=' here: weight=5\n";
  for (const char* line : {"10.0.0.1:80 weight = 5", "10.0.0.1:80 weight= 5", "10.0.0.1:80 weight =5"})
    CHECK(server(line) == apart);
  CHECK(server("10.0.0.1:80 weight =") == "2:22 server: no blanks beside `=' here: weight=VALUE\n");
  const std::string one = "[pool p]\nserver = 10.0.0.1\n";
  CHECK(told(one + "check =\n") == "3:8 check: wants a name\n");
  CHECK(told("[check c]\ntype = tcp\n" + one + "check = c,\n") == "5:11 check: wants a name\n");
  CHECK(told(pool + at80 + "[virtual_server t]\npool =\naddress = 10.0.0.9:80\n") == "7:7 pool: wants a name\n");
  CHECK(told("[global]\ninclude =\n") == "2:10 include: wants a path or a pattern\n");
  CHECK(told("[global]\ninclude = a, b\n") ==
        "2:11 include: takes one path or pattern: write the key again for more\n");
  CHECK(address("10.0.0.1:80,") == "5:23 address: wants an address\n");
  CHECK(address("10.0.0.1:80 10.0.0.2:80") == "5:11 address: has a blank: addresses have commas between them\n");
  CHECK(address("udp 10.0.0.1:53, tpc 10.0.0.3:53") ==
        "5:28 address: `tpc' before an address: wants `tcp', `udp' or `sctp'; did you mean `tcp'?\n");
  CHECK(told(pool + at80 + "scheduler = wcl\n").ends_with("; did you mean `wlc'?\n"));
}

TEST_CASE("how ranges are written") {
  for (const char* range : {"10.0.0.110-10.0.0.120:80", "10.0.0.0/28", "10.0.0.0-255:0-256"}) {
    CAPTURE(range);
    CHECK(address(range) == "5:11 address: `" + std::string{range} +
                                "' is no range: the last part of an address and the port count up, 10.0.0.100-109:80, "
                                "[fd00::1-ff]:80, 10.0.0.100:6970-6999, to 65,536 at most\n");
  }
}

TEST_CASE("an IPv6 address stands in brackets: without them a port would be part of it") {
  CHECK(address("fd00::100:80") ==
        "5:11 address: `fd00::100:80': an IPv6 address stands in brackets: [fd00::100]:80 or [fd00::100:80]\n");
  CHECK(server("fd00::11:80 weight=1") ==
        "2:10 server: `fd00::11:80': an IPv6 address stands in brackets: [fd00::11]:80 or [fd00::11:80]\n");
  CHECK(server("fd00::11") == "2:10 server: `fd00::11': an IPv6 address stands in brackets: [fd00::11]\n");
  CHECK(address("fd00::1-f").ends_with("[fd00::1-f]\n"));
  CHECK(server("[fd00::11]").empty());
}

TEST_CASE("addresses that no server or service can have") {
  struct Row {
    const char* address;
    const char* reason;
  };
  for (const Row& row : {Row{"0.0.0.0", "is no host's address"}, Row{"224.0.0.1", "is a multicast address"},
                         Row{"[::]", "is no host's address"}, Row{"[ff02::1]", "is a multicast address"}}) {
    const std::string bare{
        row.address[0] == '[' ? std::string{row.address}.substr(1, std::string{row.address}.size() - 2) : row.address};
    CHECK(server(row.address) == "2:10 server: " + bare + " " + row.reason + "\n");
    CHECK(address(std::string{row.address} + ":80") == "5:11 address: " + bare + " " + row.reason + "\n");
  }
  CHECK(server("[fe80::1]:80") ==
        "2:10 server: fe80::1 is a link-local address, which the kernel takes for no server\n");
  CHECK(server("255.255.255.255:80") == "2:10 server: 255.255.255.255 is the broadcast address\n");
  CHECK(server("127.0.0.1:80").empty());
}

TEST_CASE("a server twice by what it becomes in a service") {
  const auto both = [](const std::string& lines, const std::string& service = at80) {
    return told("[pool p]\nserver = 10.0.0.1\n" + lines + "[virtual_server s]\npool = p\nforward = nat\n" + service);
  };
  CHECK(both("server = 10.0.0.1:80\n") == "3:10 server 10.0.0.1:80 is the same as 10.0.0.1 in [virtual_server s]\n");
  CHECK(both("sorry_server = 10.0.0.1:80\n") ==
        "3:16 server 10.0.0.1:80 is the same as 10.0.0.1 in [virtual_server s]\n");
  CHECK(both("server = 10.0.0.1:81\n").empty());
  CHECK(both("server = 10.0.0.1:81\n", "address = 10.0.0.100:80-82\n") ==
        "3:10 server 10.0.0.1:81 is the same as 10.0.0.1 in [virtual_server s]\n");
  CHECK(both("server = 10.0.0.1:80\n", "fwmark = 7\n").empty());
}

TEST_CASE("certificates and keys are PEM of their kind") {
  const auto with = [](const std::string& lines) { return told("[check c]\ntype = https\n" + lines); };
  CHECK(with("ca = file:/x.pem\n") == "3:6 ca: /x.pem is no PEM text with -----BEGIN CERTIFICATE-----\n");
  CHECK(with("ca = file:/cut.pem\n") == "3:6 ca: /cut.pem breaks off before -----END CERTIFICATE-----\n");
  CHECK(with("certificate = file:/cert.pem\nkey = file:/cert.pem\n") ==
        "4:7 key: /cert.pem is no PEM text with -----BEGIN PRIVATE KEY-----\n");
  CHECK(with("certificate = file:/cert.pem\nkey = file:/closed.pem\n") ==
        "4:1 the key is encrypted: `key_password' is missing\n");
  CHECK(with("certificate = file:/cert.pem\nkey = file:/closed.pem\nkey_password = file:/x.pem\n").empty());
  CHECK(with("ca = file:/cert.pem\n").empty());
}

}  // namespace words_test
