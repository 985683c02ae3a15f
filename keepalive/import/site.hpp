// What the parts of a keepalived.conf(5) share while they are converted, and how a block goes through a table of
// keywords: each statement becomes a key, or a remark. So none is lost in silence.
#pragma once

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/diagnostics.hpp"
#include "config/load.hpp"
#include "import/document.hpp"
#include "import/tree.hpp"

namespace keepalive::config {
struct Key;
}

namespace keepalive::import {

/// What stands globally and counts in other blocks.
struct Defaults {
  std::string version = "2";
  std::string garp_delay = "";  // each empty: as ours
  std::string garp_repeat = "";
  std::string garp_refresh = "";
  std::string garp_gap = "";
  std::string start_delay = "";
  std::string down_after = "";
  bool strict = false;
  bool log_failures = false;
  bool alert_servers = true;
  bool min_garp = false;
  std::string interface = "eth0";  // of static addresses
  std::string script_user = "";
  std::optional<std::uint32_t> first_mark = {};  // nftables_ipvs
};

/// A vrrp_script, vrrp_track_process or track_file.
struct Tracked {
  const Node* node = nullptr;
  std::string weight = "0";  // unless whoever tracks it says another
  std::string item = "";     // what `track` says of it; empty: it cannot be tracked
  bool used = false;
};

struct Instance {
  const Node* node = nullptr;
  std::string name = "";  // ours
  bool grouped = false;   // in a group whose members have no weights of their own
};

struct Delays {
  std::string down = "";
  std::string up = "";
};

struct Site {
  Site(const FileReader& reader, std::string its_folder) : files{reader}, folder{std::move(its_folder)} {}

  void remark(Section& section, const Node& node, Verdict verdict, std::string_view text);
  Section& global() { return out.section("global"); }

  const FileReader& files;
  std::string_view no_keyword = "no keyword of keepalived.conf(5) here";
  std::string folder;  // of the first file, which comments do not repeat
  Document out = {};
  std::vector<Remark> remarks = {};
  std::size_t taken = 0;  // statements that became something
  Defaults defaults = {};
  std::map<std::string, Tracked> tracked = {};  // "track_script NAME", as blocks that track it are called
  std::vector<Instance> instances = {};
  std::map<std::string, std::size_t> instance_numbers = {};  // by keepalived's name
  std::vector<const Node*> groups = {};
  std::map<std::string, const Node*> server_groups = {};
  std::map<std::string, Delays> delays = {};  // by interface
  std::map<std::string, std::string> gaps = {};
  std::map<std::string, std::string> holders = {};  // a virtual address, and the instance that holds it
  std::map<std::string, std::string> checks = {};   // by their content: their names
  std::map<std::string, std::string> tls = {};      // of SSL { }: our key, and its value
  std::map<std::string, const Node*> globals = {};  // by key of [global]: what it was made of
  std::uint32_t rule_priority = 16384;              // where keepalived counts down from
  const Node* sync = nullptr;                       // what says that the kernel's daemons run
  bool programs = false;
};

/// Who takes statements: the section that keys and comments go to.
struct Desk {
  Site& site;
  Section& section;

  void say(const Node& node, Verdict verdict, std::string_view text) { site.remark(section, node, verdict, text); }
  void lose(const Node& node, std::string_view text) { say(node, Verdict::lost, text); }
  /// Sets a key; without a way to write the value it is lost.
  void set(const Node& node, std::string_view key, const std::optional<std::string>& value);
  void took() { ++site.taken; }
};

inline constexpr std::string_view strict_is =
    "accept = no, without a password and a delay of failback, is what becomes of it: nothing is refused";

/// As many words behind a keyword as somebody likes.
inline constexpr std::size_t any_number = 1000;

/// A keyword that something is made of.
template <class Self>
struct Row {
  std::string_view word;
  std::string_view key;  // ours, if it is just one
  void (*take)(Self& self, const Node& node, std::string_view key);
  std::size_t most = 1;  // words behind it that count
  bool block = false;
};

/// A keyword that nothing is made of, and what there is to say about it.
struct Said {
  std::string_view word;
  Verdict verdict;
  std::string_view text;
};

/// What is inside a block that becomes nothing.
void say_inside(Desk& desk, const Node& node, std::string_view text = "belongs to the block above");
/// The statement's block, and the rest of a line that nobody reads.
void say_ignored(Desk& desk, const Node& node, std::size_t most, bool block);
void say_unknown(Desk& desk, const Node& node, std::span<const std::string_view> known);
/// The remarks among nodes are told; the rest is returned.
std::vector<const Node*> counting(Desk& desk, const std::vector<Node>& nodes);

template <class Self>
void take_node(Self& self, const Node& node, std::span<const Row<Self>> rows, std::span<const Said> said) {
  for (const Row<Self>& row : rows) {
    if (row.word != node.words.front()) continue;
    say_ignored(self, node, row.most, row.block);
    return row.take(self, node, row.key);
  }
  for (const Said& one : said)
    if (one.word == node.words.front()) {
      self.say(node, one.verdict, one.text);
      return say_inside(self, node);
    }
  std::vector<std::string_view> known;
  for (const Row<Self>& row : rows) known.push_back(row.word);
  say_unknown(self, node, known);
}

template <class Self>
void take_block(Self& self, const std::vector<Node>& nodes, std::span<const Row<Self>> rows,
                std::span<const Said> said) {
  for (const Node* const node : counting(self, nodes)) take_node(self, *node, rows, said);
}

// ---- What rows take ----

/// "2.5" seconds as a time of ours. Nothing: it is none.
std::optional<std::string> time_of(std::string_view seconds);
/// on, off, yes, no, true, false; without a word it is on. Nothing: another word.
std::optional<bool> truth(const Node& node);
/// A program in one word, perhaps with arguments: found by PATH where it has no whole path. Nothing: it cannot be said.
std::optional<std::vector<std::string>> program_of(const Node& node, std::size_t number);

/// A number or seconds as a value of this key of ours. Nothing: it is none within the key's bounds.
std::optional<std::string> number_for(const config::Key& key, std::string_view text);
std::optional<std::string> time_for(const config::Key& key, std::string_view seconds);
/// What the key wants, and what counts without it: `stands`, or our default where that is empty.
std::string wanted_number(const config::Key& key, std::string_view stands = "");
std::string wanted_time(const config::Key& key, std::string_view stands = "");

/// A number or a time; one out of bounds is left out, and `stands`, or else our default, counts.
void take_number_or(Desk& desk, const Node& node, std::string_view key, std::string_view stands);
void take_time_or(Desk& desk, const Node& node, std::string_view key, std::string_view stands);
void take_number(Desk& desk, const Node& node, std::string_view key);
void take_time(Desk& desk, const Node& node, std::string_view key);
void take_text(Desk& desk, const Node& node, std::string_view key);
void take_flag(Desk& desk, const Node& node, std::string_view key);
/// A program, with a user and a group behind it, who are remarked on.
void take_program(Desk& desk, const Node& node, std::string_view key);

/// notify: one program for all states, told which by arguments; `kind`: INSTANCE or GROUP.
void take_notify(Desk& desk, const Node& node, const std::string& kind, const std::string& name,
                 const std::string& priority);

/// As a row takes it, whoever it is that derives from Desk.
template <class Self, void (*take)(Desk&, const Node&, std::string_view)>
void by(Self& self, const Node& node, std::string_view key) {
  take(self, node, key);
}

// ---- The parts: each statement at the top is known first, then taken. ----

/// global_defs, and what stands beside it.
void take_globals(Site& site, const Node& node);
void finish_globals(Site& site);

/// vrrp_script, vrrp_track_process, track_file: what virtual routers track.
void know_tracked(Site& site, const Node& node);
/// track_script { … } and its like.
void take_tracks(Desk& desk, const Node& node, bool weights);
/// Those that nobody tracks are remarked on.
void finish_tracked(Site& site);

/// vrrp_instance, vrrp_sync_group.
void know_instance(Site& site, const Node& node);
void know_group(Site& site, const Node& node);
void take_instance(Site& site, const Instance& instance);
/// Groups, and whom the sync daemon follows.
void finish_routers(Site& site);

/// virtual_server_group, virtual_server, SSL.
void know_server_group(Site& site, const Node& node);
void know_tls(Site& site, const Node& node);
void take_service(Site& site, const Node& node);

}  // namespace keepalive::import
