#include "sync/cipher.hpp"

#include <doctest/doctest.h>

namespace cipher_test {

using namespace ipvs::sync;

namespace {

std::string hex(std::string_view text) {
  std::string out;
  for (const char byte : text) {
    constexpr std::string_view digits = "0123456789abcdef";
    out += digits[static_cast<std::uint8_t>(byte) >> 4U];
    out += digits[static_cast<std::uint8_t>(byte) & 15U];
  }
  return out;
}

}  // namespace

TEST_CASE("RFC 5869: a key is HKDF-SHA256 without salt (test case 3, its first 32 bytes)") {
  const CipherKey key = derive(std::string(22, '\x0b'), "");
  CHECK(hex({reinterpret_cast<const char*>(key.data()), key.size()}) ==
        "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d");
}

TEST_CASE("what was sealed opens with the same number and head only") {
  Cipher cipher{derive("secret", "test")};
  const std::string sealed = cipher.seal(7, "head", "plain text");
  CHECK(sealed.size() == 10 + tag_size);
  CHECK(cipher.open(7, "head", sealed) == "plain text");
  CHECK_FALSE(cipher.open(8, "head", sealed));
  CHECK_FALSE(cipher.open(7, "Head", sealed));
  CHECK_FALSE(cipher.open(7, "head", sealed.substr(1)));
  CHECK_FALSE(cipher.open(7, "head", "short"));
  CHECK_FALSE(Cipher{derive("secret", "other")}.open(7, "head", sealed));
  CHECK(cipher.open(7, "head", cipher.seal(7, "head", "")) == "");
}

TEST_CASE("a secret is told apart by a number that other secrets do not have") {
  CHECK(key_number("one") == key_number("one"));
  CHECK(key_number("one") != key_number("other"));
  CHECK(random_number() != random_number());
}

}  // namespace cipher_test
