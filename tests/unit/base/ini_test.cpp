#include "base/ini.hpp"

#include <doctest/doctest.h>

#include <ostream>

using namespace base;

namespace {

/// Every entry of a text as "key|value", its sections as "[kind|name]", its faults as "line:column: text".
std::string parsed(std::string_view text, const ini::Environment& environment = {}) {
  std::vector<Diagnostic> faults;
  std::string all;
  for (const ini::Section& section : ini::read("f", text, environment, faults)) {
    all += "[" + section.kind + "|" + section.name + "]" + (section.faulty ? "!" : "") + "\n";
    for (const ini::Entry& entry : section.entries)
      all += std::string{entry.key} + "|" + std::string{entry.value} + (entry.faulty ? "|!" : "") + "\n";
  }
  for (const Diagnostic& fault : faults)
    all += std::to_string(fault.position.line) + ":" + std::to_string(fault.position.column) + ": " + fault.text + "\n";
  return all;
}

/// The value of `a = TEXT`.
std::string value(const std::string& text, const ini::Environment& environment = {}) {
  const std::string all = parsed("[s]\na = " + text + "\n", environment);
  const std::string head = "[s|]\na|";
  REQUIRE(all.starts_with(head));
  return all.substr(head.size(), all.size() - head.size() - 1);
}

}  // namespace

TEST_CASE("sections have a kind and perhaps a name; empty ones are there too, and each as often as it stands there") {
  CHECK(parsed("[global]\n[check web-ok]\na = 1\n[check web-ok]\n [ pool \t web  ] ; x\nb=2") ==
        "[global|]\n[check|web-ok]\na|1\n[check|web-ok]\n[pool|web]\nb|2\n");
}

TEST_CASE("a key again is one more entry, and never continues the line before") {
  CHECK(parsed("[s]\na = 1\n   a = 2\na = 1\n") == "[s|]\na|1\na|2\na|1\n");
}

TEST_CASE("`=' alone separates") {
  CHECK(parsed("[s]\na = b:c = d\nurl=http://x:80/?q=1\n") == "[s|]\na|b:c = d\nurl|http://x:80/?q=1\n");
  CHECK(parsed("[s]\na : b\n") == "[s|]\n2:1: neither `[section]' nor `key = value'\n");
  CHECK(parsed("[s]\na:b = c\n") == "[s|]\n2:1: neither `[section]' nor `key = value'\n");
}

TEST_CASE("comments start a line, or follow a blank") {
  CHECK(parsed("; a\n# b\n  ; c\n[s]\n;a = 1\n") == "[s|]\n");
  struct Row {
    const char* text;
    const char* value;
  };
  for (const Row& row : {Row{"b ; c", "b"}, Row{"b # c", "b"}, Row{"b\t;c", "b"}, Row{"b;c", "b;c"}, Row{"b#c", "b#c"},
                         Row{"; c", ""}, Row{"", ""}, Row{"  b  c  ", "b  c"}}) {
    CAPTURE(row.text);
    CHECK(value(row.text) == row.value);
  }
}

TEST_CASE("quotes protect comments and blanks; around the whole value they vanish") {
  struct Row {
    const char* text;
    const char* value;
  };
  for (const Row& row : {Row{R"("b ; c" ; d)", "b ; c"}, Row{R"(" b ")", " b "}, Row{R"("")", ""},
                         Row{R"(/x "b ; c" d ; e)", R"(/x "b ; c" d)"}, Row{R"("a" "b")", R"("a" "b")"},
                         Row{R"(<a href="x">)", R"(<a href="x">)"}}) {
    CAPTURE(row.text);
    CHECK(value(row.text) == row.value);
  }
  CHECK(parsed("[s]\na = \"b ; c\n") == "[s|]\na|\"b ; c|!\n2:5: the quote is not closed\n");
  CHECK(parsed("[s]\na = x \"y\" 5\" wide\n") == "[s|]\na|x \"y\" 5\" wide|!\n2:12: the quote is not closed\n");
  CHECK(parsed("[s]\na = b ; 5\"\n") == "[s|]\na|b\n");
}

TEST_CASE("lines longer than inih's 199 characters come whole") {
  const std::string longer(5000, 'x');
  CHECK(value(longer) == longer);
  CHECK(value(longer + " ; " + longer) == longer);
  CHECK(parsed("[s]\na = " + std::string(65536, 'x') + "\nb = 1\n") ==
        "[s|]\nb|1\n2:1: line longer than 65536 bytes\n");
  CHECK(parsed("[s]\n" + std::string(50, 'x') + " = 1\n") == "[s|]\n2:1: a key has at most 49 letters\n");
}

TEST_CASE("a byte order mark and the line ends of other systems do no harm") {
  CHECK(parsed("\xEF\xBB\xBF[s]\r\na = b\r\n\r\nc = d\r\n") == "[s|]\na|b\nc|d\n");
}

TEST_CASE("what is no text is told with its place") {
  CHECK(parsed(std::string_view{"[s]\nab\0c = 1\nd = 2\n", 19}) ==
        "[s|]\nd|2\n2:3: control character in the line: is this a text file?\n");
  CHECK(parsed("[s]\na = \x1b[31m\n") == "[s|]\n2:5: control character in the line: is this a text file?\n");
  CHECK(parsed("[s]\na = b\rc = d\n") == "[s|]\n2:6: control character in the line: is this a text file?\n");
}

TEST_CASE("every fault has its place, and what is good is read") {
  CHECK(parsed("a = 1\n[s\n[t] x\n= 1\nword\n  a b = 1\na ;b = 2\nc = 3\n") ==
        "[s|]!\n[t|]\nc|3\n"
        "1:1: a key before the first [section]\n"
        "2:1: the section's `]' is missing\n"
        "3:5: text after the section's `]'\n"
        "4:1: neither `[section]' nor `key = value'\n"
        "5:1: neither `[section]' nor `key = value'\n"
        "6:3: neither `[section]' nor `key = value'\n"
        "7:1: neither `[section]' nor `key = value'\n");
}

TEST_CASE("only ${NAME} expands, and the name must be known") {
  const ini::Environment environment{{"HOST", "lvs1"}, {"NONE", ""}, {"LINES", "a\nb"}, {"DEEP", "${HOST}"}};
  CHECK(value("a${HOST}b${NONE}c ${HOST}", environment) == "alvs1bc lvs1");
  CHECK(value("$HOST $(HOST) %{HOST} {HOST} $ $$ ^a$", environment) == "$HOST $(HOST) %{HOST} {HOST} $ $$ ^a$");
  CHECK(value("${DEEP}", environment) == "${HOST}");
  CHECK(parsed("[s]\na = x${HOTS}y${}\nb = ${HOST\nc = ${LINES}\n${HOST} = 1\n", environment) ==
        "[s|]\na|xy|!\nb||!\nc||!\n"
        "2:6: the environment has no `HOTS'\n"
        "2:14: the environment has no `'\n"
        "3:5: the `}' of `${' is missing\n"
        "4:5: `LINES' of the environment has control characters\n"
        "5:1: neither `[section]' nor `key = value'\n");
}

TEST_CASE("entries know their places and lines") {
  std::vector<Diagnostic> faults;
  const auto place = [](const Position& at) {
    return std::string{at.file.text()} + ":" + std::to_string(at.line) + ":" + std::to_string(at.column);
  };
  std::string all;
  for (const ini::Section& section :
       ini::read("f", "\n [pool web] ; x\n\tserver =  \"10.0.0.1\" ; y\nempty =\nnone = ; c\n", {}, faults)) {
    all += section.kind + " " + section.name + " " + place(section.at) + "|" + std::string{section.source} + "\n";
    for (const ini::Entry& entry : section.entries)
      all += std::string{entry.key} + " " + place(entry.key_at()) + " " + std::string{entry.value} + " " +
             place(entry.value_at()) + "|" + std::string{entry.source} + "\n";
  }
  CHECK(faults.empty());
  CHECK(all ==
        "pool web f:2:2| [pool web] ; x\n"
        "server f:3:2 10.0.0.1 f:3:13|\tserver =  \"10.0.0.1\" ; y\n"
        "empty f:4:1  f:4:8|empty =\n"
        "none f:5:1  f:5:8|none = ; c\n");
}

TEST_CASE("a section whose bracket is missing takes its keys all the same") {
  CHECK(parsed("[s]\n[check b ; x\na = 1\n") == "[s|]\n[check|b]!\na|1\n2:1: the section's `]' is missing\n");
}

TEST_CASE("a part of a value is found in its line, unless the value is not written there as it counts") {
  std::vector<Diagnostic> faults;
  const auto sections = ini::read("f", "[s]\na = \"b, c\" ; x\nd = ${E}, c\n", {{"E", "e"}}, faults);
  CHECK(ini::place_of(sections[0].entries[0], 3).column == 9);
  CHECK(ini::place_of(sections[0].entries[0], 99).column == 10);
  CHECK(ini::place_of(sections[0].entries[1], 3).column == 5);
}

TEST_CASE("nothing gives nothing") {
  CHECK(parsed("").empty());
  CHECK(parsed("\n\n  \n").empty());
}
