#include "core/json.hpp"

#include <doctest/doctest.h>

#include <cstdint>

namespace keepalive::core {
namespace {

std::string of(std::string_view content) {
  Json json;
  json.value(content);
  return std::move(json).text();
}

TEST_CASE("RFC 8259 7: quotes, backslashes and control characters are escaped") {
  CHECK(of("a\"b\\c\n\t\r\x01\x7f") == R"("a\"b\\c\n\t\r\u0001\u007f")");
}

TEST_CASE("RFC 8259 8.1: text is UTF-8, whatever a server answered") {
  struct Row {
    std::string_view bytes;
    std::string_view text;
  };
  for (const Row& row :
       {Row{"gr\xC3\xBC\xC3\x9F", "gr\xC3\xBC\xC3\x9F"}, Row{"\xE2\x82\xAC", "\xE2\x82\xAC"},
        Row{"\xF0\x9F\x98\x80", "\xF0\x9F\x98\x80"}, Row{"a\xFFz", "a\xEF\xBF\xBDz"}, Row{"\xC3", "\xEF\xBF\xBD"},
        Row{"\xC0\xAF", "\xEF\xBF\xBD\xEF\xBF\xBD"}, Row{"\xED\xA0\x80", "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD"},
        Row{"\xE2\x82", "\xEF\xBF\xBD\xEF\xBF\xBD"},
        Row{"\xF4\x90\x80\x80", "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD"}})
    CHECK(of(row.bytes) == '"' + std::string{row.text} + '"');
}

TEST_CASE("objects, lists and values nest with commas between") {
  Json json;
  json.object([&] {
    json.member("a", 1);
    json.member("b", std::optional<int>{});
    json.array("c", [&] {
      json.value(true);
      json.object([&] {});
      json.array([&] {});
      json.value(UINT64_MAX);
    });
    json.object("d", [&] { json.member("e", "f"); });
    json.member("g", INT64_MIN);
  });
  CHECK(std::move(json).text() ==
        R"({"a":1,"b":null,"c":[true,{},[],18446744073709551615],"d":{"e":"f"},"g":-9223372036854775808})");
}

}  // namespace
}  // namespace keepalive::core
