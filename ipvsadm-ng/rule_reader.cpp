#include "rule_reader.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>

namespace ipvsadm {
namespace {

constexpr std::size_t chunk = 65536;
constexpr std::string_view separators = " \t\r";

}  // namespace

std::string RuleReader::too_long_text() {
  return fmt::format("line longer than {} bytes: this is no rule file", longest_line);
}

RuleReader::Outcome RuleReader::next() {
  words_.clear();
  std::string_view line;
  while (words_.empty()) {
    if (const Outcome outcome = next_line(line); outcome != Outcome::line) return outcome;
    ++line_number_;
    if (comments_ == Comments::kept || !line.starts_with('#')) split(line);
  }
  return Outcome::line;
}

RuleReader::Outcome RuleReader::next_line(std::string_view& line) {
  std::size_t searched = start_;
  while (true) {
    const std::size_t end = buffer_.find('\n', searched);
    const std::size_t length = (end == std::string::npos ? buffer_.size() : end) - start_;
    if (length > longest_line) {
      ++line_number_;
      return Outcome::too_long;
    }
    if (end != std::string::npos || ended_) {
      if (end == std::string::npos && length == 0) return fault_ == 0 ? Outcome::end : Outcome::unreadable;
      line = std::string_view{buffer_}.substr(start_, length);
      start_ += length + (end == std::string::npos ? 0 : 1);
      return Outcome::line;
    }
    searched = length;  // fill() moves the rest to the front
    ended_ = !fill();
  }
}

/// Reads more behind the rest of the buffer; false at the end or a fault.
bool RuleReader::fill() {
  buffer_.erase(0, start_);
  start_ = 0;
  const std::size_t kept = buffer_.size();
  buffer_.resize(kept + chunk);
  ssize_t count = 0;
  do count = ::read(descriptor_, buffer_.data() + kept, chunk);
  while (count < 0 && errno == EINTR);
  if (count < 0) fault_ = errno;
  buffer_.resize(kept + static_cast<std::size_t>(count > 0 ? count : 0));
  return count > 0;
}

void RuleReader::split(std::string_view line) {
  const std::size_t nul = line.find('\0');
  cut_ = nul != std::string_view::npos;
  line = line.substr(0, nul);
  while (true) {
    const std::size_t begin = line.find_first_not_of(separators);
    if (begin == std::string_view::npos) return;
    line.remove_prefix(begin);
    const std::string_view word = line.substr(0, line.find_first_of(separators));
    if (word != "ipvsadm") words_.push_back(word);
    line.remove_prefix(word.size());
  }
}

}  // namespace ipvsadm
