// Small things about text that all readers of foreign configurations share.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace keepalive::import {

inline constexpr std::string_view blanks = " \t\r\f\v";

/// Without blanks at either end, of the many kinds that those files may have.
std::string_view trimmed(std::string_view text);
/// Words between blanks; double quotes hold one together and are no part of it. Nothing: a quote is not closed.
std::optional<std::vector<std::string>> plain_words(std::string_view text);
/// The same with single quotes, too, and with escapes as a shell's $'…' has them.
std::optional<std::vector<std::string>> escaped_words(std::string_view text);
/// Without control characters, and no longer than that: fit for a comment.
inline constexpr std::size_t longest_comment = 2000;
std::string shown(std::string_view text, std::size_t longest = 100);
/// Trimmed parts between commas; those in braces hold together.
std::vector<std::string> list_items(std::string_view text);
/// "a{b,c}d" as "abd", "acd". Nothing: more than a thousand.
std::optional<std::vector<std::string>> brace_expanded(std::string_view pattern);

}  // namespace keepalive::import
