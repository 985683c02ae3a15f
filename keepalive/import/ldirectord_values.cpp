#include "import/ldirectord_values.hpp"

#include <algorithm>
#include <iterator>

#include "config/schema.hpp"
#include "config/values.hpp"
#include "import/text.hpp"

namespace keepalive::import {
namespace {

struct Amount {
  std::string_view word;
  std::optional<std::uint64_t> Pace::*member;
  std::string_view key;  // ours, which has bounds
  std::uint64_t unit;    // of ours in one of ldirectord's
  std::string_view fallback;
};
constexpr Amount amounts[] = {{"checktimeout", &Pace::check_timeout, "timeout", 1000, "5"},
                              {"negotiatetimeout", &Pace::negotiate_timeout, "timeout", 1000, "30"},
                              {"checkinterval", &Pace::interval, "interval", 1000, "10"},
                              {"failurecount", &Pace::failures, "fall", 1, "1"},
                              {"checkcount", &Pace::count, "fall", 1, "1"}};

/// "Alerts" <a@example.net> as its address.
std::string_view inner_address(std::string_view text) {
  const std::size_t open = text.find('<');
  const std::size_t close = text.find('>', std::min(open, text.size()));
  return close == std::string_view::npos ? text : trimmed(text.substr(open + 1, close - open - 1));
}

bool is_address(std::string_view text) {
  const std::size_t at = text.find('@');
  return at != 0 && at != std::string_view::npos && at + 1 < text.size() &&
         text.find_first_of(" \t\"<>") == std::string_view::npos;
}

}  // namespace

std::string unquoted(std::string_view text) {
  const bool quoted = text.size() >= 2 && text.front() == '"' && text.back() == '"';
  return std::string{quoted ? text.substr(1, text.size() - 2) : text};
}

std::optional<std::uint64_t> read_count(Desk& desk, const Node& node, std::uint64_t low, std::uint64_t high,
                                        std::string_view stands) {
  constexpr std::string_view digits = "0123456789";
  const std::string text = unquoted(node.word(1));
  const std::size_t begin = std::min(text.find_first_of(digits), text.size());
  const std::string part = text.substr(begin, text.find_first_not_of(digits, begin) - begin);
  const auto number = config::read_number(part, low, high);
  if (!number)
    return desk.lose(node, fmt::format("wants a number from {} to {}: {} stands", low, high, stands)), std::nullopt;
  if (part != text) desk.say(node, Verdict::differs, fmt::format("ldirectord reads {} here", part));
  desk.took();
  return number;
}

std::optional<bool> read_yes(Desk& desk, const Node& node, std::string_view stands) {
  const std::string word = unquoted(node.word(1));
  if (word != "yes" && word != "no")
    return desk.lose(node, fmt::format("wants yes or no: {} stands", stands)), std::nullopt;
  desk.took();
  return word == "yes";
}

void take_amount(Desk& desk, const Node& node, Pace& pace, std::string_view outer) {
  const auto* const amount =
      std::find_if(std::begin(amounts), std::end(amounts), [&](const Amount& one) { return one.word == node.word(0); });
  const std::uint64_t high = config::find_key("check", amount->key)->high / amount->unit;
  const std::string stands = fmt::format("{}{}", outer, amount->fallback);
  const auto number = read_count(desk, node, 1, high, stands);
  if (!number) return;
  pace.*(amount->member) = number;
  if (amount->member == &Pace::count) desk.say(node, Verdict::same, "counts with pings only");
}

std::optional<std::vector<std::string>> read_program(Desk& desk, const Node& node) {
  const std::string line = unquoted(node.word(1));
  auto words = plain_words(line);
  if (!words || words->empty() || !words->front().starts_with('/') || !written(*words))
    return desk.lose(node, "wants a program by its whole path"), std::nullopt;
  if (line.find_first_of("|&<>$*`'\\") != std::string::npos)
    desk.say(node, Verdict::differs, "no shell reads it here: put the line into a script, and name that");
  desk.site.programs = true;
  desk.took();
  return words;
}

std::optional<std::string> read_recipients(Desk& desk, const Node& node) {
  const std::string text = unquoted(node.word(1));
  if (text.empty()) return desk.lose(node, "wants a mail address"), std::nullopt;
  std::string list;
  for (const std::string& one : list_items(text)) {
    const std::string_view address = inner_address(one);
    if (!is_address(address))
      desk.lose(node, fmt::format("`{0}' is no whole mail address: write {0}@its.domain", shown(one)));
    else
      list += fmt::format("{}{}", list.empty() ? "" : ", ", address);
    if (is_address(address) && address != one) desk.say(node, Verdict::differs, "the address alone is taken");
  }
  return list.empty() ? std::nullopt : written(list);
}

}  // namespace keepalive::import
