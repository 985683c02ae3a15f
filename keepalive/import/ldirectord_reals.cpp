#include "import/ldirectord_reals.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "config/values.hpp"
#include "import/network.hpp"
#include "import/text.hpp"

namespace keepalive::import {
namespace {

/// Empty: another word.
std::string forward_of(std::string_view word) {
  return word == "masq" ? "nat" : word == "ipip" ? "tunnel" : word == "gate" ? "dr" : "";
}

/// l:N and u:N, which ldirectord's page writes as "<l:N>"; whether it was one.
bool take_threshold(Desk& desk, const Node& node, bool quote, std::string_view word, RealLine& one) {
  if (quote && !(word.starts_with('<') && word.ends_with('>'))) return false;
  if (quote) word = word.substr(1, word.size() - 2);
  if (!word.starts_with("l:") && !word.starts_with("u:")) return false;
  if (quote)
    desk.say(node, Verdict::differs, "ldirectord's page writes thresholds so, its program takes them for a request");
  const auto number = config::read_number(word.substr(2), 0, 0x7fffffff);
  if (!number) desk.lose(node, "wants a number as threshold");
  (word.front() == 'l' ? one.lower : one.upper) = number.value_or(0);
  return true;
}

}  // namespace

std::vector<std::string> all_between(const Place& place) {
  std::vector<std::string> list;
  for (const std::string& range : convert_range(place.last.empty() ? place.first : place.first + "-" + place.last)
                                      .value_or(std::vector<std::string>{}))
    for (const ipvs::Endpoint& one : config::read_range(place_of(range, "")).value_or(std::vector<ipvs::Endpoint>{}))
      if (list.size() <= most_servers) list.push_back(to_string(one.address));
  return list;
}

RealLine read_real(Desk& desk, const Node& node, std::string_view text) {
  RealLine one;
  std::vector<std::string> talk;
  while (!(text = trimmed(text)).empty()) {
    const bool quote = text.front() == '"';
    const std::size_t end = quote ? text.find('"', 1) : text.find_first_of(" \t,");
    const std::string word{text.substr(quote ? 1 : 0, std::min(end, text.size()) - (quote ? 1 : 0))};
    text.remove_prefix(std::min(end == std::string_view::npos ? text.size() : end + 1, text.size()));
    if (take_threshold(desk, node, quote, word, one)) continue;
    if (quote)
      talk.push_back(word);
    else if (const std::string forward = forward_of(word); !forward.empty())
      one.forward = forward;
    else if (const auto weight = config::read_number(word, 0, 0x7fffffff))
      one.weight = *weight;
    else if (!word.empty())
      desk.lose(node, fmt::format("`{}' is neither gate, masq nor ipip, nor a weight", shown(word)));
  }
  if (!talk.empty()) one.talk = {talk.front(), talk.size() > 1 ? talk.back() : ""};
  if (one.lower > one.upper)
    desk.lose(node,
              fmt::format("l:{} is more than u:{}, which the kernel refuses", std::exchange(one.lower, 0), one.upper));
  return one;
}

std::optional<Fallback> read_fallback(Desk& desk, const Node& node) {
  const auto words = plain_words(node.word(1)).value_or(std::vector<std::string>{});
  const auto place = read_server_place(words.empty() ? "" : words.front());
  const std::string forward = words.size() > 1 ? forward_of(words[1]) : "dr";
  if (!place) return desk.lose(node, place.error()), std::nullopt;
  if (!place->last.empty()) return desk.lose(node, "wants one address"), std::nullopt;
  if (forward.empty()) return desk.lose(node, "wants gate, masq or ipip behind it"), std::nullopt;
  desk.took();
  return Fallback{&node, *place, forward};
}

}  // namespace keepalive::import
