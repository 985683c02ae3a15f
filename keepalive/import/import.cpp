#include "import/import.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "import/text.hpp"

namespace keepalive::import {
namespace {

constexpr auto keepalived_words = std::to_array<std::string_view>({"global_defs",
                                                                   "vrrp_instance",
                                                                   "vrrp_sync_group",
                                                                   "vrrp_script",
                                                                   "virtual_server",
                                                                   "virtual_server_group",
                                                                   "vrrp_track_process",
                                                                   "track_process",
                                                                   "vrrp_track_file",
                                                                   "track_file",
                                                                   "bfd_instance",
                                                                   "track_group",
                                                                   "static_ipaddress",
                                                                   "static_routes",
                                                                   "static_rules",
                                                                   "garp_group",
                                                                   "interface_up_down_delays",
                                                                   "SSL",
                                                                   "include",
                                                                   "includea",
                                                                   "includer",
                                                                   "includem",
                                                                   "includew",
                                                                   "includeb"});
constexpr auto ldirectord_words = std::to_array<std::string_view>(
    {"virtual", "virtual6", "checktimeout", "checkinterval", "quiescent", "autoreload", "fallback", "logfile"});

bool one_of(const auto& words, std::string_view word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

/// The line without loops and conditions before what it says.
std::string_view statement(std::string_view line) {
  while (line.starts_with('~') || line.starts_with('@')) {
    const std::size_t end = line.starts_with('~') ? line.find(')') : line.find_first_of(blanks);
    if (end == std::string_view::npos) return {};
    line = trimmed(line.substr(end + 1));
  }
  return line;
}

}  // namespace

std::optional<Source> source_of(std::string_view path, std::string_view text) {
  while (!text.empty()) {
    const std::string_view line = statement(trimmed(text.substr(0, text.find('\n'))));
    text.remove_prefix(std::min(text.find('\n'), text.size() - 1) + 1);
    const std::size_t end = std::min(line.find_first_of(" \t={"), line.size());
    const std::string_view word = line.substr(0, end);
    const std::string_view rest = trimmed(line.substr(end));
    if (rest.starts_with('=') && one_of(ldirectord_words, word)) return Source::ldirectord;
    if (!rest.starts_with('=') && one_of(keepalived_words, word)) return Source::keepalived;
  }
  if (path.ends_with(".cf")) return Source::ldirectord;
  return path.find("keepalived") != std::string_view::npos ? std::optional{Source::keepalived} : std::nullopt;
}

std::string summary(const Imported& imported) {
  std::string text;
  std::array<std::size_t, 4> counts{};
  for (const Remark& remark : imported.remarks) {
    ++counts.at(static_cast<std::size_t>(remark.verdict));
    if (remark.verdict != Verdict::same) text += to_string(remark) + "\n";
  }
  text += fmt::format("{} statements taken over, {} of them with a difference; {} left out; {} need nothing\n",
                      imported.taken, counts[1], counts[2], counts[0]);
  if (counts[3] != 0)
    text += fmt::format("{} left to do: keepalive --check refuses the output until each is mended\n", counts[3]);
  return text;
}

}  // namespace keepalive::import
