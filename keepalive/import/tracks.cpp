// What virtual routers track: scripts, processes, files and interfaces.
#include <array>
#include <string>
#include <utility>

#include "config/values.hpp"
#include "import/site.hpp"
#include "import/text.hpp"
#include "import/vocabulary.hpp"

namespace keepalive::import {
namespace {

using Key = std::string_view;

constexpr std::string_view reversed = "weights are not reversed here: a script that says the opposite";

/// A script, process or file on its way.
struct Thing : Desk {
  Tracked& tracked;
};

/// "weight -4": kept for those who track it.
void weight(Thing& self, const Node& node, Key) {
  if (node.word(2) == "reverse") return self.lose(node, reversed);
  const bool negative = node.word(1).starts_with('-');
  if (!config::read_number(std::string_view{node.word(1)}.substr(negative ? 1 : 0), 0, 253))
    return self.lose(node, fmt::format("wants a number from -253 to 253: {} stands", self.tracked.weight));
  self.tracked.weight = node.word(1);
  self.took();
}

/// "</dev/tcp/127.0.0.1/80" is meant for a shell; a check of type tcp does it.
bool take_connect(Thing& self, const Node& node) {
  constexpr std::string_view start = "</dev/tcp/";
  const std::string& text = node.word(1);
  const std::size_t slash = text.rfind('/');
  if (!text.starts_with(start) || slash < start.size()) return false;
  const std::string host = text.substr(start.size(), slash - start.size());
  const auto port = config::read_number(text.substr(slash + 1), 1, 65535);
  if (!ipvs::Address::parse(host) || !port) return false;
  self.section.set("type", "tcp");
  self.set(node, "address", host);
  self.section.set("port", std::to_string(*port));
  self.say(node, Verdict::differs, "only a shell takes that, and keepalived has none; this check does what is meant");
  return true;
}

void script(Thing& self, const Node& node, Key key) {
  if (!take_connect(self, node)) take_program(self, node, key);
}

void user(Thing& self, const Node& node, Key key) {
  take_text(self, node, key);
  if (!node.word(2).empty()) self.say(node, Verdict::differs, "the group is the user's own");
}

void process(Thing& self, const Node& node, Key) {
  constexpr std::size_t longest = 15;
  std::string name = node.word(1);
  name = name.substr(name.rfind('/') + 1);
  if (name.empty() || name.find_first_of(" ,;#\"") != std::string::npos || name.find("${") != std::string::npos)
    return self.lose(node, "is no process's name as ps -o comm tells it");
  if (name.size() > longest) self.say(node, Verdict::differs, "ps -o comm tells 15 letters of a name");
  if (node.arguments() > 1) self.lose(node, "arguments do not count: a script with pgrep -f, and track = script NAME");
  self.tracked.item = "process " + name.substr(0, longest);
  self.took();
}

void quorum(Thing& self, const Node& node, Key) {
  if (node.word(1) == "1")
    self.say(node, Verdict::same, "one is enough");
  else
    self.lose(node, "one is enough, and any number is good");
}

/// keepalived's defaults, where ours are others.
constexpr std::array<std::pair<Key, Key>, 3> script_defaults{
    {{"interval", "1s"}, {"timeout", "interval"}, {"fall", "1"}}};

template <void (*take)(Desk&, const Node&, Key key, std::string_view stands)>
void over_defaults(Thing& self, const Node& node, Key key) {
  const auto* const found =
      std::find_if(script_defaults.begin(), script_defaults.end(), [&](const auto& one) { return one.first == key; });
  take(self, node, key, found == script_defaults.end() ? Key{} : found->second);
}

constexpr Row<Thing> script_rows[] = {
    {"script", "command", script},
    {"interval", "interval", over_defaults<take_time_or>},
    {"timeout", "timeout", over_defaults<take_time_or>},
    {"rise", "rise", over_defaults<take_number_or>},
    {"fall", "fall", over_defaults<take_number_or>},
    {"user", "user", user, 2},
    {"weight", "", weight, 2},
};

constexpr Row<Thing> process_rows[] = {
    {"process", "", process, 1000},
    {"quorum", "", quorum},
    {"weight", "", weight, 2},
};

void file(Thing& self, const Node& node, Key) {
  const auto words = escaped_words(node.text);
  const std::string path = words && words->size() > 1 ? (*words)[1] : "";
  const std::string line = fmt::format("read value <{} && [ $value -eq 0 ]", path);
  if (path.find_first_of(" \t\"'$`\\;&|<>()*?[]") != std::string::npos || path.empty())
    return self.lose(node, "is no path that a shell could be given");
  self.section.set("type", "script");
  self.set(node, "command", written({"/bin/sh", "-c", line}));
  self.section.set("interval", "1s");
  self.section.set("fall", "1");
  self.say(node, Verdict::differs, "looked at every second, as the script's user, who must be able to read it");
}

void init_file(Thing& self, const Node& node, Key) { self.lose(node, "whoever writes the file makes it"); }

constexpr Row<Thing> file_rows[] = {
    {"file", "", file},
    {"weight", "", weight, 2},
    {"init_file", "", init_file, 2},
};

struct TrackKind {
  std::string_view block;  // that defines it
  std::string_view by;     // that tracks it
  std::span<const Row<Thing>> rows;
  std::string_view weight;  // unless it says one
};
constexpr TrackKind track_kinds[] = {{"vrrp_script", "track_script", script_rows, "0"},
                                     {"vrrp_track_process", "track_process", process_rows, "1"},
                                     {"track_process", "track_process", process_rows, "1"},
                                     {"track_file", "track_file", file_rows, "1"},
                                     {"vrrp_track_file", "track_file", file_rows, "1"}};

void make_script(Thing& thing) {
  Section& section = thing.section;
  if (!section.has("type")) section.set("type", "script");
  if (section.value("type") == "script" && !section.has("command")) {
    section.clear_keys();
    return section.comment(fmt::format("[check {}] is left out: it has no program.", section.name()));
  }
  if (section.value("type") != "script") section.remove("user");
  if (!section.has("interval")) section.set("interval", "1s");
  if (!section.has("timeout")) section.set("timeout", section.value("interval"));
  if (!section.has("fall")) section.set("fall", "1");
  thing.tracked.item = "script " + section.name();
}

/// A process is no section: what there is to say of it stands where it is tracked.
void make_process(Desk& desk, const TrackKind& kind, Tracked& tracked) {
  Section comments{"", ""};
  Thing thing{{desk.site, comments}, tracked};
  take_block<Thing>(thing, tracked.node->children, kind.rows, said_of_scripts());
  const auto list = comments.take_comments();
  if (!list.empty()) desk.section.comment(fmt::format("{} {}:", kind.block, tracked.node->word(1)));
  for (const std::string& text : list) desk.section.comment(text);
}

/// Makes what is tracked for the first time.
void make(Desk& desk, const TrackKind& kind, Tracked& tracked) {
  tracked.used = true;
  if (kind.by == "track_process") return make_process(desk, kind, tracked);
  Document& out = desk.site.out;
  Thing thing{{desk.site, out.section("check", out.free_name("check", tracked.node->word(1)))}, tracked};
  take_block<Thing>(thing, tracked.node->children, kind.rows, said_of_scripts());
  make_script(thing);
}

/// A weight of -254 to 254; nothing: it cannot be said.
std::optional<std::string> weight_of(Desk& desk, const Node& node, const std::string& own) {
  const auto read = [](std::string_view word) {
    return config::read_number(word.substr(word.starts_with('-') ? 1 : 0), 0, 254);
  };
  std::string text = own;
  for (std::size_t i = 1; i < node.words.size(); ++i) {
    if (node.words[i] == "weight")
      text = node.word(++i);
    else if (node.words[i] != "reverse" && node.words[i] != "noreverse" && node.words[i] != "no_reverse")
      desk.lose(node, fmt::format("nobody reads `{}'", shown(node.words[i])));
    if (node.word(i) == "reverse") return desk.lose(node, reversed), std::nullopt;
  }
  if (!read(text)) {
    desk.lose(node, fmt::format("a weight is from -254 to 254: {} stands", own));
    text = own;
  }
  return *read(text) == 0 ? "" : fmt::format(" weight {}", text);
}

const TrackKind* kind_by(std::string_view block) {
  const auto* const found = std::find_if(std::begin(track_kinds), std::end(track_kinds),
                                         [&](const TrackKind& one) { return one.by == block; });
  return found == std::end(track_kinds) ? nullptr : found;
}

void take_track(Desk& desk, const Node& one, std::string_view block, bool weights) {
  std::string item = "interface " + one.words.front();
  std::string weight = "0";
  if (const TrackKind* const kind = kind_by(block)) {
    const auto found = desk.site.tracked.find(fmt::format("{} {}", block, one.words.front()));
    if (found == desk.site.tracked.end())
      return desk.lose(one, "nothing of that name is defined: keepalived ignores it, too");
    if (!found->second.used) make(desk, *kind, found->second);
    item = found->second.item;
    weight = found->second.weight;
    if (item.empty())
      return desk.lose(one, fmt::format("the {} at line {} has no counterpart: the remarks on it say why", kind->block,
                                        found->second.node->at.line));
  }
  auto value = weight_of(desk, one, weight);
  if (!value || !written(one.words.front())) return;
  if (block == "track_file" && !value->empty())
    return desk.lose(
        one, "a file's number times a weight is no priority here: a script that ends with 0 or 1, and its weight");
  if (!weights && !value->empty()) {
    value = "";
    desk.say(one, Verdict::same,
             "the weight of a member of a group counts for nothing, and what it tracks is a fault, as for keepalived");
  }
  desk.section.add("track", item + *value);
  desk.took();
}

}  // namespace

void know_tracked(Site& site, const Node& node) {
  for (const TrackKind& kind : track_kinds)
    if (kind.block == node.words.front())
      site.tracked.emplace(fmt::format("{} {}", kind.by, node.word(1)), Tracked{&node, std::string{kind.weight}});
}

void take_tracks(Desk& desk, const Node& node, bool weights) {
  for (const Node* const one : counting(desk, node.children)) take_track(desk, *one, node.words.front(), weights);
}

void finish_tracked(Site& site) {
  Desk desk{site, site.out.section("")};
  for (const auto& [name, tracked] : site.tracked) {
    if (tracked.used) continue;
    desk.say(*tracked.node, Verdict::same, "nothing tracks it, so that keepalived does not look at it, either");
    say_inside(desk, *tracked.node);
  }
}

}  // namespace keepalive::import
