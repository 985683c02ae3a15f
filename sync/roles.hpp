// Which of the kernel's connection-sync daemons are to run, and how one gets there from those that do. Pure.
//
//   steps(wanted(settings, master), client.daemons(), mtu)     // then start and stop, in that order
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <tl/expected.hpp>
#include <vector>

#include "ipvs++/daemon.hpp"

namespace ipvs::sync {

/// What both daemons are told. Zero or absent: the kernel's default.
struct Settings {
  std::string interface = "";
  SyncId id = {};
  std::uint16_t max_length = 0;  // bytes of UDP payload
  std::optional<Address> group = std::nullopt;
  Port port = {};
  std::uint8_t ttl = 0;
  bool both = false;  // both daemons always

  friend bool operator==(const Settings&, const Settings&) = default;
};

/// The daemons that are to run on a director that is master, or is not.
std::vector<Daemon> wanted(const Settings& settings, bool master);

/// Whether a running daemon, as the kernel reports it, is what somebody asked for. `mtu`: its interface's, from which a
/// backup's default length follows.
bool fits(const Daemon& wanted, const Daemon& actual, std::uint32_t mtu);

struct Step {
  enum class Kind : std::uint8_t { start, stop, replace };
  Kind kind = Kind::start;
  Daemon daemon = {};  // of a stop: the one that runs

  friend bool operator==(const Step&, const Step&) = default;
};
using Steps = std::vector<Step>;

/// From the daemons that run to those that are wanted. What is missing starts before what is too much stops, so that no
/// change is missed when roles change.
Steps steps(const std::vector<Daemon>& wanted, const std::vector<Daemon>& actual, std::uint32_t mtu);
/// All stop, and start again: the kernel looks at sync_ports and sync_sock_size when the first one starts.
Steps anew(const std::vector<Daemon>& wanted, const std::vector<Daemon>& actual);

/// Where the kernel's daemons speak when they are told no group.
constexpr Address default_group{std::array<std::uint8_t, 4>{224, 0, 0, 81}};
/// Whether the kernel's sender binds to an IPv4 address of the interface: with a group of IPv6 it needs none.
/// Source: linux 6.1 net/netfilter/ipvs/ip_vs_sync.c, make_send_sock().
bool needs_ipv4(const std::optional<Address>& group);
/// Bytes of IP and UDP in front of each of a daemon's datagrams.
std::uint32_t headers(const Daemon& daemon);

/// Most bytes of UDP payload whose entries an unsigned byte can count: `version` 0 or 1 of messages. A longer datagram
/// carries more, the count wraps, and the entries beyond it are lost. (Linux 6.1, seen.)
constexpr std::uint32_t longest_whole(std::uint32_t version) {
  constexpr std::uint32_t entries = 255;
  return version == 0 ? 4 + entries * 24 : 8 + entries * 36;  // of IPv4: header, and entries without options
}
/// A backup raises what is less.
constexpr std::uint32_t shortest_of_backup = 1024;

constexpr std::size_t shortest_secret = 32;  // bytes
/// What agents share, out of a key file's text: without blanks and line ends behind it. The same for ipvs-sync and for
/// keepalive, since the one may have the other for its peer. The error is a sentence.
tl::expected<std::string, std::string> secret_of(std::string text);

/// "master" or "backup".
std::string word(DaemonRole role);
/// "eth1, id 51", and what is not the kernel's default: "eth1, id 51, max_length 8000".
std::string describe(const Daemon& daemon);

}  // namespace ipvs::sync
