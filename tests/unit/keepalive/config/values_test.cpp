#include "config/values.hpp"

#include <doctest/doctest.h>

namespace values_test {

using namespace keepalive;
using namespace keepalive::config;

TEST_CASE("times have a unit") {
  struct Row {
    const char* text;
    std::optional<Milliseconds> time;
  };
  for (const Row& row :
       {Row{"0", Milliseconds{0}}, Row{"100ms", Milliseconds{100}}, Row{"2s", Milliseconds{2000}},
        Row{"5m", Milliseconds{300'000}}, Row{"1h", Milliseconds{3'600'000}}, Row{"7d", Milliseconds{604'800'000}},
        Row{"0s", Milliseconds{0}}, Row{"2", std::nullopt}, Row{"", std::nullopt}, Row{"s", std::nullopt},
        Row{"-1s", std::nullopt}, Row{"1.5s", std::nullopt}, Row{"2 s", std::nullopt}, Row{"2S", std::nullopt},
        Row{"2sec", std::nullopt}, Row{"9223372036854775807d", std::nullopt},
        Row{"99999999999999999999s", std::nullopt}}) {
    CAPTURE(row.text);
    CHECK((read_time(row.text) == row.time));
  }
  for (const char* text : {"0", "1ms", "999ms", "1s", "90s", "61m", "25h", "7d"})
    CHECK(print_time(*read_time(text)) == text);
  CHECK(print_time(Milliseconds{60'000}) == "1m");
}

TEST_CASE("words, quotes and back") {
  using Words = std::vector<std::string>;
  CHECK(read_words("a \t b") == Words{"a", "b"});
  CHECK(read_words("") == Words{});
  CHECK(read_words("\"a b\" c\"d e\"f \"\"") == Words{"a b", "cd ef", ""});
  CHECK(!read_words("a \"b"));
  for (const Words& words : {Words{}, Words{"a"}, Words{"", "a b", "\t", ";", "#x", "a=b"}})
    CHECK(read_words(print_words(words)) == words);
}

TEST_CASE("escapes and back, for every byte") {
  std::string all;
  for (int i = 0; i < 256; ++i) all += static_cast<char>(i);
  CHECK(read_escaped(print_escaped(all)) == all);
  CHECK(read_escaped("a\\r\\n\\t\\0\\\\\\x7f\\xFF") == std::string{"a\r\n\t\0\\\x7f\xff", 8});
  for (const char* text : {"\\", "\\q", "\\x", "\\x1", "\\xg0", "\\x0g"}) {
    CAPTURE(text);
    CHECK(!read_escaped(text));
  }
}

TEST_CASE("places") {
  const auto place = [](const char* text) {
    const auto read = read_place(text);
    return read ? to_string(*read) : "none";
  };
  CHECK(place("10.0.0.1:80") == "10.0.0.1:80");
  CHECK(place("10.0.0.1") == "10.0.0.1:0");
  CHECK(place("fd00::1") == "[fd00::1]:0");
  CHECK(place("[fd00::1]") == "[fd00::1]:0");
  CHECK(place("[fd00::1]:80") == "[fd00::1]:80");
  for (const char* text : {"", ":80", "10.0.0.1:", "10.0.0.1:65536", "10.0.0.1:x", "[fd00::1", "[fd00::1]80",
                           "[fd00::1]:", "10.0.0", "host", "10.0.0.1:80 x"}) {
    CAPTURE(text);
    CHECK(place(text) == std::string{"none"});
  }
}

TEST_CASE("ranges") {
  const auto count = [](const char* text) {
    const auto list = read_range(text);
    return list ? list->size() : 0;
  };
  CHECK(count("10.0.0.1:80") == 1);
  CHECK(count("10.0.0.1-3:80-89") == 30);
  CHECK(count("[fd00::1-ff]:80") == 255);
  CHECK(count("10.0.0.0-255:0-255") == 65536);
  for (const char* text :
       {"10.0.0.3-1:80", "10.0.0.1-256:80", "10.0.0.1-3-5:80", "10.0.0.1-:80", "10.0.0-1.1:80", "10.0.0.1:89-80",
        "10.0.0.1:80-65536", "10.0.0.0-255:0-256", "[fd00::1-10000]:80", "-", ""}) {
    CAPTURE(text);
    CHECK(count(text) == 0);
  }
}

TEST_CASE("status codes") {
  CHECK(read_status("200") == StatusRange{200, 200});
  CHECK(read_status("100-999") == StatusRange{100, 999});
  for (const char* text : {"99", "1000", "300-200", "200-", "2xx", ""}) {
    CAPTURE(text);
    CHECK(!read_status(text));
  }
  CHECK(print_status({200, 200}) == "200");
  CHECK(print_status({200, 299}) == "200-299");
}

}  // namespace values_test
