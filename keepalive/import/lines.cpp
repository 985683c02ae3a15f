#include "import/lines.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>
#include <utility>

#include "base/text.hpp"
#include "import/text.hpp"

namespace keepalive::import {
namespace {

constexpr std::size_t deepest = 50;         // of files that include files, of definitions that use definitions
constexpr std::size_t longest = 1U << 20U;  // of a line
constexpr std::size_t longest_name = 256;   // of a definition, with its braces

/// Up to `#` or `!` outside double quotes. keepalived knows no escape here.
std::string_view without_comment(std::string_view line) {
  bool quoted = false;
  for (std::size_t i = 0; i < line.size(); ++i) {
    if (line[i] == '"') quoted = !quoted;
    if (!quoted && (line[i] == '#' || line[i] == '!')) return trimmed(line.substr(0, i));
  }
  return trimmed(line);
}

bool name_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

std::string_view name_at(std::string_view text) {
  const auto* const end = std::find_if_not(text.begin(), text.end(), name_letter);
  return text.substr(0, static_cast<std::size_t>(end - text.begin()));
}

/// "include", "includea", … with what they insist on.
struct Include {
  std::string_view word;
  bool readable;
  bool match;
};
constexpr Include includes[] = {{"include", false, false}, {"includea", true, true}, {"includer", true, false},
                                {"includem", true, true},  {"includew", true, true}, {"includeb", true, true}};

struct Definition {
  std::vector<Line> lines = {};
};

/// A reference in a text: from `$` on, so many letters, to this name.
struct Use {
  std::size_t at = 0;
  std::size_t length = 0;
  std::string name = "";
};

std::optional<long> whole_number(std::string_view text) {
  bool hexadecimal = text.starts_with("0x") || text.starts_with("0X");
  const bool negative = text.starts_with('-');
  if (hexadecimal) text.remove_prefix(2);
  const auto number = base::read_number<long>(text, hexadecimal ? 16 : 10);
  constexpr long most = 1'000'000'000;
  const bool good = number && *number >= -most && *number <= most;
  return good && !(hexadecimal && negative) ? number : std::nullopt;
}

class Lines {
 public:
  Lines(const FileReader& files, const Setting& setting) : files_{files}, setting_{setting} {}

  tl::expected<std::vector<Line>, base::Diagnostic> read(const std::string& path) {
    file(path, Line{{base::FileName{path}}});
    if (fault_) return tl::unexpected{*fault_};
    return std::move(lines_);
  }

 private:
  void fail(const Line& at, std::string text) {
    if (!fault_) fault_ = base::Diagnostic{at.at, std::move(text), at.text};
  }
  bool spend(const Line& at, std::size_t bytes) {
    spent_ += bytes;
    if (spent_ > setting_.most) fail(at, "definitions and loops come to more than anybody can mean: is one endless?");
    return !fault_;
  }
  void leave_out(const Line& line, std::string why) { lines_.push_back({line.at, line.text, std::move(why)}); }

  // ---- Files

  void file(const std::string& path, const Line& from) {
    if (open_.size() >= deepest)
      return fail(from, fmt::format("files include files {} deep: one includes itself", deepest));
    const auto text = files_.read_source(path);
    if (!text) return fail(from, fmt::format("cannot read {}: {}", path, text.error()));
    open_.push_back(path);
    const base::FileName name{path};
    std::uint32_t number = 0;
    for (std::string_view rest = *text; !rest.empty() && !fault_;) {
      const std::string_view raw = rest.substr(0, rest.find('\n'));
      rest.remove_prefix(std::min(raw.size() + 1, rest.size()));
      const std::string_view line = without_comment(raw);
      ++number;
      const auto column = static_cast<std::uint32_t>(line.data() - raw.data() + 1);
      physical({{name, number, line.empty() ? 1 : column}, std::string{line}, ""});
    }
    if (collecting_) finish_definition();
    if (joined_) finish_joined();
    open_.pop_back();
  }

  /// A line of a file: one of a definition over several, a part of one that goes on, or one by itself.
  void physical(Line line) {
    if (line.text.size() > longest) return fail(line, "line longer than a megabyte");
    const bool goes_on = line.text.ends_with('\\');
    if (goes_on) line.text = trimmed(std::string_view{line.text}.substr(0, line.text.size() - 1));
    if (collecting_) {
      collected_.lines.push_back(std::move(line));
      if (!goes_on) finish_definition();
      return;
    }
    if (joined_) {
      line.text = joined_->text + " " + line.text;
      line.at = joined_->at;
      joined_.reset();
      if (!spend(line, line.text.size())) return;
    }
    if (goes_on && definition_name(line.text)) return begin_definition(line);
    if (goes_on) {
      joined_ = std::move(line);
      return;
    }
    if (!line.text.empty()) logical(line, 0);
  }

  void finish_joined() {
    const Line line = *joined_;
    joined_.reset();
    logical(line, 0);
  }

  void include(const Line& line, const Include& how) {
    const auto words = plain_words(line.text);
    if (!words || words->size() != 2) return fail(line, "include wants one path or pattern");
    const std::string pattern = (words->back().starts_with('/') ? "" : base::folder_of(open_.back())) + words->back();
    const auto patterns = brace_expanded(pattern);
    if (!patterns) return fail(line, "the pattern means more than a thousand paths");
    std::vector<std::string> paths;
    for (const std::string& one : *patterns) {
      const auto found = files_.glob(one);
      if (!found) return fail(line, fmt::format("cannot look for {}: {}", one, found.error()));
      paths.insert(paths.end(), found->begin(), found->end());
    }
    const bool pattern_only = pattern.find_first_of("*?[") != std::string::npos && !how.match;
    if (paths.empty() && (how.match || (how.readable && !pattern_only)))
      return fail(line, fmt::format("no file is called {}", pattern));
    if (paths.empty()) return leave_out(line, "nothing is there by that name, which is no fault for keepalived");
    for (const std::string& path : paths) file(path, line);
  }

  // ---- Definitions

  /// NAME of "$NAME=…".
  static std::optional<std::string> definition_name(std::string_view text) {
    if (!text.starts_with('$')) return std::nullopt;
    const std::string_view name = name_at(text.substr(1));
    const bool letters = !name.empty() && (name.front() < '0' || name.front() > '9');
    if (!letters || !text.substr(name.size() + 1).starts_with('=')) return std::nullopt;
    return std::string{name};
  }
  static std::string_view value_of(const Line& line, const std::string& name) {
    return trimmed(std::string_view{line.text}.substr(name.size() + 2));
  }

  void begin_definition(const Line& line) {
    collecting_ = definition_name(line.text);
    const std::string_view first = value_of(line, *collecting_);
    if (!first.empty()) collected_.lines.push_back({line.at, std::string{first}, ""});
  }
  void finish_definition() {
    std::erase_if(collected_.lines, [](const Line& line) { return line.text.empty(); });
    definitions_[*collecting_] = std::exchange(collected_, {});
    collecting_.reset();
  }

  /// What a name stands for. Nothing: it is not defined.
  std::optional<std::string> predefined(std::string_view words) const {
    const auto list = plain_words(words).value_or(std::vector<std::string>{});
    if (list.empty()) return std::nullopt;
    if (list[0] == "_PWD") return folder();
    if (list[0] == "_INSTANCE") return setting_.id;
    if (list[0] == "_HASH") return "#";
    if (list[0] == "_BANG") return "!";
    if (list[0] == "_RANDOM") return list.size() > 1 ? list[1] : "0";
    const auto found =
        list[0] == "_ENV" && list.size() == 2 ? setting_.environment.find(list[1]) : setting_.environment.end();
    return found == setting_.environment.end() ? std::nullopt : std::optional{found->second};
  }

  std::string folder() const {
    std::string path = base::folder_of(open_.back());
    if (!path.starts_with('/')) path = setting_.folder + "/" + path;
    while (path.size() > 1 && path.ends_with('/')) path.pop_back();
    return path;
  }

  /// The first reference from `start` on to something that is defined.
  std::optional<Use> next_use(const Line& line, std::size_t start) const {
    const std::string_view text = line.text;
    for (std::size_t at = text.find('$', start); at != std::string_view::npos; at = text.find('$', at + 1)) {
      const bool braces = text.substr(at + 1).starts_with('{');
      const std::size_t close = braces ? text.substr(at, longest_name).find('}') : std::string_view::npos;
      if (braces && close == std::string_view::npos) continue;
      const std::size_t end = at + close;
      const std::string_view name = braces ? text.substr(at + 2, end - at - 2) : name_at(text.substr(at + 1));
      const std::string_view behind = braces ? std::string_view{} : text.substr(at + 1 + name.size());
      if (!braces && !behind.empty() && blanks.find(behind.front()) == std::string_view::npos) continue;
      const std::size_t length = braces ? end + 1 - at : name.size() + 1;
      if (definitions_.contains(std::string{name}) || (braces && predefined(name)))
        return Use{at, length, std::string{name}};
    }
    return std::nullopt;
  }

  /// Puts definitions in. False: one has several lines, which have been taken instead.
  bool substitute(Line& line, std::size_t depth) {
    std::size_t start = 0;
    while (const auto use = next_use(line, start)) {
      const std::string before = line.text.substr(0, use->at);
      const std::string behind = line.text.substr(use->at + use->length);
      const auto found = definitions_.find(use->name);
      if (use->name.starts_with("_RANDOM")) leave_out(line, "a number at random: here its least one");
      if (!spend(line, line.text.size() + 1)) return false;
      if (found != definitions_.end() && found->second.lines.size() > 1) {
        spread(found->second.lines, before, behind, depth);
        return false;
      }
      const std::string value = found == definitions_.end()   ? *predefined(use->name)
                                : found->second.lines.empty() ? std::string{}
                                                              : found->second.lines.front().text;
      if (value.size() + line.text.size() > longest) return fail(line, "a definition means itself"), false;
      line.text = before + value + behind;
      start = found == definitions_.end() ? before.size() + value.size() : before.size();
    }
    return true;
  }

  void spread(std::vector<Line> lines, const std::string& before, const std::string& behind, std::size_t depth) {
    lines.front().text = before + lines.front().text;
    lines.back().text += behind;
    for (const Line& one : lines)
      if (!fault_) logical(one, depth + 1);
  }

  // ---- Lines

  /// A line without comment and continuation.
  void logical(Line line, std::size_t depth) {
    if (depth > deepest)
      return fail(line, fmt::format("definitions within definitions, {} deep: one means itself", deepest));
    if (!spend(line, line.text.size() + 1) || !holds(line)) return;
    if (const auto name = definition_name(line.text)) {
      definitions_[*name] = {{{line.at, std::string{value_of(line, *name)}, ""}}};
      return;
    }
    for (const std::string_view word : {"~SEQx(", "~SEQ(", "~LST("})
      if (line.text.starts_with(word)) return loop(line, word, depth);
    if (!substitute(line, depth)) return;
    if (line.text.starts_with('@') && !holds(line)) return;
    if (const auto name = definition_name(line.text)) return logical(line, depth + 1);
    line.text = trimmed(line.text);
    const std::string_view word = std::string_view{line.text}.substr(0, line.text.find_first_of(blanks));
    for (const Include& one : includes)
      if (one.word == word) return include(line, one);
    if (!line.text.empty()) lines_.push_back(std::move(line));
  }

  /// Takes conditions off the line's start. False: one does not hold.
  bool holds(Line& line) {
    while (line.text.starts_with('@')) {
      const std::string_view text = line.text;
      const bool negative = text.starts_with("@^");
      const std::size_t skip = negative ? 2 : 1;
      const std::size_t end = std::min(text.find_first_of(blanks), text.size());
      const std::string id{text.substr(skip, end - skip)};
      if ((id == setting_.id) == negative) {
        leave_out(line,
                  fmt::format("its condition does not hold: this is for `{}'; --import-id NAME chooses", setting_.id));
        return false;
      }
      line.text = std::string{trimmed(text.substr(end))};
    }
    return true;
  }

  void loop(const Line& line, std::string_view word, std::size_t depth) {
    const std::size_t end = line.text.find(')');
    if (end == std::string::npos) return fail(line, fmt::format("the `)' of {} is missing", word));
    Line inside{line.at, line.text.substr(word.size(), end - word.size()), ""};
    if (!substitute(inside, depth)) return;
    const auto items = list_items(inside.text);
    const Line rest{line.at, std::string{trimmed(std::string_view{line.text}.substr(end + 1))}, ""};
    return word == "~LST(" ? list(line, items, rest, depth) : sequence(line, items, rest, depth, word == "~SEQx(");
  }

  void sequence(const Line& line, const std::vector<std::string>& items, const Line& rest, std::size_t depth,
                bool hexadecimal) {
    constexpr std::string_view use = "~SEQ wants (NAME, START, STEP, END), without START and STEP if need be";
    std::vector<long> numbers;
    for (std::size_t i = 1; i < items.size(); ++i)
      if (const auto number = whole_number(items[i])) numbers.push_back(*number);
    if (numbers.empty() || numbers.size() + 1 != items.size() || numbers.size() > 3)
      return fail(line, std::string{use});
    const long end = numbers.back();
    const long start = numbers.size() > 1 ? numbers[0] : end > 0 ? 1 : -1;
    const long step = numbers.size() > 2 ? numbers[1] : end >= start ? 1 : -1;
    if (step == 0) return fail(line, "a step of 0 never ends");
    for (long n = start; (step > 0 ? n <= end : n >= end) && !fault_; n += step) {
      define(items[0], line, hexadecimal ? fmt::format("{:x}", n) : std::to_string(n));
      logical(rest, depth + 1);
    }
  }

  void list(const Line& line, const std::vector<std::string>& items, const Line& rest, std::size_t depth) {
    const auto parts = [](std::string_view text) {
      const bool braces = text.starts_with('{') && text.ends_with('}');
      return braces ? list_items(text.substr(1, text.size() - 2)) : std::vector<std::string>{std::string{text}};
    };
    const auto names = parts(items.front());
    if (items.size() < 2) return fail(line, "~LST wants (NAME, VALUE, …)");
    for (std::size_t i = 1; i < items.size() && !fault_; ++i) {
      const auto values = parts(items[i]);
      if (values.size() != names.size())
        return fail(line, fmt::format("~LST: {} names, and {} values in {}", names.size(), values.size(), items[i]));
      for (std::size_t n = 0; n < names.size(); ++n) define(names[n], line, values[n]);
      logical(rest, depth + 1);
    }
  }

  void define(const std::string& name, const Line& line, std::string value) {
    definitions_[name] = {{{line.at, std::move(value), ""}}};
  }

  const FileReader& files_;
  const Setting& setting_;
  std::vector<Line> lines_ = {};
  std::vector<std::string> open_ = {};
  std::map<std::string, Definition> definitions_ = {};
  std::optional<std::string> collecting_ = {};  // the definition whose lines are being read
  Definition collected_ = {};
  std::optional<Line> joined_ = {};  // a line that goes on
  std::size_t spent_ = 0;
  std::optional<base::Diagnostic> fault_ = {};
};

}  // namespace

tl::expected<std::vector<Line>, base::Diagnostic> read_lines(const std::string& path, const FileReader& files,
                                                             const Setting& setting) {
  return Lines{files, setting}.read(path);
}

}  // namespace keepalive::import
