#include <doctest/doctest.h>
#include <fmt/format.h>

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
      {"checktimeout=4\n" + service("\tchecktype=connect\n\tnegotiatetimeout=6\n"), "timeout  = 6s\n"},
      {"negotiatetimeout=9\n" + service("\tchecktimeout=6\n"), "timeout  = 6s\n"},
      {"checktimeout=4\nnegotiatetimeout=9\n" + service("\tservice=ldap\n"), "timeout  = 4s\n"},
      {"checkinterval=4\n" + service("\tcheckinterval=6\n"), "interval = 4s\n"},
      {"fork=yes\ncheckinterval=4\n" + service("\tcheckinterval=6\n"), "interval = 6s\n"},
      {service("\tfailurecount=3\n"), "fall     = 3\n"},
      {service("\tquiescent=yes\n"), "on_failure = quiesce\n"},
      {service(""), "scheduler = wrr\n"},
      {"virtual=10.0.0.1:80\n\treal=10.0.0.11:80 gate \"<u:\x01>\"\n", "left out: wants a number as threshold"},
      {service("\tcheckport=x\n"), "left out: wants a number from 1 to 65535: the server's stands"},
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
      {service("\tservice=imap\n\tlogin=\"x\"\n"), "left out: login and passwd: login = x and password = file:PATH"},
      {service("\tservice=mysql\n\tlogin=\"x\"\n"), "left out: login and passwd: a check of type tcp logs in nowhere"},
      {mark("\tservice=https\n"), "fall     = 1\nport     = 443\n"},
      {mark("\tservice=http\n\tcheckport=81\n"), "port     = 81\n"},
      {mark("\tchecktype=connect\n"), "left out: its servers are not looked at: checkport says at which port"},
      {service("\tchecktype=ping\n\tcheckcount=3\n\tfailurecount=2\n"), "fall     = 6\n"},
      {udp("\tchecktype=connect\n\tcheckcount=3\n"), "fall     = 3\n"},
      {service("\tcheckcount=3\n"), "checkcount=3: needs nothing: counts with pings only"},
      {service("\tchecktype=ping\n\tcheckcount=11\n\tfailurecount=100\n"),
       "left out: checkcount: fall is at most 1000, and failurecount times checkcount is 1100"},
      {service("\tfailurecount=0\n"), "failurecount=0: left out: wants a number from 1 to"},
      {service("\tcheckport=70000\n\tchecktype=on\n"), "left out: wants a number from 1 to 65535"},
      {service("\tchecktype=conect\n"), "left out: is no checktype: negotiate stands"},
      {service("\thttpmethod=head\n"), "method   = HEAD\n"},
      {service("\thttpmethod=POST\n"), "left out: wants GET or HEAD"},
      {service("\tcheckinterval=5\n"), "needs nothing: ldirectord heeds it with fork = yes only"},
      {service("\tchecktype=external-perl\n\tcheckcommand=/bin/x\n"), "differs: checkcommand: it is executed"},
      {service("\tcheckcommand=/bin/x\n"), "needs nothing: counts with checktype = external only"},
      {service("\tnetmask=255.255.255.0\n"), "needs nothing: counts beside persistent only"},
      {service("\tops=yes\n"), "needs nothing: counts with protocol = udp only"},
      {service("\tops=perhaps\n"), "left out: wants yes or no"},
      {"cleanstop=NO\n" + service(""), "left out: wants yes or no: yes stands"},
      {"emailalert=a@b\nemailalertfreq=9\n" + service(""), "mail_server = smtp://localhost\n"},
      {"emailalert=root\n" + service(""), "left out: `root' is no whole mail address: write root@its.domain"},
      {"emailalert=a@b, root\n" + service(""), "mail_to     = a@b\n"},
      {"emailalert=a@b\nemailalertfrom=\"Alerts\" <c@d>\n" + service(""), "mail_from   = c@d\n"},
      {"emailalertfreq=9\n" + service(""), "emailalertfreq=9: needs nothing: nobody gets mail without an emailalert"},
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

TEST_CASE("what ldirectord asks is kept, in our words") {
  const auto talk = [](std::string_view more) { return service("\tservice=" + std::string{more}); };
  const Row rows[] = {
      {talk("http\n\trequest=\"a b\"\n"), "url      = /a%20b\n"},
      {talk("http\n\trequest=\"a?b=${c}\"\n"), "url      = /a?b=$%7Bc%7D\n"},
      {talk("http\n\trequest=\"http://x:81\"\n"), "host     = x:81\n"},
      {talk("http\n"), "follow   = yes\n"},
      {talk("http\n\treceive=\"a\\\"b\"c${\"\n"), "body     = a\\x22b\\x22c$\\{\n"},
      {talk("nntp\n"), "expect   = ^2\n"},
      {talk("ftp\n\trequest=\"welcome.msg\"\n\tlogin=\"anonymous\"\n\tpasswd=\"x@y\"\n"), "url      = /welcome.msg\n"},
      {talk("ftp\n\treceive=\"x\"\n"), "differs: receive: the file must be there, whatever it holds"},
      {talk("dns\n\trequest=\"10.0.0.11\"\n\treceive=\"^a\\.b$\"\n"),
       "query       = 11.0.0.10.in-addr.arpa\nrecord_type = PTR\nexpect      = a.b\n"},
      {talk("dns\n\trequest=\"fd00::1\"\n"),
       "query       = 1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.d.f.ip6.arpa\n"},
      {talk("dns\n"), "differs: the question goes by UDP, ldirectord's by TCP"},
      {talk("simpletcp\n\trequest=\"/x\"\n"), "send     = x\n"},
      {service("\tchecktype=external\n\tcheckcommand=/bin/x\n\treal=10.0.0.12 gate\n"),
       "command  = /bin/x 10.0.0.1 80 10.0.0.12 0\n"},
      {"virtual6=[fd00::1]:80\n\treal6=[fd00::2]:80 gate\n\tchecktype=external\n\tcheckcommand=/bin/x\n",
       "command  = /bin/x [fd00::1] 80 [fd00::2] 80\n"},
      {"virtual=10.0.0.1:8080\n\treal=10.0.0.11 gate\n\tservice=http\n", "port     = 80\n"},
      {"fallback6=[fd00::9]:80\nfallback=10.0.0.9:80\nvirtual6=[fd00::1]:80\n\treal6=[fd00::2]:80 gate\n",
       "sorry_server = [fd00::9]:80 forward=dr\n"},
      {"virtual=10.0.0.1:https\n\treal=10.0.0.11:https gate\n\tfallbackcommand=/bin/f\n",
       "on_quorum_up   = /bin/f stop 10.0.0.1:443 tcp\n"},
      {"virtual=10.0.0.1:80\n\treal=10.0.0.11::80 gate\n", "server = 10.0.0.11:80\n"},
  };
  for (const Row& row : rows) {
    const std::string text = from_ldirectord(row.text);
    CAPTURE(row.text);
    CHECK_MESSAGE(text.find(row.wanted) != std::string::npos, text);
    CHECK(load_faults(text) == "");
    CHECK(text.find("left out") == std::string::npos);
  }
}

TEST_CASE("what cannot be is left out, with what to write, and the output has no fault") {
  const auto real = [](std::string_view line) { return service("\treal=" + std::string{line} + "\n"); };
  const Row rows[] = {
      {real("300.1.2.3:80 gate"), "left out: `300.1.2.3' is no address\n"},
      {real("10.0.0.12:99999 gate"), "left out: `99999' is no port: they go up to 65535\n"},
      {real("10.0.0.12:foo gate"), "left out: the port `foo' is not looked up here: write its number\n"},
      {real("sql1->sql3:80 gate"),
       "left out: `sql1' is not looked up here: write its address, as `getent ahosts sql1' tells it; "
       "`sql3' is not looked up here: write its address, as `getent ahosts sql3' tells it\n"},
      {real(""), "left out: wants an address and a port, such as 10.0.0.1:80\n"},
      {real("10.0.0.12->10.0.0.11:80 gate"), "left out: ends before it begins\n"},
      {real("10.0.0.12:80 gate l:5"), "left out: l:5 is more than u:0, which the kernel refuses\n"},
      {real("[fd00::1]:80 gate"), "left out: is of the other address family than this service\n"},
      {real("10.0.0.11:80 gate foo"), "left out: `foo' is neither gate, masq nor ipip, nor a weight\n"},
      {real("10.0.0.11:80 gate foo"), "left out: 10.0.0.11:80 stands here twice\n"},
      {"fallback=\n" + service(""), "fallback=: left out: wants an address and a port"},
      {service("") + "virtual=10.0.0.2:0\n\treal=10.0.0.11 gate\n",
       "left out: has no port, and all ports need persistent"},
      {real("10.0.0.11 masq"), "left out: 10.0.0.11:80 stands here twice\n"},
      {real("0.0.0.0:80 gate"), "left out: 0.0.0.0 is no host's address\n"},
      {service("") + service(""), "left out: is a service above, and ldirectord refuses it, too\n"},
      {"virtual=7\n\treal=10.0.0.11 gate\n\treal=[fd00::1] gate\n", "left out: is of the other address family"},
      {"virtual=7\n\treal=10.0.0.11 gate\n\tprotocol=tcp\n", "left out: is fwm with a firewall mark\n"},
      {service("\tprotocol=fwm\n"), "left out: wants tcp or udp\n"},
      {service("\tpersistent=1.5\n"), "differs: ldirectord reads 1 here\npersistence = 1s\n"},
      {service("\tpersistent=0\n"), "left out: wants a number from 1 to 2678400: no persistence stands\n"},
      {service("\tpersistent=9\n\tnetmask=255.0.255.0\n"), "left out: wants a mask such as 255.255.255.0\n"},
      {"checkinterval=0\n" + service(""), "left out: wants a number from 1 to 86400: 10 stands\n"},
      {service("\tfallbackcommand=fall\n"), "left out: wants a program by its whole path\n"},
      {service("\tservice=radius\n\tsecret=\"abc\"\n"), "ld.cf:4: secret: left out"},
  };
  for (const Row& row : rows) {
    const std::string text = from_ldirectord(row.text);
    CAPTURE(row.text);
    CHECK_MESSAGE(text.find(row.wanted) != std::string::npos, text);
    CHECK(load_faults(text) == "");
  }
}

TEST_CASE("remarks stand where their lines were, and those for all services once") {
  const std::string text =
      from_ldirectord("quiescent=maybe\nchecktimeout=x\n" + service("\treal=a:80 gate\n\treal=10.0.0.12:80 gate\n") +
                      "virtual=10.0.0.2:80\n\treal=10.0.0.11:80 gate\n");
  CHECK_MESSAGE(text.starts_with("; ld.cf:1: quiescent=maybe: left out: wants yes or no: no stands\n"
                                 "; ld.cf:2: checktimeout=x: left out: wants a number from 1 to 3600: 5 stands\n\n"),
                text);
  CHECK_MESSAGE(
      text.find("\nserver = 10.0.0.11:80\n; ld.cf:5: real=a:80 gate: left out: `a' is not looked up here: write its "
                "address, as `getent ahosts a' tells it\nserver = 10.0.0.12:80\n") != std::string::npos,
      text);
  CHECK(text.find("quiescent", text.find("quiescent") + 1) == std::string::npos);
}

namespace {

constexpr std::string_view general[] = {"checktimeout",
                                        "negotiatetimeout",
                                        "checkinterval",
                                        "checkcount",
                                        "failurecount",
                                        "autoreload",
                                        "callback",
                                        "fallback",
                                        "fallback6",
                                        "logfile",
                                        "fallbackcommand",
                                        "emailalert",
                                        "emailalertfrom",
                                        "emailalertfreq",
                                        "smtp",
                                        "supervised",
                                        "emailalertstatus",
                                        "execute",
                                        "fork",
                                        "quiescent",
                                        "readdquiescent",
                                        "cleanstop",
                                        "maintenancedir",
                                        "virtual",
                                        "emailalert=a@b\nsmtp",
                                        "emailalert=a@b\nemailalertfrom"};
constexpr std::string_view own[] = {"real",
                                    "real6",
                                    "checktype",
                                    "service",
                                    "checkcommand",
                                    "checkport",
                                    "request",
                                    "receive",
                                    "login",
                                    "httpmethod",
                                    "virtualhost",
                                    "passwd",
                                    "database",
                                    "secret",
                                    "scheduler",
                                    "persistent",
                                    "netmask",
                                    "protocol",
                                    "monitorfile",
                                    "ops",
                                    "servicename",
                                    "comment",
                                    "schedflags",
                                    "load",
                                    "fallback",
                                    "fallback6",
                                    "checktype=external\n\tcheckcommand",
                                    "service=simpletcp\n\treceive",
                                    "service=simpletcp\n\trequest",
                                    "service=dns\n\trequest=\"a\"\n\treceive",
                                    "service=dns\n\trequest",
                                    "service=sip\n\tlogin",
                                    "service=ldap\n\trequest",
                                    "service=ftp\n\trequest",
                                    "persistent=9\n\tnetmask",
                                    "checktimeout",
                                    "negotiatetimeout",
                                    "checkinterval",
                                    "checkcount",
                                    "failurecount",
                                    "fallbackcommand"};
constexpr std::string_view values[] = {"",
                                       "0",
                                       "-1",
                                       "1.5",
                                       "80",
                                       "99999999999999999999",
                                       "abc",
                                       "\"",
                                       "\"\"",
                                       "\"a\"b\"",
                                       "a b",
                                       "${x}",
                                       "yes",
                                       "no",
                                       "NO",
                                       "10.0.0.9",
                                       "10.0.0.9:80 masq",
                                       "300.1.2.3:80 gate",
                                       "[fd00::1]:80 ipip",
                                       "name:80 gate",
                                       "10.0.0.9:99999 gate",
                                       "10.0.0.9->10.0.0.12:80 gate",
                                       "10.0.0.9:80 gate l:9",
                                       "10.0.0.9:80 gate 0 \"a\" \"b(\"",
                                       "127.0.0.1:80 gate",
                                       "0.0.0.0:80 gate",
                                       "224.0.0.1:80 gate",
                                       "a;b",
                                       "/bin/x",
                                       "/bin/x \"y",
                                       "\\",
                                       "a@b",
                                       "@",
                                       "a@b, c",
                                       "\x01",
                                       "(",
                                       "[]",
                                       "udp",
                                       "255.255.255.0",
                                       "0.0.0.0",
                                       "64",
                                       "sh",
                                       "sh -b sh-port",
                                       "mh",
                                       "10.0.0.11:80",
                                       "%",
                                       "[",
                                       "]",
                                       "on",
                                       "ping"};
constexpr std::string_view services[] = {
    "virtual=10.0.0.1:80\n\treal=10.0.0.11:80 gate\n", "virtual=10.0.0.1:53\n\treal=10.0.0.11:53 masq\n",
    "virtual=7\n\treal=10.0.0.11 gate\n", "virtual6=[fd00::1]:443\n\treal6=[fd00::2]:443 ipip\n"};

}  // namespace

TEST_CASE("whatever stands behind a keyword, the output has no fault") {
  for (const std::string_view value : values)
    for (const std::string_view one : services) {
      for (const std::string_view key : general) {
        const std::string text = fmt::format("{}={}\n{}", key, value, one);
        CHECK_MESSAGE(load_faults(from_ldirectord(text)) == "", text);
      }
      for (const std::string_view key : own) {
        const std::string text = fmt::format("{}\t{}={}\n", one, key, value);
        CHECK_MESSAGE(load_faults(from_ldirectord(text)) == "", text);
      }
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
