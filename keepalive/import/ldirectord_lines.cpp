#include "import/ldirectord_lines.hpp"

#include <algorithm>
#include <string>
#include <utility>

#include "import/text.hpp"

namespace keepalive::import {
namespace {

/// Up to `#`, quoted or not, as ldirectord has it.
std::string_view ldirectord_line(std::string_view raw) { return trimmed(raw.substr(0, raw.find('#'))); }

/// Options of a service stand four blanks in, or behind a tab.
bool is_option(std::string_view raw) {
  const std::size_t first = raw.find_first_not_of(" \t");
  const std::string_view gap = raw.substr(0, first);
  return first != std::string_view::npos && (gap.size() >= 4 || gap.find('\t') != std::string_view::npos);
}

}  // namespace

tl::expected<std::vector<Node>, base::Diagnostic> read_ldirectord(std::string_view file, std::string_view text) {
  const base::FileName name{std::string{file}};
  std::vector<Node> nodes;
  for (std::uint32_t number = 1; !text.empty(); ++number) {
    const std::string_view raw = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(raw.size() + 1, text.size()));
    const std::string_view line = ldirectord_line(raw);
    if (line.empty()) continue;
    const base::Position at{name, number, static_cast<std::uint32_t>(line.data() - raw.data() + 1)};
    const auto fault = [&](std::string what) {
      return tl::unexpected{base::Diagnostic{at, std::move(what), std::string{raw}}};
    };
    const std::size_t equals = line.find('=');
    if (equals == std::string_view::npos || equals == 0) return fault("neither a comment nor `key = value'");
    Node node;
    node.at = at;
    node.text = line;
    node.words = {std::string{trimmed(line.substr(0, equals))}, std::string{trimmed(line.substr(equals + 1))}};
    node.last_line = number;
    node.block = node.words.front() == "virtual" || node.words.front() == "virtual6";
    if (!is_option(raw))
      nodes.push_back(std::move(node));
    else if (nodes.empty() || !nodes.back().block)
      return fault("stands inside a virtual service, and there is none before it");
    else
      nodes.back().children.push_back(std::move(node));
  }
  return nodes;
}

}  // namespace keepalive::import
