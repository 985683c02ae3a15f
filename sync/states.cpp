#include "sync/states.hpp"

#include <algorithm>
#include <span>

namespace ipvs::sync {
namespace {

struct State {
  std::string_view name;
  Phase phase;
  std::uint32_t timeout;  // seconds
};

constexpr State tcp[] = {
    {"NONE", Phase::opening, 2},      {"ESTABLISHED", Phase::established, 900}, {"SYN_SENT", Phase::opening, 120},
    {"SYN_RECV", Phase::opening, 60}, {"FIN_WAIT", Phase::closing, 120},        {"TIME_WAIT", Phase::closing, 120},
    {"CLOSE", Phase::closing, 10},    {"CLOSE_WAIT", Phase::closing, 60},       {"LAST_ACK", Phase::closing, 30},
    {"LISTEN", Phase::closing, 120},  {"SYNACK", Phase::opening, 120},
};
constexpr State udp[] = {{"UDP", Phase::established, 300}};
constexpr State sctp[] = {
    {"NONE", Phase::opening, 2},      {"INIT1", Phase::opening, 60},       {"INIT", Phase::opening, 60},
    {"C-SENT", Phase::opening, 60},   {"C-REPLIED", Phase::opening, 60},   {"C-WAIT", Phase::opening, 60},
    {"COOKIE", Phase::opening, 60},   {"C-ECHOED", Phase::opening, 60},    {"ESTABLISHED", Phase::established, 900},
    {"S-SENT", Phase::closing, 120},  {"S-RECEIVED", Phase::closing, 120}, {"S-ACK-SENT", Phase::closing, 120},
    {"REJECTED", Phase::closing, 10}, {"CLOSED", Phase::closing, 10},
};
constexpr std::uint32_t other_timeout = 180;

std::span<const State> states(std::uint8_t protocol) {
  switch (protocol) {
    case protocol_tcp:
      return tcp;
    case protocol_udp:
      return udp;
    case protocol_sctp:
      return sctp;
    default:
      return {};
  }
}

const State* find(const Entry& entry) {
  const auto all = states(entry.protocol);
  return !entry.is_template() && entry.state < all.size() ? &all[entry.state] : nullptr;
}

}  // namespace

std::string protocol_name(std::uint8_t protocol) {
  switch (protocol) {
    case protocol_tcp:
      return "TCP";
    case protocol_udp:
      return "UDP";
    case protocol_sctp:
      return "SCTP";
    default:
      return std::to_string(protocol);
  }
}

std::string state_name(const Entry& entry) {
  if (entry.is_template()) return "NONE";
  const State* const state = find(entry);
  return state != nullptr ? std::string{state->name} : std::to_string(entry.state);
}

std::optional<std::uint16_t> state_number(std::uint8_t protocol, std::string_view name) {
  const auto all = states(protocol);
  const auto found = std::find_if(all.begin(), all.end(), [&](const State& state) { return state.name == name; });
  if (found == all.end()) return std::nullopt;
  return static_cast<std::uint16_t>(found - all.begin());
}

Phase phase(const Entry& entry) {
  if (entry.is_template()) return Phase::established;
  const State* const state = find(entry);
  return state != nullptr ? state->phase : Phase::established;
}

std::uint32_t default_timeout(const Entry& entry) {
  const State* const state = find(entry);
  return state != nullptr ? state->timeout : other_timeout;
}

}  // namespace ipvs::sync
