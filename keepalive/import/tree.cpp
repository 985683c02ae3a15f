#include "import/tree.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <utility>

#include "import/text.hpp"

namespace keepalive::import {
namespace {

constexpr std::size_t deepest_block = 20;

class Grower {
 public:
  Grower() { open_.emplace_back(); }

  tl::expected<std::vector<Node>, base::Diagnostic> grow(const std::vector<Line>& lines) {
    for (const Line& line : lines) {
      if (line.remark.empty())
        take(line);
      else
        add({.at = line.at, .text = line.text, .last_line = line.at.line, .remark = line.remark});
      if (fault_) return tl::unexpected{*fault_};
    }
    if (open_.size() == 1) return std::move(open_.back().children);
    const Node& last = open_.back();
    return tl::unexpected{base::Diagnostic{last.at, "the `}' of this `{' is missing", last.text}};
  }

 private:
  void fail(const Line& line, std::size_t offset, std::string text) {
    base::Position at = line.at;
    at.column += static_cast<std::uint32_t>(offset);
    const std::string before(line.at.column - 1, ' ');  // what was trimmed
    if (!fault_) fault_ = base::Diagnostic{std::move(at), std::move(text), before + line.text};
  }

  /// Statements and braces of a line; braces in quotes are none.
  void take(const Line& line) {
    const std::string_view text = line.text;
    bool quoted = false;
    std::size_t start = 0;
    for (std::size_t i = 0; i <= text.size() && !fault_; ++i) {
      if (i < text.size() && text[i] == '"') quoted = !quoted;
      const bool brace = i < text.size() && !quoted && (text[i] == '{' || text[i] == '}');
      if (!brace && i < text.size()) continue;
      statement(line, start, trimmed(text.substr(start, i - start)));
      if (brace) text[i] == '{' ? begin(line, i) : end(line, i);
      start = i + 1;
    }
  }

  void statement(const Line& line, std::size_t offset, std::string_view text) {
    if (text.empty()) return;
    auto words = plain_words(text);
    if (!words) return fail(line, offset + text.rfind('"'), "the quote is not closed");
    base::Position at = line.at;
    at.column += static_cast<std::uint32_t>(text.data() - line.text.data());
    add({.at = at, .text = std::string{text}, .words = std::move(*words), .last_line = line.at.line});
  }

  void add(Node node) { open_.back().children.push_back(std::move(node)); }

  /// The statement before becomes a block; one may stand on the line before, a remark between.
  void begin(const Line& line, std::size_t offset) {
    auto& siblings = open_.back().children;
    while (!siblings.empty() && !siblings.back().remark.empty()) {
      held_.push_back(std::move(siblings.back()));
      siblings.pop_back();
    }
    if (siblings.empty() || siblings.back().block) return fail(line, offset, "what is this the block of?");
    if (open_.size() > deepest_block)
      return fail(line, offset, fmt::format("blocks in blocks, {} deep", deepest_block));
    Node node = std::move(siblings.back());
    siblings.pop_back();
    node.block = true;
    for (; !held_.empty(); held_.pop_back()) node.children.push_back(std::move(held_.back()));
    open_.push_back(std::move(node));
  }

  void end(const Line& line, std::size_t offset) {
    if (open_.size() == 1) return fail(line, offset, "a `}' too many: nothing is open here");
    Node node = std::move(open_.back());
    open_.pop_back();
    node.last_line = line.at.line;
    add(std::move(node));
  }

  std::vector<Node> open_ = {};  // the first one is the file
  std::vector<Node> held_ = {};
  std::optional<base::Diagnostic> fault_ = {};
};

}  // namespace

const std::string& Node::word(std::size_t number) const {
  static const std::string none;
  return number < words.size() ? words[number] : none;
}

const Node* find_child(const Node& node, std::string_view word) {
  const auto found = std::find_if(node.children.begin(), node.children.end(),
                                  [&](const Node& one) { return one.remark.empty() && one.words.front() == word; });
  return found == node.children.end() ? nullptr : &*found;
}

tl::expected<std::vector<Node>, base::Diagnostic> grow(const std::vector<Line>& lines) { return Grower{}.grow(lines); }

}  // namespace keepalive::import
