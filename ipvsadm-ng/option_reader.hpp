// Splits a command line into options and words exactly as popt 1.19 does, which ipvsadm uses and which
// getopt_long and Boost.Program_options are not: no abbreviations, `=` after a letter is dropped, an
// optional argument may be the next word unless that begins with `-`, words may stand anywhere.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "grammar.hpp"

namespace ipvsadm {

class OptionReader {
 public:
  enum class Fault { none, unknown_option, missing_argument, unwanted_argument };

  struct Item {
    const Switch* option = nullptr;  // none: the end, or a fault
    std::optional<std::string_view> argument = std::nullopt;
    Fault fault = Fault::none;
  };

  /// `words` without the program's name; they must outlive the reader.
  OptionReader(std::span<const std::string_view> words, Dialect dialect) : rest_{words}, dialect_{dialect} {}

  /// The next option with its argument.
  Item next();
  /// The word that was read last: of an option, its argument or a fault, as typed.
  std::string_view word() const { return word_; }
  /// The words that are no options, in their order; complete once next() has come to the end.
  const std::vector<std::string_view>& arguments() const { return arguments_; }

 private:
  Item long_option(std::string_view text);
  Item short_option();
  Item with_argument(const Switch& option, std::optional<std::string_view> attached);

  std::span<const std::string_view> rest_;
  Dialect dialect_;
  std::string_view word_ = {};
  std::optional<std::string_view> cluster_ = std::nullopt;  // letters of the word not read yet
  bool options_ended_ = false;
  std::vector<std::string_view> arguments_ = {};
};

}  // namespace ipvsadm
