// The lines of a rule file as words. Bounded memory, whatever the file holds.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace ipvsadm {

/// What becomes of lines whose first byte is `#`: ipvsadm -R takes them for rules, ipvsadm-restore drops them.
enum class Comments { kept, dropped };

class RuleReader {
 public:
  static constexpr std::size_t longest_line = 65536;  // bytes
  /// What to say of Outcome::too_long.
  static std::string too_long_text();

  enum class Outcome { line, end, too_long, unreadable };

  RuleReader(int descriptor, Comments comments) : descriptor_{descriptor}, comments_{comments} {}

  /// Reads the next line that has words. A line ends at its first NUL byte; words are parted by blanks, tabs
  /// and CR; the word "ipvsadm" is dropped, so that a list of commands is a rule file too.
  Outcome next();
  /// Words of the line; they live until the next call of next().
  const std::vector<std::string_view>& words() const { return words_; }
  /// Whether a NUL byte cut the line.
  bool cut() const { return cut_; }
  /// Counted from 1.
  std::size_t line_number() const { return line_number_; }
  /// errno after Outcome::unreadable.
  int fault() const { return fault_; }

 private:
  Outcome next_line(std::string_view& line);
  bool fill();
  void split(std::string_view line);

  int descriptor_;
  Comments comments_;
  std::string buffer_ = {};
  std::size_t start_ = 0;  // of what is not consumed yet
  bool ended_ = false;
  int fault_ = 0;
  std::size_t line_number_ = 0;
  std::vector<std::string_view> words_ = {};
  bool cut_ = false;
};

}  // namespace ipvsadm
