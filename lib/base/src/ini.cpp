#include "base/ini.hpp"

#include <fmt/format.h>
#include <ini.h>

#include <algorithm>
#include <cstring>
#include <span>

#include "base/text.hpp"

namespace base::ini {
namespace {

constexpr std::size_t longest_line = 65536;
constexpr std::size_t longest_name = 49;  // of a section or key, as inih holds them
constexpr std::string_view blanks = " \t";
constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
constexpr std::string_view letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.-";

/// The place of the first control character, or npos.
std::size_t find_control(std::string_view line) {
  const auto* const found = std::find_if(line.begin(), line.end(), [](char c) {
    return (static_cast<unsigned char>(c) < 32 && c != '\t') || c == '\x7f';
  });
  return found == line.end() ? std::string_view::npos : static_cast<std::size_t>(found - line.begin());
}

/// Up to ` ;` or ` #` outside quotes.
std::string_view without_comment(std::string_view value) {
  bool quoted = false;
  for (std::size_t i = 0; i < value.size(); ++i) {
    if (value[i] == '"') quoted = !quoted;
    const bool mark = value[i] == ';' || value[i] == '#';
    if (!quoted && mark && (i == 0 || blanks.find(value[i - 1]) != std::string_view::npos))
      return trimmed(value.substr(0, i));
  }
  return trimmed(value);
}

std::string_view without_quotes(std::string_view value) {
  const bool whole = value.size() >= 2 && value.front() == '"' && value.find('"', 1) == value.size() - 1;
  return whole ? value.substr(1, value.size() - 2) : value;
}

/// The quote that is never closed, or npos.
std::size_t find_open_quote(std::string_view value) {
  return std::count(value.begin(), value.end(), '"') % 2 == 0 ? std::string_view::npos : value.rfind('"');
}

/// Gives inih a line at a time, with `=` for every value, and takes what it found.
class Reader {
 public:
  Reader(std::string_view file, std::string_view text, const Environment& environment, std::vector<Diagnostic>& faults)
      : file_{std::string{file}}, rest_{text}, environment_{environment}, faults_{faults} {
    if (rest_.starts_with(byte_order_mark)) rest_.remove_prefix(byte_order_mark.size());
  }

  std::vector<Section> read() {
    ini_parse_stream(&next, this, &found, this);
    close_section();
    return std::move(sections_);
  }

 private:
  static char* next(char* buffer, int size, void* self) {
    return static_cast<Reader*>(self)->feed({buffer, static_cast<std::size_t>(size)});
  }
  static int found(void* self, const char*, const char* key, const char*) {
    static_cast<Reader*>(self)->take(std::strlen(key));
    return 1;
  }

  Position at(std::size_t offset) const { return {file_, number_, static_cast<std::uint32_t>(offset + 1)}; }
  Position at(std::string_view part) const { return at(static_cast<std::size_t>(part.data() - line_.data())); }
  void fault(Position position, std::string text) {
    faults_.push_back({std::move(position), std::move(text), std::string{line_.substr(0, longest_line)}});
  }

  bool next_line() {
    if (rest_.empty()) return false;
    const std::size_t end = rest_.find('\n');
    line_ = rest_.substr(0, end);
    rest_.remove_prefix(end == std::string_view::npos ? rest_.size() : end + 1);
    if (!line_.empty() && line_.back() == '\r') line_.remove_suffix(1);
    ++number_;
    return true;
  }

  char* feed(std::span<char> buffer) {
    std::string fed;
    while (fed.empty()) {
      if (!next_line()) return nullptr;
      fed = digest();
    }
    std::memcpy(buffer.data(), fed.c_str(), fed.size() + 1);
    return buffer.data();
  }

  /// What inih shall see of the line: nothing for what we answer ourselves.
  std::string digest() {
    if (line_.size() > longest_line) return fault(at(0), "line longer than 65536 bytes"), std::string{};
    if (const std::size_t place = find_control(line_); place != std::string_view::npos)
      return fault(at(place), "control character in the line: is this a text file?"), std::string{};
    const std::string_view line = trimmed(line_);
    if (line.empty() || line.front() == ';' || line.front() == '#') return {};
    if (line.front() == '[') return open_section(line), std::string{};
    const std::size_t equals = line.find('=');
    const std::string_view key = trimmed(line.substr(0, equals));
    if (equals == std::string_view::npos || !is_name(key))
      return fault(at(line), "neither `[section]' nor `key = value'"), std::string{};
    if (key.size() > longest_name) return fault(at(line), "a key has at most 49 letters"), std::string{};
    value_ = trimmed(line.substr(equals + 1));
    return fmt::format("{} = @\n", key);
  }

  void open_section(std::string_view line) {
    const std::size_t end = line.find(']');
    const bool closed = end != std::string_view::npos;
    const std::string_view inside = closed ? trimmed(line.substr(1, end - 1)) : without_comment(line.substr(1));
    if (!closed) fault(at(line), "the section's `]' is missing");
    if (closed && !without_comment(line.substr(end + 1)).empty())
      fault(at(trimmed(line.substr(end + 1))), "text after the section's `]'");
    const std::size_t gap = inside.find_first_of(blanks);
    close_section();
    sections_.push_back({.kind = std::string{inside.substr(0, gap)},
                         .name = gap == std::string_view::npos ? "" : std::string{trimmed(inside.substr(gap))},
                         .at = at(line),
                         .source = line_,
                         .faulty = !closed});
  }

  /// What entries do not need goes to the next section: of a long file most would stay unused.
  void close_section() {
    if (!sections_.empty()) sections_.back().entries.shrink_to_fit();
  }

  void take(std::size_t key_length) {
    const std::string_view whole = without_comment(value_);
    const std::string_view value = without_quotes(whole);
    const std::size_t open = find_open_quote(whole);
    const std::size_t key_offset = line_.find_first_not_of(blanks);
    if (open != std::string_view::npos) fault(at(whole.substr(open)), "the quote is not closed");
    if (sections_.empty()) return fault(at(key_offset), "a key before the first [section]");
    const std::size_t faults_before = faults_.size();
    const std::string_view text = expanded(value, sections_.back());
    sections_.back().entries.push_back({.key = line_.substr(key_offset, key_length),
                                        .value = text,
                                        .source = line_,
                                        .file = file_,
                                        .line = number_,
                                        .key_column = at(key_offset).column,
                                        .value_column = at(value).column,
                                        .faulty = open != std::string_view::npos || faults_.size() != faults_before});
  }

  std::string_view expanded(std::string_view value, Section& section) {
    if (value.find("${") == std::string_view::npos) return value;
    return *section.expanded.emplace_back(std::make_unique<const std::string>(expanded(value)));
  }

  std::string expanded(std::string_view value) {
    std::string text;
    for (std::size_t place = 0; place < value.size();) {
      const std::size_t start = std::min(value.find("${", place), value.size());
      text += value.substr(place, start - place);
      if (start == value.size()) break;
      const std::size_t end = value.find('}', start);
      if (end == std::string_view::npos) {
        fault(at(value.substr(start)), "the `}' of `${' is missing");
        break;
      }
      const std::string name{value.substr(start + 2, end - start - 2)};
      const auto known = environment_.find(name);
      if (known == environment_.end())
        fault(at(value.substr(start)), fmt::format("the environment has no `{}'", name));
      else if (find_control(known->second) != std::string_view::npos)
        fault(at(value.substr(start)), fmt::format("`{}' of the environment has control characters", name));
      else
        text += known->second;
      place = end + 1;
    }
    return text;
  }

  FileName file_;
  std::string_view rest_;
  const Environment& environment_;
  std::vector<Diagnostic>& faults_;
  std::vector<Section> sections_ = {};
  std::string_view line_ = {};
  std::string_view value_ = {};
  std::uint32_t number_ = 0;
};

}  // namespace

bool is_name(std::string_view text) {
  return !text.empty() && text.find_first_not_of(letters) == std::string_view::npos;
}

Position place_of(const Entry& entry, std::size_t offset) {
  Position place = entry.value_at();
  const bool literal =
      entry.source.substr(std::min<std::size_t>(place.column - 1, entry.source.size())).starts_with(entry.value);
  if (literal) place.column += static_cast<std::uint32_t>(std::min(offset, entry.value.size()));
  return place;
}

std::vector<Section> read(std::string_view file, std::string_view text, const Environment& environment,
                          std::vector<Diagnostic>& faults) {
  return Reader{file, text, environment, faults}.read();
}

}  // namespace base::ini
