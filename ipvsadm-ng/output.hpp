// Standard output as one buffer: few writes, and a write that fails is not forgotten.
#pragma once

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <concepts>
#include <cstddef>
#include <string_view>
#include <utility>

namespace ipvsadm {

class Output {
 public:
  explicit Output(int descriptor) : descriptor_{descriptor} {}
  ~Output() { flush(); }
  Output(const Output&) = delete;
  Output& operator=(const Output&) = delete;

  template <class... Values>
  void print(fmt::format_string<Values...> format, Values&&... values) {
    fmt::format_to(std::back_inserter(buffer_), format, std::forward<Values>(values)...);
    if (buffer_.size() >= enough) flush();
  }
  void write(std::string_view text) {
    buffer_.append(text);
    if (buffer_.size() >= enough) flush();
  }
  void write(std::integral auto number) {
    std::array<char, 24> digits = {};
    const char* const end = std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr;
    write(std::string_view{digits.data(), end});
  }
  /// A blank, then text or a number in a column that is `width` wide or as wide as need be. For the lines that
  /// come by ten thousands: twice as fast as print().
  template <class Value>
  void left(const Value& value, std::size_t width) {
    write(" ");
    const std::size_t start = total();
    write(value);
    pad(start + width);
  }

  /// Hands everything to the kernel.
  void flush();
  /// errno of the first write that failed, or 0. What follows it is dropped.
  int fault() const { return fault_; }

 private:
  static constexpr std::size_t enough = 1U << 15U;

  std::size_t total() const { return flushed_ + buffer_.size(); }
  void pad(std::size_t end) {
    while (total() < end) buffer_.push_back(' ');
  }

  int descriptor_;
  int fault_ = 0;
  std::size_t flushed_ = 0;  // bytes that left the buffer
  fmt::memory_buffer buffer_;
};

}  // namespace ipvsadm
