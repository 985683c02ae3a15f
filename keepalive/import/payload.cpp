#include "import/payload.hpp"

#include <fmt/format.h>

#include "import/text.hpp"

namespace keepalive::import {
namespace {

constexpr unsigned any_half = 16;
constexpr unsigned no_half = 17;

unsigned half(char c) {
  if (c >= '0' && c <= '9') return static_cast<unsigned>(c - '0');
  if (c >= 'a' && c <= 'f') return static_cast<unsigned>(c - 'a' + 10);
  if (c >= 'A' && c <= 'F') return static_cast<unsigned>(c - 'A' + 10);
  return c == 'x' || c == 'X' ? any_half : no_half;
}

std::string regex(const PayloadByte& byte) {
  if (byte.high == any_half && byte.low == any_half) return "[\\s\\S]";
  if (byte.low == any_half) return fmt::format("[\\x{:02x}-\\x{:02x}]", byte.high * 16, byte.high * 16 + 15);
  if (byte.high != any_half) return fmt::format("\\x{:02x}", byte.high * 16 + byte.low);
  std::string list = "[";
  for (unsigned high = 0; high < 16; ++high) list += fmt::format("\\x{:02x}", high * 16 + byte.low);
  return list + "]";
}

}  // namespace

std::optional<std::vector<PayloadByte>> read_payload(std::string_view text) {
  std::vector<PayloadByte> bytes;
  const auto words = plain_words(text);
  if (!words) return std::nullopt;
  for (const std::string& word : *words)
    for (std::size_t i = 0; i < word.size(); i += 2) {
      const bool pair = i + 1 < word.size();
      const PayloadByte byte{pair ? half(word[i]) : 0, half(word[pair ? i + 1 : i])};
      if (byte.high == no_half || byte.low == no_half) return std::nullopt;
      bytes.push_back(byte);
    }
  return bytes;
}

std::string plain_bytes(const std::vector<PayloadByte>& bytes) {
  std::string text;
  for (const PayloadByte& byte : bytes) text += static_cast<char>((byte.high % any_half) * 16 + byte.low % any_half);
  return text;
}

std::string payload_regex(const std::vector<PayloadByte>& bytes) {
  std::string text = "^";
  for (const PayloadByte& byte : bytes) text += regex(byte);
  return text;
}

}  // namespace keepalive::import
