#include "import/lines.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "imports.hpp"

namespace lines_test {

using namespace keepalive::import;
using namespace keepalive::import::test;

namespace {

/// Lines with their numbers; "-": left out. A fault is "line:column: text".
std::string lines_of(std::map<std::string, std::string> texts, std::size_t most = 1U << 20U) {
  const auto lines = read_lines(main_file, Texts{std::move(texts)},
                                {.id = "main", .folder = "/w", .environment = {{"HOME", "/root"}}, .most = most});
  if (!lines) {
    const auto& fault = lines.error();
    return fmt::format("{}:{}: {}", fault.position.line, fault.position.column, fault.text);
  }
  std::string text;
  for (const Line& line : *lines)
    text += fmt::format("{}{} {}\n", line.remark.empty() ? "" : "-", line.at.line, line.text);
  return text;
}
std::string lines_of(const std::string& text) { return lines_of({{main_file, text}}); }

struct Row {
  std::string text;
  std::string lines;
};

}  // namespace

TEST_CASE("keepalived.conf(5): comments begin with # or ! anywhere outside double quotes") {
  CHECK(lines_of("# a\n  ! b\na b # c\nd \"e # f\" ! g\nh 'i # j'\n\n") == "3 a b\n4 d \"e # f\"\n5 h 'i\n");
  CHECK(lines_of("a \\\n  b \\\n  c\nd\n") == "1 a b c\n4 d\n");
  CHECK(lines_of("a \\") == "1 a\n");
}

TEST_CASE("keepalived.conf(5): conditional lines count for their config-id") {
  const Row rows[] = {
      {"@main a\n@backup b\n@^main c\n@^backup d\n", "1 a\n-2 @backup b\n-3 @^main c\n4 d\n"},
      {"@main $P=240\n@backup $P=200\npriority $P\n", "-2 @backup $P=200\n3 priority 240\n"},
      {"$IF_MAIN=@main\n$IF_MAIN priority 240\n$IF=@other\n$IF priority 2\n", "2 priority 240\n-4 @other priority 2\n"},
  };
  for (const Row& row : rows) CHECK(lines_of(row.text) == row.lines);
}

TEST_CASE("keepalived.conf(5): definitions are put in when they are used, not when they are made") {
  const Row rows[] = {
      {"$ADDRESS_BASE=10.2.${ADDRESS_BASE_SUB}\n$ADDRESS_BASE_SUB=0\n${ADDRESS_BASE}.100/32\n$ADDRESS_BASE_SUB=10\n"
       "${ADDRESS_BASE}.100/32\n",
       "3 10.2.0.100/32\n5 10.2.10.100/32\n"},
      {"$A=1\nx $A y\nx $AB\nx$A\nx ${B} $ $$A\n", "2 x 1 y\n3 x $AB\n4 x1\n5 x ${B} $ $1\n"},
      {"$E=\na $E b\n$E\n", "2 a  b\n"},
      {"$I= \\\n  instance ${N} { \\\n    @high priority 1 \\\n    @main priority 2 \\\n  }\n$N=0\n$I\n$N=1\n$I\n",
       "2 instance 0 {\n-3 @high priority 1\n4 priority 2\n5 }\n2 instance 1 {\n-3 @high priority 1\n4 priority 2\n5 "
       "}\n"},
      {"$R= \\\n real ${S}.${R_} { \\\n }\n$V= \\\n virtual ${S} { \\\n $R_=1 \\\n $R \\\n $R_=2 \\\n $R \\\n "
       "}\n$S=7\n$V\n",
       "5 virtual 7 {\n2 real 7.1 {\n3 }\n2 real 7.2 {\n3 }\n10 }\n"},
      {"a ${_PWD}/x ${_INSTANCE} ${_HASH} ${_BANG} ${_ENV HOME} ${_ENV NONE}\n",
       "1 a /etc/keepalived/x main # ! /root ${_ENV NONE}\n"},
      {"a ${_RANDOM 7 9}\n", "-1 a ${_RANDOM 7 9}\n1 a 7\n"},
  };
  for (const Row& row : rows) CHECK(lines_of(row.text) == row.lines);
}

TEST_CASE("keepalived.conf(5): ~SEQ and ~LST repeat the rest of their line") {
  const Row rows[] = {
      {"~SEQ(SUBNET, 0, 3) ip 10.0.${SUBNET}.1\n", "1 ip 10.0.0.1\n1 ip 10.0.1.1\n1 ip 10.0.2.1\n1 ip 10.0.3.1\n"},
      {"~SEQ(A, 2) a $A\n~SEQ(B, -2) b $B\n", "1 a 1\n1 a 2\n2 b -1\n2 b -2\n"},
      {"~SEQx(SUBNET, 0x90, 0x10, 0xb0) ip fe80::${SUBNET}:1\n", "1 ip fe80::90:1\n1 ip fe80::a0:1\n1 ip fe80::b0:1\n"},
      {"~SEQ(A, 5, -2, 1) ~SEQ(B, 1, 2) $A $B\n", "1 5 1\n1 5 2\n1 3 1\n1 3 2\n1 1 1\n1 1 2\n"},
      {"~LST(IP, 1, x, 3) 10.${IP}\n", "1 10.1\n1 10.x\n1 10.3\n"},
      {"~LST({IP, IP1}, {10,1},{20,4}) ~SEQ(IP2,168,2,170) 192.${IP2}.${IP}.${IP1}\n",
       "1 192.168.10.1\n1 192.170.10.1\n1 192.168.20.4\n1 192.170.20.4\n"},
      {"$N=2\n~SEQ(A, ${N}) a $A\n", "2 a 1\n2 a 2\n"},
  };
  for (const Row& row : rows) CHECK(lines_of(row.text) == row.lines);
}

TEST_CASE("keepalived.conf(5): included files stand where include does, relative to the file they stand in") {
  const std::string folder = "/etc/keepalived/";
  CHECK(lines_of({{main_file, "a\ninclude conf.d/*.conf\nb\n"},
                  {folder + "conf.d/1.conf", "one\ninclude sub/x\n"},
                  {folder + "conf.d/2.conf", "two ${_PWD}\n"},
                  {folder + "conf.d/sub/x", "x\n"}}) == "1 a\n1 one\n1 x\n1 two /etc/keepalived/conf.d\n3 b\n");
  CHECK(lines_of({{main_file, "include {p,q}.conf\n"}, {folder + "p.conf", "p\n"}, {folder + "q.conf", "q\n"}}) ==
        "1 p\n1 q\n");
  CHECK(lines_of({{main_file, "@main include p\n@x include p\n$F=p\ninclude $F\n~SEQ(A, 1, 2) include q$A\n"},
                  {folder + "p", "p\n"},
                  {folder + "q1", "q\n"},
                  {folder + "q2", "r\n"}}) == "1 p\n-2 @x include p\n1 p\n1 q\n1 r\n");
  CHECK(lines_of("include nothing\nincluder no*\nx\n") == "-1 include nothing\n-2 includer no*\n3 x\n");
}

TEST_CASE("what cannot be read is told at its line") {
  const Row rows[] = {
      {"a\nincludem nothing\n", "2:1: no file is called /etc/keepalived/nothing"},
      {"  includew no*\n", "1:3: no file is called /etc/keepalived/no*"},
      {"include\n", "1:1: include wants one path or pattern"},
      {"\n\n  $A=x $A \n$A\n", "4:1: definitions and loops come to more than anybody can mean: is one endless?"},
      {"$A= \\\n b \\\n $A\n\n$A\n", "2:2: definitions within definitions, 50 deep: one means itself"},
      {"~SEQ(A, 1, 0, 3) $A\n", "1:1: a step of 0 never ends"},
      {"~SEQ(A, x) $A\n", "1:1: ~SEQ wants (NAME, START, STEP, END), without START and STEP if need be"},
      {"~SEQ(A, 1\n", "1:1: the `)' of ~SEQ( is missing"},
      {"~LST({A,B}, {1}) $A\n", "1:1: ~LST: 2 names, and 1 values in {1}"},
      {"~SEQ(A, 1, 1000000000) $A\n", "1:1: definitions and loops come to more than anybody can mean: is one endless?"},
  };
  for (const Row& row : rows) CHECK(lines_of(row.text) == row.lines);
  CHECK(lines_of({{main_file, "x\ninclude keepalived.conf\n"}}) ==
        "2:1: files include files 50 deep: one includes itself");
  CHECK(lines_of(std::map<std::string, std::string>{}) ==
        "0:0: cannot read /etc/keepalived/keepalived.conf: No such file or directory");
}

}  // namespace lines_test
