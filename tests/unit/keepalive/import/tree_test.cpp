#include "import/tree.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

namespace tree_test {

using namespace keepalive::import;

namespace {

std::string drawn(const std::vector<Node>& nodes) {
  std::string text;
  for (const Node& node : nodes) {
    text +=
        (text.empty() ? "" : " ") + fmt::format("{}@{}:{}", fmt::join(node.words, "|"), node.at.line, node.at.column);
    if (!node.remark.empty()) text += fmt::format("-{}", node.remark);
    if (node.block) text += fmt::format("({})", drawn(node.children));
  }
  return text;
}

std::string grown(std::vector<std::string> texts) {
  std::vector<Line> lines;
  for (std::string& text : texts) {
    const bool remark = text.starts_with('-');
    const auto number = static_cast<std::uint32_t>(lines.size() + 1);
    lines.push_back({{"f", number, 1}, text.substr(remark ? 1 : 0), remark ? "why" : ""});
  }
  const auto tree = grow(lines);
  if (tree) return drawn(*tree);
  return fmt::format("{}:{}: {}", tree.error().position.line, tree.error().position.column, tree.error().text);
}

}  // namespace

TEST_CASE("statements and blocks, wherever the braces stand") {
  CHECK(grown({"a b {", "c", "}"}) == "a|b@1:1(c@2:1)");
  CHECK(grown({"a b", "{", "c d", "}", "e"}) == "a|b@1:1(c|d@3:1) e@5:1");
  CHECK(grown({"a{ b { c } d }", "e"}) == "a@1:1(b@1:4(c@1:8) d@1:12) e@2:1");
  CHECK(grown({"a \"b { c\" d"}) == "a|b { c|d@1:1");
  CHECK(grown({"a", "-x", "{", "b", "}"}) == "a@1:1(@2:1-why b@4:1)");
  CHECK(grown({"-x {", "a"}) == "@1:1-why a@2:1");
}

TEST_CASE("a brace or a quote without its other half is told at its place") {
  CHECK(grown({"a {", "b"}) == "1:1: the `}' of this `{' is missing");
  CHECK(grown({"a", "}"}) == "2:1: a `}' too many: nothing is open here");
  CHECK(grown({"a {", "}", "{"}) == "3:1: what is this the block of?");
  CHECK(grown({"abc \"d"}) == "1:5: the quote is not closed");
  CHECK(grown({"a{a{a{a{a{a{a{a{a{a{a{a{a{a{a{a{a{a{a{a{a{a{"}) == "1:42: blocks in blocks, 20 deep");
}

}  // namespace tree_test
