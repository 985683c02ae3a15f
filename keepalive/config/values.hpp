// Single values of the configuration: text to value and back. Nothing: not such a value.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "config/model.hpp"

namespace keepalive::config {

/// "100ms", "2s", "5m", "1h", "7d"; "0".
std::optional<Milliseconds> read_time(std::string_view text);
/// The shortest of those.
std::string print_time(Milliseconds time);
std::optional<std::uint64_t> read_number(std::string_view text, std::uint64_t low, std::uint64_t high);
/// Trimmed parts between commas; empty ones are kept.
std::vector<std::string_view> split(std::string_view text);
/// Words between blanks; double quotes hold one together. Nothing: a quote is missing.
std::optional<std::vector<std::string>> read_words(std::string_view text);
/// A word and where it starts in the text.
struct PlacedWord {
  std::string text = "";
  std::size_t at = 0;
};
std::optional<std::vector<PlacedWord>> read_words_at(std::string_view text);
std::string print_words(const std::vector<std::string>& words);
/// \r \n \t \0 \\ \xHH.
std::optional<std::string> read_escaped(std::string_view text);
std::string print_escaped(std::string_view bytes);
/// An address, with or without a port (0): "10.0.0.1", "10.0.0.1:80", "fd00::1", "[fd00::1]:80".
std::optional<ipvs::Endpoint> read_place(std::string_view text);
/// "200", "200-299".
std::optional<StatusRange> read_status(std::string_view text);
std::string print_status(const StatusRange& range);
/// Lists and ranges spread out: "10.0.0.100-103:80", "[fd00::1-f]:80", "10.0.0.1:6970-6999". At most that many.
inline constexpr std::size_t most_endpoints = 65536;
std::optional<std::vector<ipvs::Endpoint>> read_range(std::string_view text);

/// How to write an IPv6 address, or range, that stands without brackets: "[fd00::1]:80 or [fd00::1:80]"; empty: it is
/// none.
std::string in_brackets(std::string_view text);
/// Why this is no interface's name, no label of an address, no scope of an address or a route; empty: it is one.
std::string_view interface_fault(std::string_view text);
std::string_view label_fault(std::string_view text);
std::string_view scope_fault(std::string_view text);
/// Why nothing can listen or answer there; empty: something can.
std::string_view unfit_service(const ipvs::Address& address);
std::string_view unfit_server(const ipvs::Address& address);
/// "65,534".
std::string grouped(std::size_t number);
/// "; the unit is missing: 60s" of a time without one.
std::string unit_hint(std::string_view text);
/// Whether a PEM text has such a block, from BEGIN to END.
enum class Pem : std::uint8_t { any, certificate, key };
/// What is wrong; empty: nothing.
std::string pem_fault(std::string_view text, Pem kind);

}  // namespace keepalive::config
