#include "option_reader.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

namespace ipvsadm {
namespace {

using Words = std::vector<std::string_view>;

/// All items as one text: "-L", "-p 100", then "!unknown -x", then "| words".
std::string transcript(const Words& words, Dialect dialect = Dialect::ipvsadm) {
  OptionReader reader{words, dialect};
  std::string text;
  auto item = reader.next();
  for (; item.option; item = reader.next()) {
    text += '<';
    text += item.option->name.empty() ? std::string_view{"l"} : item.option->name;
    if (item.argument) text += '=' + std::string{*item.argument};
    text += '>';
  }
  if (item.fault != OptionReader::Fault::none) text += '!' + std::string{reader.word()};
  for (const auto word : reader.arguments()) text += '|' + std::string{word};
  return text;
}

struct Row {
  Words words;
  std::string_view transcript;
};

TEST_CASE("popt 1.19: how options are read") {
  const auto rows = std::vector<Row>{
      {{}, ""},
      {{"-L", "-n"}, "<list><numeric>"},
      {{"-Ln"}, "<list><numeric>"},
      {{"-l"}, "<l>"},
      {{"-list"}, "<l><ipip><scheduler=t>"},
      {{"-t", "a:1"}, "<tcp-service=a:1>"},
      {{"-ta:1"}, "<tcp-service=a:1>"},
      {{"-t=a:1"}, "<tcp-service=a:1>"},
      {{"-t="}, "<tcp-service=>"},
      {{"-At", "a:1"}, "<add-service><tcp-service=a:1>"},
      {{"--tcp-service=a:1"}, "<tcp-service=a:1>"},
      {{"--tcp-service="}, "<tcp-service=>"},
      {{"--tcp-service", "a:1"}, "<tcp-service=a:1>"},
      {{"--tcp-serv", "a:1"}, "!--tcp-serv"},
      {{"--list=3"}, "!--list=3"},
      {{"-L=3"}, "!-L=3"},
      {{"-n="}, "!-n="},
      {{"-p", "100", "-n"}, "<persistent=100><numeric>"},
      {{"-p", "-n"}, "<persistent><numeric>"},
      {{"-p", "-5"}, "<persistent>!-5"},
      {{"-p"}, "<persistent>"},
      {{"-p", ""}, "<persistent=>"},
      {{"--persistent="}, "<persistent=>"},
      {{"-w", "-1"}, "<weight=-1>"},
      {{"-w"}, "!-w"},
      {{"--weight"}, "!--weight"},
      {{"-nX-"}, "<numeric><exact>!-nX-"},
      {{"a", "-L", "b"}, "<list>|a|b"},
      {{"-L", "--", "-n", "c"}, "<list>|-n|c"},
      {{"-", "-L"}, "<list>|-"},
      {{"-6"}, "<ipv6>"},
      {{""}, "|"},
  };
  for (const Row& row : rows) CHECK(transcript(row.words) == row.transcript);
}

TEST_CASE("options of ipvsadm-ng are unknown to ipvsadm") {
  CHECK(transcript({"--json"}) == "!--json");
  CHECK(transcript({"--json"}, Dialect::ng) == "<json>");
}

}  // namespace
}  // namespace ipvsadm
