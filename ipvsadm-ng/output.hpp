// Standard output as one buffer: few writes, and a write that fails is not forgotten.
#pragma once

#include <fmt/format.h>

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
  /// Hands everything to the kernel.
  void flush();
  /// errno of the first write that failed, or 0. What follows it is dropped.
  int fault() const { return fault_; }

 private:
  static constexpr std::size_t enough = 1U << 15U;

  int descriptor_;
  int fault_ = 0;
  fmt::memory_buffer buffer_;
};

}  // namespace ipvsadm
