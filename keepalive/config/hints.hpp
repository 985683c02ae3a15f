// What a value that is refused was most likely meant to be: the ends of fault texts.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace keepalive::config {

/// Of a word that is no ADDRESS:PORT; empty: nothing is to be guessed.
std::string place_hint(std::string_view word);
/// Of a value that a comment has got into.
std::string comment_hint(std::string_view value);

/// What keepalived's key is here: "forward" of "lvs_method"; empty: it is none of its keys.
std::string_view meant_key(std::string_view word);
/// "; did you mean `nat'?" of a word that keepalived or ipvsadm has for one of `known`, or of one that is near.
std::string word_hint(std::string_view word, std::span<const std::string_view> known);

}  // namespace keepalive::config
