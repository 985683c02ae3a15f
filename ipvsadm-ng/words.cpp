#include "words.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

namespace ipvsadm {

using ipvs::ServiceFlag;

namespace {

// For each flag the names that belong to one scheduler stand before the one that goes with any.
constexpr auto flag_words = std::to_array<FlagWord>({
    {"sh-fallback", ServiceFlag::sh_fallback, "sh"},
    {"mh-fallback", ServiceFlag::mh_fallback, "mh"},
    {"flag-1", ServiceFlag::sched1, ""},
    {"sh-port", ServiceFlag::sh_port, "sh"},
    {"mh-port", ServiceFlag::mh_port, "mh"},
    {"flag-2", ServiceFlag::sched2, ""},
    {"flag-3", ServiceFlag::sched3, ""},
});

constexpr auto tunnel_types = std::to_array<std::pair<std::string_view, ipvs::TunnelType>>(
    {{"ipip", ipvs::TunnelType::ipip}, {"gue", ipvs::TunnelType::gue}, {"gre", ipvs::TunnelType::gre}});
constexpr auto roles = std::to_array<std::pair<std::string_view, ipvs::DaemonRole>>(
    {{"master", ipvs::DaemonRole::master}, {"backup", ipvs::DaemonRole::backup}});

template <typename Table, typename T>
std::string_view word_of(const Table& table, T value) {
  for (const auto& [word, meaning] : table)
    if (meaning == value) return word;
  return table.back().first;
}

template <typename T, std::size_t size>
std::optional<T> meaning_of(const std::array<std::pair<std::string_view, T>, size>& table, std::string_view text) {
  for (const auto& [word, meaning] : table)
    if (word == text) return meaning;
  return std::nullopt;
}

}  // namespace

std::string_view name(ipvs::TunnelType type) { return word_of(tunnel_types, type); }
std::string_view name(ipvs::DaemonRole role) { return word_of(roles, role); }
std::optional<ipvs::TunnelType> read_tunnel_type(std::string_view word) { return meaning_of(tunnel_types, word); }
std::optional<ipvs::DaemonRole> read_role(std::string_view word) { return meaning_of(roles, word); }

const FlagWord* find_flag_word(std::string_view word) {
  const auto* const found =
      std::find_if(flag_words.begin(), flag_words.end(), [&](const FlagWord& row) { return row.word == word; });
  return found == flag_words.end() ? nullptr : found;
}

std::string text(ipvs::Netmask netmask, ipvs::Family family) {
  const std::uint32_t value = netmask.value;
  if (family == ipvs::Family::ipv6) return fmt::format("{}", value);
  return fmt::format("{}.{}.{}.{}", value >> 24U, value >> 16U & 255U, value >> 8U & 255U, value & 255U);
}

std::vector<std::string_view> scheduler_flag_names(const ipvs::Service& service) {
  std::vector<std::string_view> given;
  ipvs::Flags<ServiceFlag> named;
  for (const FlagWord& row : flag_words) {
    const bool fits = row.scheduler.empty() || row.scheduler == service.scheduler;
    if (!fits || named.has(row.flag) || !service.flags.has(row.flag)) continue;
    named.set(row.flag);
    given.push_back(row.word);
  }
  return given;
}

std::string scheduler_flags(const ipvs::Service& service) {
  std::string joined;
  for (const std::string_view name : scheduler_flag_names(service)) {
    if (!joined.empty()) joined += ',';
    joined += name;
  }
  return joined;
}

}  // namespace ipvsadm
