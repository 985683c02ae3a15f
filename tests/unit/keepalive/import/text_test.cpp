#include "import/text.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "import/document.hpp"
#include "import/payload.hpp"

namespace text_test {

using namespace keepalive::import;

namespace {
std::string joined(const std::optional<std::vector<std::string>>& words) {
  return words ? fmt::format("{}", fmt::join(*words, "|")) : "none";
}
}  // namespace

TEST_CASE("keepalived.conf(5): quoted strings") {
  CHECK(joined(plain_words(" a \"b c\"d  'e f' ")) == "a|b cd|'e|f'");
  CHECK(joined(plain_words("a \"b")) == "none");
  CHECK(joined(escaped_words("abcd\" efg h jkl \"mnop")) == "abcd efg h jkl mnop");
  CHECK(joined(escaped_words("abcd \"efg h jkl\" mnop 'a \"b'")) == "abcd|efg h jkl|mnop|a \"b");
  CHECK(joined(escaped_words(R"(a\tb \x41\x42 \101\ b \\ \"c \cA \E)")) == "a\tb|AB|A b|\\|\"c|\x01|\x1b");
  CHECK(joined(escaped_words("'a")) == "none");
  CHECK(joined(list_items("a, {b, c} ,d")) == "a|{b, c}|d");
  CHECK(joined(brace_expanded("a{b,c{d,e}}f")) == "abf|acdf|acef");
  CHECK(joined(brace_expanded("a{b")) == "a{b");
  CHECK(joined(brace_expanded("{1,2}{1,2}{1,2}{1,2}{1,2}{1,2}{1,2}{1,2}{1,2}{1,2}{1,2}")) == "none");
}

TEST_CASE("a value is quoted where it must be, and refused where INI has no way") {
  CHECK(written("plain value") == "plain value");
  CHECK(written(" a") == "\" a\"");
  CHECK(written("a ; b # c") == "\"a ; b # c\"");
  CHECK(written("a \"b\" c") == "a \"b\" c");
  CHECK(written("a \" c") == std::nullopt);
  CHECK(written("\"a\" ; b") == std::nullopt);
  CHECK(written("a\nb") == std::nullopt);
  CHECK(written("${HOME}") == std::nullopt);
  CHECK(written(std::vector<std::string>{"/bin/a", "b c", "d"}) == "/bin/a \"b c\" d");
  CHECK(written(std::vector<std::string>{"/bin/a", "b\"c"}) == std::nullopt);
}

TEST_CASE("UDP_CHECK of keepalived.conf(5): hexadecimal, freely written") {
  const auto bytes = read_payload(" Ab12f 3 456 546443123");
  REQUIRE(bytes);
  CHECK(plain_bytes(*bytes) == "\xAB\x12\x0F\x03\x45\x06\x54\x64\x43\x12\x03");
  CHECK_FALSE(read_payload("0g"));
  CHECK(
      payload_regex(*read_payload("41 xX 4x x4")) ==
      "^\\x41[\\s\\S][\\x40-\\x4f][\\x04\\x14\\x24\\x34\\x44\\x54\\x64\\x74\\x84\\x94\\xa4\\xb4\\xc4\\xd4\\xe4\\xf4]");
}

}  // namespace text_test
