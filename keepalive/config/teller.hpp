// Where the faults go that are found once the whole file is read.
#pragma once

#include <map>
#include <string>
#include <tuple>
#include <utility>

#include "config/draft.hpp"
#include "config/load.hpp"

namespace keepalive::config {

class Teller {
 public:
  explicit Teller(Diagnostics& faults) : faults_{faults} {}

  void at(const base::ini::Section* section, std::string text);
  /// A part of a value.
  void at(const Spot& spot, std::string text);
  void at_key(const base::ini::Entry* entry, std::string text);
  /// At a key that is given, or else at the section.
  void at(const Given& given, std::string_view key, const base::ini::Section* section, std::string text);
  /// At a server's option, or else at its address.
  void at(const ServerDraft& server, std::string_view option, std::string text);
  /// Of many faults at one place about one thing the first is told, and how many more there are.
  template <class Text>
  void once(const Spot& spot, const std::string& about, Text text) {
    const auto [place, fresh] = many_.try_emplace({spot, about}, Many{faults_.size(), 0});
    if (!fresh) return void(++place->second.more);
    at(spot, text());
  }
  /// Says how many more.
  void finish();

 private:
  struct Many {
    std::size_t first = 0;
    std::size_t more = 0;
  };
  Diagnostics& faults_;
  std::map<std::pair<Spot, std::string>, Many> many_ = {};
};

}  // namespace keepalive::config
