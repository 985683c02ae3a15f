#include "import/site.hpp"

#include <array>
#include <charconv>
#include <utility>

#include "config/schema.hpp"
#include "config/values.hpp"
#include "import/text.hpp"

namespace keepalive::import {
namespace {

/// Ours for each state, and keepalived's word for it.
constexpr std::array<std::pair<std::string_view, std::string_view>, 4> states{
    {{"on_master", "MASTER"}, {"on_backup", "BACKUP"}, {"on_fault", "FAULT"}, {"on_stop", "STOP"}}};

/// What nobody else should read is not repeated.
bool is_secret(const Node& node) {
  constexpr std::array<std::string_view, 4> words = {"auth_pass", "password", "passwd", "secret"};
  return std::find(words.begin(), words.end(), node.word(0)) != words.end();
}

std::optional<double> decimal(std::string_view text) {
  double number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number, std::chars_format::fixed);
  constexpr double most = 1e9;
  const bool good = error == std::errc{} && end == text.data() + text.size() && number >= 0 && number <= most;
  return good ? std::optional{number} : std::nullopt;
}

Milliseconds milliseconds(double seconds) { return Milliseconds{static_cast<std::int64_t>(seconds * 1000 + 0.5)}; }

std::string what_stands(const config::Key& key, std::string_view stands) {
  const std::string_view counts = stands.empty() ? key.fallback : stands;
  return counts.empty() ? "" : fmt::format(": {} stands", counts);
}

/// What stands above already, or else `stands`.
std::string what_counts(const Desk& desk, std::string_view key, std::string_view stands) {
  return desk.section.has(key) ? desk.section.value(key) : std::string{stands};
}

}  // namespace

void Site::remark(Section& section, const Node& node, Verdict verdict, std::string_view text) {
  Remark one{node.at, is_secret(node) ? node.words.front() : node.text, verdict, shown(text, longest_comment)};
  section.comment(to_string(one, folder));
  remarks.push_back(std::move(one));
}

void Desk::set(const Node& node, std::string_view key, const std::optional<std::string>& value) {
  if (!value)
    return lose(node, fmt::format("`{}' cannot say that here: control characters, quotes and ${{ have no way", key));
  if (section.has(key)) say(node, Verdict::differs, "stands again, and the last one counts");
  if (section.kind() == "global") site.globals[std::string{key}] = &node;
  section.set(key, *value);
  took();
}

void say_inside(Desk& desk, const Node& node, std::string_view text) {
  for (const Node* const child : counting(desk, node.children)) {
    desk.lose(*child, std::string{text});
    say_inside(desk, *child, text);
  }
}

void say_ignored(Desk& desk, const Node& node, std::size_t most, bool block) {
  if (node.arguments() > most)
    desk.lose(node, fmt::format("nobody reads `{}' and what is behind it", shown(node.word(most + 1))));
  if (block) return;
  say_inside(desk, node, fmt::format("`{}' has no block", node.words.front()));
}

void say_unknown(Desk& desk, const Node& node, std::span<const std::string_view> known) {
  const std::string_view meant = base::nearest(node.words.front(), known);
  desk.lose(node, fmt::format("{}{}", desk.site.no_keyword,
                              meant.empty() ? "" : fmt::format(": if `{}' is meant, mend it and import again", meant)));
  say_inside(desk, node);
}

std::vector<const Node*> counting(Desk& desk, const std::vector<Node>& nodes) {
  std::vector<const Node*> list;
  for (const Node& node : nodes)
    if (node.remark.empty())
      list.push_back(&node);
    else
      desk.lose(node, node.remark);
  return list;
}

std::optional<std::string> time_of(std::string_view seconds) {
  const auto number = decimal(seconds);
  return number ? std::optional{config::print_time(milliseconds(*number))} : std::nullopt;
}

std::optional<bool> truth(const Node& node) {
  const std::string& word = node.word(1);
  if (word.empty() || word == "on" || word == "yes" || word == "true") return true;
  if (word == "off" || word == "no" || word == "false") return false;
  return std::nullopt;
}

std::optional<std::vector<std::string>> program_of(const Node& node, std::size_t number) {
  const auto words = escaped_words(node.text);
  if (!words || words->size() <= number) return std::nullopt;
  // The word may be a line of its own, whose single quotes hold words together.
  auto program = escaped_words((*words)[number]);
  if (!program || program->empty() || !written(*program)) return std::nullopt;
  if (!program->front().starts_with('/')) program->insert(program->begin(), "/usr/bin/env");
  return program;
}

std::optional<std::string> number_for(const config::Key& key, std::string_view text) {
  const auto number = config::read_number(text, key.low, key.high);
  return number ? std::optional{std::to_string(*number)} : std::nullopt;
}

std::optional<std::string> time_for(const config::Key& key, std::string_view seconds) {
  const auto number = decimal(seconds);
  const Milliseconds time = milliseconds(number.value_or(0));
  if (!number || time < Milliseconds{key.low} || time > Milliseconds{key.high}) return std::nullopt;
  return config::print_time(time);
}

std::string wanted_number(const config::Key& key, std::string_view stands) {
  return fmt::format("wants a number from {} to {}{}", key.low, key.high, what_stands(key, stands));
}

std::string wanted_time(const config::Key& key, std::string_view stands) {
  return fmt::format("wants seconds, {} to {}{}", config::print_time(Milliseconds{key.low}),
                     config::print_time(Milliseconds{key.high}), what_stands(key, stands));
}

void take_number_or(Desk& desk, const Node& node, std::string_view key, std::string_view stands) {
  const config::Key& ours = *config::find_key(desk.section.kind(), key);
  const auto value = number_for(ours, node.word(1));
  if (!value) return desk.lose(node, wanted_number(ours, what_counts(desk, key, stands)));
  desk.set(node, key, value);
}

void take_time_or(Desk& desk, const Node& node, std::string_view key, std::string_view stands) {
  const config::Key& ours = *config::find_key(desk.section.kind(), key);
  const auto value = time_for(ours, node.word(1));
  if (!value) return desk.lose(node, wanted_time(ours, what_counts(desk, key, stands)));
  desk.set(node, key, value);
}

void take_number(Desk& desk, const Node& node, std::string_view key) { take_number_or(desk, node, key, ""); }
void take_time(Desk& desk, const Node& node, std::string_view key) { take_time_or(desk, node, key, ""); }

void take_text(Desk& desk, const Node& node, std::string_view key) {
  if (node.word(1).empty()) return desk.lose(node, "wants something behind it");
  desk.set(node, key, written(node.word(1)));
}

void take_flag(Desk& desk, const Node& node, std::string_view key) {
  const auto on = truth(node);
  if (!on) return desk.lose(node, "wants on or off");
  desk.set(node, key, *on ? "yes" : "no");
}

void take_program(Desk& desk, const Node& node, std::string_view key) {
  const auto program = program_of(node, 1);
  if (!program)
    return desk.lose(node, "no program that could be written here: put the line into a script, and name that");
  if (program->front() == "/usr/bin/env" && !node.word(1).starts_with("/usr/bin/env"))
    desk.say(node, Verdict::same, "has no whole path: env finds it by PATH, as keepalived does");
  desk.site.programs = true;
  desk.set(node, key, written(*program));
  if (const std::string& user = node.word(2); !user.empty() && user != desk.site.defaults.script_user)
    desk.say(node, Verdict::differs, fmt::format("does not run as {}, but as [global] script_user", user));
}

void take_notify(Desk& desk, const Node& node, const std::string& kind, const std::string& name,
                 const std::string& priority) {
  const auto program = program_of(node, 1);
  if (!program) return desk.lose(node, "no program that could be written here");
  bool both = false;
  for (const auto& [key, word] : states) {
    auto words = *program;
    words.insert(words.end(), {kind, name, std::string{word}, priority});
    const auto line = written(words);
    both = both || desk.section.has(key);
    if (line && !desk.section.has(key)) desk.section.set(key, *line);
  }
  desk.site.programs = true;
  desk.took();
  if (both) desk.lose(node, "a state runs one program: where notify_… says one this one does not run");
}

}  // namespace keepalive::import
