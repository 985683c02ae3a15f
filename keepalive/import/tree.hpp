// keepalived's lines as statements and blocks.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <vector>

#include "base/diagnostics.hpp"
#include "import/lines.hpp"

namespace keepalive::import {

/// A statement: its words, and what stands between its braces.
struct Node {
  base::Position at = {};
  std::string text = "";                // as it stands, without the brace
  std::vector<std::string> words = {};  // of a node that counts at least one
  bool block = false;
  std::uint32_t last_line = 0;
  std::string remark = "";  // why it counts for nothing; empty: it counts
  std::vector<Node> children = {};

  /// A word behind the first; empty: there is none.
  const std::string& word(std::size_t number) const;
  std::size_t arguments() const { return words.empty() ? 0 : words.size() - 1; }

  friend bool operator==(const Node&, const Node&) = default;
};

/// The first child of this keyword that counts, or null.
const Node* find_child(const Node& node, std::string_view word);

/// Errors: a brace or a quote without its other half.
tl::expected<std::vector<Node>, base::Diagnostic> grow(const std::vector<Line>& lines);

}  // namespace keepalive::import
