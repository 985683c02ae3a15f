#include <doctest/doctest.h>

#include "imports.hpp"

namespace ldirectord_test {

using namespace keepalive::import::test;

namespace {

struct Row {
  std::string text;
  std::string wanted;
};

std::string service(const std::string& options) { return "virtual=10.0.0.1:80\n\treal=10.0.0.11:80 gate\n" + options; }

}  // namespace

TEST_CASE("ldirectord(8): timeouts of checks that negotiate and of checks that connect") {
  const Row rows[] = {
      {service(""), "interval = 10s\ntimeout  = 30s\nfall     = 1\n"},
      {service("\tchecktype=connect\n"), "interval = 10s\ntimeout  = 5s\nfall     = 1\n"},
      {"checktimeout=4\n" + service(""), "timeout  = 4s\n"},
      {"negotiatetimeout=9\n" + service("\tchecktype=connect\n"), "timeout  = 9s\n"},
      {service("\tfailurecount=3\n"), "fall     = 3\n"},
      {service("\tquiescent=yes\n"), "on_failure = quiesce\n"},
      {service(""), "scheduler = wrr\n"},
      {"virtual=10.0.0.1:80\n\treal=10.0.0.11:80 gate \"<u:\x01>\"\n", "left out: wants a number as threshold"},
      {service("\tcheckport=x\n"), "left out: checkport: wants a port"},
      {service("\trequest=\"a b\"\n"), "left out: request: write %20 for a blank, %22 for a quote"},
  };
  for (const Row& row : rows) {
    const std::string text = from_ldirectord(row.text);
    CHECK_MESSAGE(text.find(row.wanted) != std::string::npos, text);
    CHECK(load_faults(text) == "");
  }
}

TEST_CASE("ldirectord(8): what services are asked, by whom, and how") {
  const auto udp = [](std::string_view more) {
    return "virtual=10.0.0.1:7777\n\treal=10.0.0.11:7777 gate\n\tprotocol=udp\n" + std::string{more};
  };
  const auto mark = [](std::string_view more) {
    return "virtual=7\n\treal=10.0.0.11 gate\n\tprotocol=fwm\n" + std::string{more};
  };
  const Row rows[] = {
      {udp("\tservice=simpletcp\n\trequest=\"ping\\n\"\n\treceive=\"pong\"\n"),
       "type     = udp\nreply    = yes\nsend     = ping\\x0a\nexpect   = pong\n"},
      {udp("\tservice=sip\n\tlogin=\"me@x\"\n"), "send     = OPTIONS\\x20sip:me@x\\x20SIP/2.0\\x0d\\x0a"},
      {udp("\tservice=sip\n"), "expect   = ^SIP/2\\\\.0\\x20200\n"},
      {udp("\tservice=sip\n"), "type     = udp\nreply    = yes\n"},
      {service("\tservice=sip\n"), "type     = tcp\nsend     = OPTIONS"},
      {service("\tservice=ldap\n\trequest=\"dc=x, dc=fr\"\n"), "type     = ldap\nbase     = dc=x, dc=fr\n"},
      {service("\tservice=ldap\n\treceive=\"x\"\n"), "differs: receive: the base must be there, whatever it holds"},
      {service("\tservice=imap\n\tlogin=\"x\"\n"), "left out: login and passwd: login = NAME and password = file:PATH"},
      {service("\tservice=mysql\n\tlogin=\"x\"\n"), "left out: login and passwd: a check of type tcp logs in nowhere"},
      {mark("\tservice=https\n"), "fall     = 1\nport     = 443\n"},
      {mark("\tservice=http\n\tcheckport=81\n"), "port     = 81\n"},
      {mark("\tchecktype=connect\n"), "left out: its servers are not looked at: checkport says at which port"},
      {service("\tchecktype=ping\n\tcheckcount=3\n\tfailurecount=2\n"), "fall     = 6\n"},
      {service("\tcheckcount=3\n"), "checkcount=3: needs nothing: only checktype = ping has it"},
      {service("\tfailurecount=0\n"), "failurecount=0: left out: wants a number from 1 to"},
      {service("\tcheckport=70000\n\tchecktype=ping\n"), "left out: checkport: wants a port"},
      {service("\tchecktype=conect\n"), "left out: is no checktype: negotiate is what becomes of it"},
      {service("\thttpmethod=head\n"), "method   = HEAD\n"},
      {service("\thttpmethod=POST\n"), "left out: wants GET or HEAD"},
      {service("\tcheckinterval=5\n"), "differs: ldirectord heeds it only with fork = yes"},
      {service("\tchecktype=external-perl\n\tcheckcommand=/bin/x\n"), "differs: checkcommand: it is executed"},
      {service("\tcheckcommand=/bin/x\n"), "needs nothing: counts with checktype = external only"},
      {service("\tnetmask=255.255.255.0\n"), "needs nothing: counts beside persistent only"},
      {service("\tops=yes\n"), "needs nothing: counts with protocol = udp only"},
      {service("\tops=perhaps\n"), "left out: wants yes or no"},
      {"cleanstop=NO\n" + service(""), "left out: wants yes or no: no is what becomes of it"},
      {"emailalert=a@b\nemailalertfreq=9\n" + service(""), "mail_server = smtp://localhost\n"},
      {"emailalert=root\n" + service(""), "left out: is no whole mail address: mail_to = root@its.domain"},
      {"smtp=\n" + service(""), "left out: wants a host"},
      {service("\treal=10.0.1.0->10.0.9.9:80 gate\n"), "left out: 1000 servers at most in one line"},
  };
  for (const Row& row : rows) {
    const std::string text = from_ldirectord(row.text);
    CAPTURE(row.text);
    CHECK_MESSAGE(text.find(row.wanted) != std::string::npos, text);
    CHECK(load_faults(text) == "");
  }
}

TEST_CASE("a line that is nothing is remarked on, and the others count") {
  const std::string text = from_ldirectord("checktimeout=5\n  hello\n=3\n\treal=10.0.0.1:80 gate\n" + service("\tx\n"));
  for (const std::string_view wanted :
       {"; ld.cf:2: hello: left out: neither a comment nor `key = value'\n",
        "; ld.cf:3: =3: left out: neither a comment nor `key = value'\n",
        "; ld.cf:4: real=10.0.0.1:80 gate: left out: stands inside a virtual service, and there is none before it\n",
        "; ld.cf:7: x: left out: neither a comment nor `key = value'\n", "server = 10.0.0.11:80\n"})
    CHECK_MESSAGE(text.find(wanted) != std::string::npos, text);
}

}  // namespace ldirectord_test
