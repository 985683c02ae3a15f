// What the numbers in sync entries mean: the states of ip_vs_proto_{tcp,udp,sctp}.c.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "sync/message.hpp"

namespace ipvs::sync {

constexpr std::uint8_t protocol_tcp = 6;
constexpr std::uint8_t protocol_udp = 17;
constexpr std::uint8_t protocol_sctp = 132;

/// "TCP", or the number of one that IPVS does not balance.
std::string protocol_name(std::uint8_t protocol);
/// As /proc/net/ip_vs_conn has it: "ESTABLISHED"; "NONE" of a template; a number when it has no name.
std::string state_name(const Entry& entry);
/// The number of a name; nothing for one that the protocol does not have.
std::optional<std::uint16_t> state_number(std::uint8_t protocol, std::string_view name);

/// How far a connection has come, the same for all protocols.
enum class Phase : std::uint8_t { opening, established, closing };
Phase phase(const Entry& entry);

/// Seconds after which the kernel forgets an entry of this state that nobody speaks of, by its defaults.
std::uint32_t default_timeout(const Entry& entry);

}  // namespace ipvs::sync
