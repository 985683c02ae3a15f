// Foreign bytes, read and written in network order. A reader that comes to the end stays failed and gives zeros, so
// that one question at the end is enough.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace base {

using Bytes = std::span<const std::uint8_t>;

class ByteReader {
 public:
  explicit ByteReader(Bytes bytes) : rest_{bytes} {}

  std::uint8_t u8() { return static_cast<std::uint8_t>(number(1)); }
  std::uint16_t u16() { return static_cast<std::uint16_t>(number(2)); }
  std::uint32_t u32() { return static_cast<std::uint32_t>(number(4)); }
  std::uint64_t u64() { return number(8); }
  /// `size` bytes, or none at all.
  Bytes bytes(std::size_t size);
  /// A length of 32 bits and so many bytes.
  std::string text();

  /// False once anything was asked that was not there.
  bool good() const { return good_; }
  /// Good, and nothing is left.
  bool done() const { return good_ && rest_.empty(); }
  std::size_t left() const { return rest_.size(); }
  void fail() { good_ = false; }

 private:
  std::uint64_t number(std::size_t size);

  Bytes rest_;
  bool good_ = true;
};

class ByteWriter {
 public:
  void u8(std::uint8_t value) { number(value, 1); }
  void u16(std::uint16_t value) { number(value, 2); }
  void u32(std::uint32_t value) { number(value, 4); }
  void u64(std::uint64_t value) { number(value, 8); }
  void bytes(Bytes value) { text_.append(reinterpret_cast<const char*>(value.data()), value.size()); }
  void text(std::string_view value) {
    u32(static_cast<std::uint32_t>(value.size()));
    text_ += value;
  }

  std::string take() && { return std::move(text_); }

 private:
  void number(std::uint64_t value, std::size_t size) {
    for (std::size_t i = size; i-- > 0;) text_ += static_cast<char>(value >> (8 * i) & 0xffU);
  }

  std::string text_ = "";
};

inline Bytes as_bytes(std::string_view text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

}  // namespace base
