// Properties of whatever a file may say, with numbers that are the same at every run.
#include <doctest/doctest.h>

#include <random>

#include "config/schema.hpp"
#include "config/words.hpp"
#include "texts.hpp"

namespace property_test {

using namespace keepalive;
using namespace keepalive::test;

namespace {

std::size_t below(std::mt19937& random, std::size_t limit) { return random() % limit; }

const std::string seed = R"([global]
router_id = ${NAME}
mail_server = smtp://m ; x
mail_to = a@b, c@d
marks = 65536-131071
[check web]
type = https
url = /x
status = 200-299, 301
body = "a ; b"
port = 443
source = 10.0.0.9
[check path]
type = tcp
via = path
[pool p]
check = web, path
require = any
server = 10.0.0.1 weight=2 name=a check=path
server = 10.0.0.2:80 on_up="/bin/x y" forward=tunnel tunnel=gue tunnel_port=6080
sorry_server = 10.0.0.3
quorum = 2
[virtual_server s]
address = tcp 10.0.0.100:80, 10.0.0.101-109:80
pool = p
scheduler = sh
scheduler_flags = sh-port
persistence = 5m
persistence_mask = 24
[virtual_server g]
address = [fd00::100]:53, udp 10.0.0.100:6970-6999
together = yes
persistence = 1m
forward = tunnel
pool = p
)";

/// A few letters lost, doubled, changed; or a line taken from elsewhere.
std::string mutated(std::mt19937& random) {
  constexpr std::string_view letters = "[]=;\",:-.$ {}\n\tax019/\\%#";
  std::string text = seed;
  for (std::size_t times = 1 + below(random, 4); times > 0 && !text.empty(); --times) {
    const std::size_t place = below(random, text.size());
    const std::size_t length = 1 + below(random, 12);
    switch (below(random, 4)) {
      case 0:
        text.erase(place, length);
        break;
      case 1:
        text.insert(place, text.substr(below(random, text.size()), length));
        break;
      case 2:
        text[place] = letters[below(random, letters.size())];
        break;
      default:
        text.insert(place, 1, letters[below(random, letters.size())]);
    }
  }
  return text;
}

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  for (std::size_t start = 0; start <= text.size();) {
    const std::size_t end = std::min(text.find('\n', start), text.size());
    lines.push_back(text.substr(start, end - start));
    start = end + 1;
  }
  return lines;
}

/// Any value that the key's setter takes, as its section writes it.
std::string value_for(const config::Key& key, std::mt19937& random) {
  if (key.high != 0) {
    const std::uint64_t number = key.low + random() % (key.high - key.low + 1);
    return std::to_string(number) + (key.kind == "time" ? "ms" : "");
  }
  if (key.kind == "yes or no") return below(random, 2) == 0 ? "yes" : "no";
  if (key.kind == "text" || key.kind == "host name" || key.kind == "bytes" || key.kind == "regex")
    return std::string{"x\"y;#, "}.substr(0, 1 + below(random, 7)) + "z";
  return "";
}

}  // namespace

TEST_CASE("random mutations of a good file give a configuration, or faults with their place and line in the file") {
  const auto whole = load_texts({{"k.conf", seed}});
  if (!whole) FAIL(base::render(whole.error()));
  std::mt19937 random{1};
  std::size_t faulty = 0;
  for (int i = 0; i < 3000; ++i) {
    const std::string text = mutated(random);
    const auto config = load_texts({{"k.conf", text}});
    if (config) continue;
    ++faulty;
    const auto lines = lines_of(text);
    for (const base::Diagnostic& fault : config.error()) {
      CAPTURE(text);
      CAPTURE(fault.text);
      REQUIRE(fault.position.file.text() == "k.conf");
      REQUIRE((fault.position.line >= 1 && fault.position.line <= lines.size()));
      REQUIRE(fault.source == lines[fault.position.line - 1]);
      REQUIRE((fault.position.column >= 1 && fault.position.column <= fault.source.size() + 1));
      REQUIRE(!fault.text.empty());
    }
  }
  CHECK(faulty > 1000);
}

TEST_CASE("random checks printed and parsed are the same checks") {
  std::mt19937 random{2};
  std::size_t good = 0;
  for (int i = 0; i < 2000; ++i) {
    const std::string_view word = config::check_types[below(random, config::check_types.size())].word;
    std::string text = "type = " + std::string{word} + "\n";
    for (const config::Key& key : config::keys()) {
      if (key.section != "check" || key.name == "type" || !config::applies(key, word) || below(random, 3) != 0)
        continue;
      const std::string value = value_for(key, random);
      if (!value.empty()) text += std::string{key.name} + " = " + value + "\n";
    }
    const auto check = parse_check("c", text);
    if (!check) continue;  // keys that need others
    ++good;
    CAPTURE(text);
    const auto again = parse_check("c", print_check(*check));
    REQUIRE(again);
    REQUIRE(*again == *check);
  }
  CHECK(good > 500);
}

}  // namespace property_test
