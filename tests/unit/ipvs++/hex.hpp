// Bytes of captures, written as a person reads them: "0800 0400", blanks anywhere.
#pragma once

#include <cctype>
#include <charconv>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "codec.hpp"

namespace ipvs::test {

inline std::vector<std::uint8_t> from_hex(std::string_view text) {
  std::string digits;
  for (char c : text) {
    if (std::isxdigit(static_cast<unsigned char>(c)) != 0) digits += c;
  }
  std::vector<std::uint8_t> bytes(digits.size() / 2);
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    std::from_chars(digits.data() + 2 * i, digits.data() + 2 * i + 2, bytes[i], 16);
  }
  return bytes;
}

inline std::string to_hex(codec::Bytes bytes) {
  constexpr auto digits = "0123456789abcdef";
  std::string text;
  for (std::uint8_t byte : bytes) {
    text += digits[byte >> 4];
    text += digits[byte & 15];
  }
  return text;
}

/// The attributes that encode() writes for sets, each nested at its place in a command.
template <class... Sets>
std::string encoded(const Sets&... sets) {
  codec::Writer writer;
  writer.message(0, 0, 0, {}, [&] { (codec::put(writer, wire::number<Sets>, sets), ...); });
  return to_hex(writer.bytes().subspan(NLMSG_HDRLEN + GENL_HDRLEN));
}

}  // namespace ipvs::test
