#include <doctest/doctest.h>

#include "texts.hpp"

namespace faults_test {

using namespace keepalive::test;

namespace {

struct Row {
  std::string text;
  std::string fault;
};

/// A check of this type with these lines.
std::string check(const std::string& type, const std::string& lines) {
  return fault("[check c]\ntype = " + type + "\n" + lines);
}
std::string pool(const std::string& lines) { return fault("[check c]\ntype = tcp\n[pool p]\n" + lines); }
std::string server(const std::string& line) { return fault("[pool p]\nserver = " + line + "\n"); }

}  // namespace

namespace {

constexpr const char* many_faults =
    "[global]\n"
    "rooter_id = x\n"
    "[chek web]\n"
    "[check web-ok]\n"
    "type = htpp\n"
    "[check two]\n"
    "\ttype = http\n"
    "\ttimeout = 2  ; no unit\n"
    "\turl = healthz\n"
    "\tsend = x\n"
    "[pool web]\n"
    "check = web-okk, web-ok\n"
    "server = 10.0.0.11:80 wieght=1\n"
    "server = 10.0.0.300:80\n"
    "quorum = 5\n"
    "quorum = 6\n"
    "[virtual_server web]\n"
    "address = 10.0.0.100:80, 10.0.0.101:99999\n"
    "scheduler = rr\n"
    "pool = wob\n"
    "word\n";
constexpr const char* all_told =
    "k.conf:2:1: error: [global] has no key `rooter_id'; did you mean `router_id'?\n"
    "  rooter_id = x\n"
    "  ^\n"
    "k.conf:3:1: error: no such section: `chek'; did you mean `check'?\n"
    "  [chek web]\n"
    "  ^\n"
    "k.conf:5:8: error: no such type: `htpp'; did you mean `http'?\n"
    "  type = htpp\n"
    "         ^\n"
    "k.conf:8:12: error: timeout: wants a time such as 2s or 100ms, from 10ms to 1h; the unit is missing: 2s\n"
    "  \ttimeout = 2  ; no unit\n"
    "  \t          ^\n"
    "k.conf:9:8: error: url: wants a path such as /healthz; the server's address is known\n"
    "  \turl = healthz\n"
    "  \t      ^\n"
    "k.conf:10:2: error: `send' does not go with type = http\n"
    "  \tsend = x\n"
    "  \t^\n"
    "k.conf:12:9: error: no check is called `web-okk'; did you mean `web-ok'?\n"
    "  check = web-okk, web-ok\n"
    "          ^\n"
    "k.conf:13:23: error: server: a server has no option `wieght=1'; did you mean `weight'?\n"
    "  server = 10.0.0.11:80 wieght=1\n"
    "                        ^\n"
    "k.conf:14:10: error: server: `10.0.0.300:80' is no address such as 10.0.0.11:80 or [fd00::11]:80\n"
    "  server = 10.0.0.300:80\n"
    "           ^\n"
    "k.conf:16:1: error: `quorum' stands here twice; first at k.conf:15\n"
    "  quorum = 6\n"
    "  ^\n"
    "k.conf:18:26: error: address: `10.0.0.101:99999' is no address such as 10.0.0.100:80, [fd00::100]:80 or "
    "10.0.0.100-109:80; a port is at most 65535\n"
    "  address = 10.0.0.100:80, 10.0.0.101:99999\n"
    "                           ^\n"
    "k.conf:20:8: error: no pool is called `wob'; did you mean `web'?\n"
    "  pool = wob\n"
    "         ^\n"
    "k.conf:21:1: error: neither `[section]' nor `key = value'\n"
    "  word\n"
    "  ^\n";

}  // namespace

TEST_CASE("all faults of a file are told at once, in order, each with its place and the line") {
  CHECK(faults(many_faults) == all_told);
}

TEST_CASE("names of sections") {
  for (const Row& row : {
           Row{"[check]\ntype = tcp\n", "[check] wants a name: [check NAME]"},
           Row{"[pool a/b]\n", "a name has letters, digits, `_', `.' and `-' only"},
           Row{"[global x]\n", "[global] has no name"},
           Row{"[check a]\ntype = tcp\n[check a]\ntype = tcp\n", "[check a] stands here twice; first at k.conf:1"},
           Row{"[]\n", "no such section: `'"},
           Row{"[global]\nprobers = 2\n[global]\nprobers = 3\n", "`probers' stands here twice; first at k.conf:2"},
           Row{"[Global]\n", "no such section: `Global'; did you mean `global'?"},
       }) {
    CAPTURE(row.text);
    CHECK(fault(row.text) == row.fault);
  }
}

TEST_CASE("checks: what is missing, and what does not go together") {
  CHECK(fault("[check c]\n") == "a check needs `type'");
  CHECK(check("script", "") == "a script check needs `command'");
  CHECK(check("script", "user = x\ncommand = relative\n") ==
        "command: wants a program by its whole path, with arguments");
  CHECK(check("script", "command = \"\" /bin/x\n") == "command: wants a program by its whole path, with arguments");
  CHECK(check("script", "command = /bin/x \"a b\n") == "the quote is not closed");
  CHECK(check("file", "") == "a file check needs `path'");
  CHECK(check("file", "path = x\n") == "path: must start with `/'");
  CHECK(check("tcp", "security = starttls\n") == "type = tcp knows plain and tls only");
  CHECK(check("tcp", "verify = no\n") == "`verify' needs `security = tls' or `starttls'");
  CHECK(check("smtp", "expiry_days = 9\n") == "`expiry_days' needs `security = tls' or `starttls'");
  CHECK(check("smtp", "security = starttls\nexpiry_days = 9\n").empty());
  CHECK(check("https", "expiry_days = 9\n").empty());
  CHECK(check("http", "verify = no\n") == "`verify' does not go with type = http");
  CHECK(faults("[check c]\ntype = http\nkey = file:/key\n") ==
        "k.conf:3:1: error: `key' does not go with type = http\n"
        "  key = file:/key\n"
        "  ^\n");  // and no word on what else it would need
  CHECK(check("https", "security = plain\n") == "`security' does not go with type = https");
  CHECK(check("https", "verify = maybe\n") == "verify: wants `yes' or `no'");
  CHECK(check("https", "ca = /etc/ca.pem\n") == "ca: wants file:/PATH");
  CHECK(check("https", "ca = text:x\n") == "ca: wants file:/PATH");
  CHECK(check("https", "ca = file:/ca.pem\n") == "ca: cannot read /ca.pem: No such file or directory");
  CHECK(check("ftp", "url = /a\nurl = /b\n") == "type = ftp takes one url");
  CHECK(check("http", "url = /a b\n") == "url: has a blank: write %20");
  CHECK(check("http", "method = get\n") == "method: wants a method such as GET or HEAD");
  CHECK(check("http", "status = 200-299, 99\n") == "status: wants HTTP status codes and ranges: 200-299, 301");
  CHECK(check("http", "status = 299-200\n") == "status: wants HTTP status codes and ranges: 200-299, 301");
  CHECK(check("http", "digest = ABCD\n") == "digest: wants 32 (MD5) or 64 (SHA-256) digits of 0-9, a-f");
  CHECK(check("http", "http_version = 3\n") == "http_version: wants `1.0', `1.1' or `2'");
  CHECK(check("http", "body = a(b\n") ==
        "body: is no regular expression: missing closing parenthesis (after 3 letters)");
  CHECK(check("http", "body_not = *\n") ==
        "body_not: is no regular expression: quantifier does not follow a repeatable item (after 0 letters)");
  CHECK(check("tcp", "expect = [a\n") ==
        "expect: is no regular expression: missing terminating ] for character class (after 2 letters)");
  CHECK(check("dns", "expect = [a\n").empty());
  CHECK(check("http", "host =\n") == "host: wants a text");
  CHECK(check("dns", "record_type = AAA\n") ==
        "record_type: wants `A', `AAAA', `CNAME', `MX', `NS', `PTR', `SOA', `SRV' or `TXT'; did you mean `AAAA'?");
  CHECK(check("tcp", "send = a\\q\n") == "send: wants text with \\r \\n \\t \\0 \\xHH or \\\\ as its only escapes");
  CHECK(check("tcp", "interface = a-name-too-long0\n") == "interface: wants an interface's name: at most 15 letters");
  CHECK(check("tcp", "source = host\n") ==
        "source: wants an address such as 10.0.0.1 or fd00::1; names are not looked up: write an address");
  CHECK(check("tcp", "via = path\naddress = 10.0.0.1\n") == "the path of `via = path' has its own");
  CHECK(check("tcp", "via = path\nmark = 1\n") == "the path of `via = path' has its own");
  CHECK(check("tcp", "via = path\nsource_port = 4000\n") ==
        "with via = path the probes of all servers would be one connection");
  CHECK(check("tcp", "send = x\nsource_port = 4000\n") == "`source_port' with `send' needs `expect'");
  CHECK(check("ping", "source_port = 4000\n") == "`source_port' does not go with type = ping");
  CHECK(check("tcp", "source_port = 65536\n") == "source_port: wants a port from 1 to 65535");
  CHECK(check("http", "body_from = 1\n") == "`body_from' needs `body' or `body_not'");
  CHECK(check("http", "body = x\nbody_from = 5\nbody_to = 5\n") == "must be more than body_from");
  CHECK(check("http", "body = x\nbody_from = 5\nbody_limit = 5\n") ==
        "must be less than body_limit: a longer answer has failed");
  CHECK(check("ping", "via = path\n") == "`via' does not go with type = ping");
  CHECK(check("ping", "port = 80\n") == "`port' does not go with type = ping");
}

TEST_CASE("pools: what is missing, and what does not go together") {
  const std::string one = "server = 10.0.0.1:80 weight=3\n";
  CHECK(pool("") == "a pool needs `server'");
  CHECK(pool(one + "check = c, c\n") == "check: `c' stands here twice");
  CHECK(pool(one + "check = c\nrequire = 2 of\n") == "2 of 1 checks cannot pass");
  CHECK(pool(one + "require = some\n") == "require: wants `all', `any' or `N of'");
  CHECK(pool(one + "sorry_inhibit = yes\n") == "`sorry_inhibit' needs `sorry_server'");
  CHECK(pool(one + "hysteresis = 1\n") == "must be less than the quorum of 1, which could never be lost");
  CHECK(pool(one + "quorum = 4\n") == "quorum and hysteresis need a weight of 4; all servers together have 3");
  CHECK(pool(one + "quorum = 3\nhysteresis = 2\n") ==
        "quorum and hysteresis need a weight of 5; all servers together have 3");
  CHECK(pool(one + "quorum = 3\n").empty());
  CHECK(pool(one + "check = f\nquorum = 9\n[check f]\ntype = file\npath = /weight\n").empty());
  CHECK(pool(one + one) == "server 10.0.0.1:80 stands in this pool twice");
  CHECK(pool("server = 10.0.0.1:80 name=a\nserver = 10.0.0.2:80 name=a\n") ==
        "two servers of this pool are called `a'");
  CHECK(pool(one + "sorry_server = 10.0.0.1:80\n") == "the sorry server is one of the pool's servers");
  CHECK(pool(one + "sorry_server = 10.0.0.2:80 check_port=1\n") ==
        "sorry_server: a sorry server has no option `check_port=1'");
  CHECK(pool(one + "on_failure = remov\n") == "on_failure: wants `remove' or `quiesce'; did you mean `remove'?");
}

TEST_CASE("server lines") {
  CHECK(server("") == "server: wants ADDRESS:PORT and options such as weight=100");
  CHECK(server("10.0.0.1:80 \"x") == "the quote is not closed");
  CHECK(server("host:80") ==
        "server: `host:80' is no address such as 10.0.0.11:80 or [fd00::11]:80; names are not looked up: write an "
        "address");
  CHECK(server("10.0.0.1:80 weight") == "server: weight wants a value: weight=VALUE");
  CHECK(server("10.0.0.1:80 weight=-1") == "server: weight wants a number from 0 to 2147483647");
  CHECK(server("10.0.0.1:80 weight=2147483648") == "server: weight wants a number from 0 to 2147483647");
  CHECK(server("10.0.0.1:80 weight=2147483647").empty());
  CHECK(server("10.0.0.1:80 weight=1 weight=2") == "server: weight stands here twice");
  CHECK(server("10.0.0.1:80 name=") == "server: name has letters, digits, `_', `.' and `-' only");
  CHECK(server("10.0.0.1:80 name=a/b") == "server: name has letters, digits, `_', `.' and `-' only");
  CHECK(server("10.0.0.1:80 forward=gate") ==
        "server: forward wants `nat', `dr', `tunnel', `local' or `bypass'; did you mean `dr'?");
  CHECK(server("10.0.0.1:80 check_port=0") == "server: check_port wants a port from 1 to 65535");
  CHECK(server("10.0.0.1:80 check_address=x") ==
        "server: check_address wants an address; names are not looked up: write an address");
  CHECK(server("10.0.0.1:80 on_up=x") == "server: on_up wants a program by its whole path");
  CHECK(server("10.0.0.1:80 lower=2") == "lower is greater than upper");
  CHECK(server("10.0.0.1:80 upper=1 lower=2") == "lower is greater than upper");
  CHECK(server("10.0.0.1:80 upper=2147483648") == "server: upper wants a number from 0 to 2147483647");
}

TEST_CASE("global keys") {
  for (const Row& row : {
           Row{"mail_server = mail.example.net\nmail_to = a@b\n",
               "mail_server: must start with `smtp://' or `smtps://'"},
           Row{"mail_server = smtp://m\n", "`mail_server' needs `mail_to'"},
           Row{"mail_to = a@b\n", "`mail_to' needs `mail_server'"},
           Row{"mail_repeat = 1h\n", "`mail_repeat' needs `mail_server'"},
           Row{"mail_server = smtp://m\nmail_to = ops\n", "mail_to: wants mail addresses, with commas between them"},
           Row{"webhook = ftp://x\n", "webhook: must start with `http://' or `https://'"},
           Row{"notify = on-change\n", "notify: wants a program by its whole path, with arguments"},
           Row{"notify_pipe = pipe\n", "notify_pipe: must start with `/'"},
           Row{"marks = 9-8\n", "marks: wants FIRST-LAST, such as 65536-131071"},
           Row{"marks = 0-8\n", "marks: wants FIRST-LAST, such as 65536-131071"},
           Row{"marks = 8\n", "marks: wants FIRST-LAST, such as 65536-131071"},
           Row{"marks = 1-9\npath_marks = 9-10\n", "`marks' and `path_marks' overlap"},
           Row{"path_marks = 65536-65536\n", "`marks' and `path_marks' overlap"},
           Row{"path_marks = 9\n", "path_marks: wants FIRST-LAST, such as 65536-131071"},
           Row{"check_interval = 1\n",
               "check_interval: wants a time such as 2s or 100ms, from 10ms to 1d; the unit is missing: 1s"},
           Row{"router_id = ${NAEM}\n", "the environment has no `NAEM'"},
           Row{"[ipvs]\ntimeout_tcp = 1500ms\n", "timeout_tcp: wants whole seconds"},
           Row{"[metrics]\nlisten = 127.0.0.1\n", "listen: wants ADDRESS:PORT"},
       }) {
    CAPTURE(row.text);
    CHECK(fault("[global]\n" + row.text) == row.fault);
  }
}

TEST_CASE("a fault brings no others about") {
  // A check of a bad type is still a check, a bad server line still a server.
  CHECK(faults("[check a]\ntype = x\n[pool p]\ncheck = a\nserver = 10.0.0.1:80\n") ==
        "k.conf:2:8: error: no such type: `x'\n"
        "  type = x\n"
        "         ^\n");
  CHECK(faults("[pool p]\nserver = bad\nserver = worse\nquorum = 9\n") ==
        "k.conf:2:10: error: server: `bad' is no address such as 10.0.0.11:80 or [fd00::11]:80; names are not looked "
        "up: write an address\n"
        "  server = bad\n"
        "           ^\n"
        "k.conf:3:10: error: server: `worse' is no address such as 10.0.0.11:80 or [fd00::11]:80; names are not looked "
        "up: write an address\n"
        "  server = worse\n"
        "           ^\n");
  CHECK(faults(web_pool + "[virtual_server s]\naddress = bad\npool = web\n") ==
        "k.conf:4:11: error: address: `bad' is no address such as 10.0.0.100:80, [fd00::100]:80 or "
        "10.0.0.100-109:80; names are not looked up: write an address\n"
        "  address = bad\n"
        "            ^\n");
  CHECK(faults(web_pool + "[virtual_server s]\nfwmark = bad\npool = web\n") ==
        "k.conf:4:10: error: fwmark: wants a number from 1 to 4294967295\n"
        "  fwmark = bad\n"
        "           ^\n");
}

TEST_CASE("a file that cannot be read has no line") {
  const auto config = load_texts({});
  REQUIRE(!config);
  CHECK(base::render(config.error()) == "k.conf: error: cannot read k.conf: No such file or directory\n");
}

TEST_CASE("a file in which nothing stands is a fault: it was emptied by accident") {
  const std::string nothing = "nothing stands in it; to have no services on purpose, write [global]";
  for (const char* text : {"", "\n", "; no more\n"}) CHECK(fault(text) == nothing);
  CHECK(fault("[global]\n").empty());
}

TEST_CASE("HEAD gets no body: nothing can be asked of it") {
  for (const char* key : {"body = x", "body_not = x", "digest = d41d8cd98f00b204e9800998ecf8427e"})
    CHECK(fault(std::string{"[check c]\ntype = http\nmethod = HEAD\n"} + key + "\n") == "method = HEAD gets no body");
}

TEST_CASE(
    "words of keepalived, names for addresses, ports too high, comments without a blank: what was meant is said") {
  CHECK(check("tcp", "interval = 1s; often\n") ==
        "interval: wants a time such as 2s or 100ms, from 10ms to 1d; a comment needs a blank before its `;'");
  CHECK(check("tcp", "delay_loop = 6\n") == "[check] has no key `delay_loop'; did you mean `interval'?");
  CHECK(check("tcp", "lb_kind = DR\n") == "[check] has no key `lb_kind'; did you mean `forward' in [virtual_server]?");
  CHECK(pool("real_server = 10.0.0.1:80\nserver = 10.0.0.1:80\n") ==
        "[pool] has no key `real_server'; did you mean `server'?");
  CHECK(pool("server = 10.0.0.1:80\nnotify_up = /x\n") ==
        "[pool] has no key `notify_up'; did you mean `on_up' on a server's line?");
  CHECK(server("10.0.0.1:80 uthreshold=7") == "server: a server has no option `uthreshold=7'; did you mean `upper'?");
  const std::string forward = "server: forward wants `nat', `dr', `tunnel', `local' or `bypass'; did you mean ";
  for (const auto& [word, here] : {std::pair{"masq", "nat"}, {"NAT", "nat"}, {"DR", "dr"}, {"TUN", "tunnel"}})
    CHECK(server(std::string{"10.0.0.1:80 forward="} + word) == forward + "`" + here + "'?");
  CHECK(server("10.0.0.1:65536") ==
        "server: `10.0.0.1:65536' is no address such as 10.0.0.11:80 or [fd00::11]:80; a port is at most 65535");
}

TEST_CASE("warnings: a pool without a check, a server without one, a check that no pool uses") {
  const std::string text =
      "[check a]\ntype = tcp\n[check b]\ntype = tcp\n[pool p]\nserver = 10.0.0.1:80\n"
      "[pool q]\ncheck = a\nserver = 10.0.0.1:80\n[pool r]\nserver = 10.0.0.1:80 check=a\nserver = 10.0.0.2:80\n";
  CHECK(warnings(text) ==
        "k.conf:3:1: warning: no pool uses check b\n  [check b]\n  ^\n"
        "k.conf:5:1: warning: pool p has no check: its servers count as up for ever\n  [pool p]\n  ^\n"
        "k.conf:10:1: warning: 1 of 2 servers of pool r have no check: they count as up for ever\n  [pool r]\n  ^\n");
  CHECK(warnings("[pool p]\n").empty());
}

}  // namespace faults_test
