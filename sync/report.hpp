// What an agent tells of itself, to the director and to people.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/bytes.hpp"
#include "ipvs++/address.hpp"
#include "sync/mirror.hpp"
#include "sync/relay.hpp"

namespace ipvs::sync {

enum class Resync : std::uint8_t {
  none,   // not needed so far, or nobody to ask
  asked,  // by the tools, or since the kernel's daemon has come; begins in a moment
  waits,  // for the kernel's backup daemon
  runs,
  done,
  refused,  // by the donor
};
std::string_view to_string(Resync resync);

/// Of the side that is asked, over the channel (TCP).
struct ChannelCounts {
  std::uint64_t sessions = 0;    // that proved themselves
  std::uint64_t refused = 0;     // did not, or said what is no question
  std::uint64_t pushed_out = 0;  // had not yet, when others came and there was no more room
  std::uint64_t resyncs = 0;
  std::uint64_t given = 0;  // connections

  friend bool operator==(const ChannelCounts&, const ChannelCounts&) = default;
};

/// What did not come as far as the kernel, beside what RelayEnd::Counts tells of each peer.
struct Rejects {
  std::uint64_t strangers = 0;   // packets to the relay, of addresses that are no peer's
  std::uint64_t overrun = 0;     // the same, that its socket had no room for
  std::uint64_t unreadable = 0;  // datagrams that a peer's relay brought and no kernel would take
  std::uint64_t overdue = 0;     // datagrams given up, since too many waited for the kernel

  friend bool operator==(const Rejects&, const Rejects&) = default;
};

struct PeerReport {
  Endpoint peer = {};
  bool connected = false;
  std::string fault = "";  // why not
  std::string host = "";
  std::optional<std::uint32_t> permille = std::nullopt;  // of the last comparison; never yet
  std::uint64_t common = 0;
  std::uint64_t only_here = 0;
  std::uint64_t only_there = 0;
  std::uint64_t age_ms = 0;          // of the comparison
  std::uint64_t compared_bytes = 0;  // that it cost
  std::uint64_t compared_ms = 0;
  Resync resync = Resync::none;
  std::uint64_t resynced = 0;  // connections, of the last
  std::uint64_t resync_ms = 0;
  std::string refusal = "";
  // Multicast, of the last probe; not known yet, or not by multicast
  std::optional<bool> reaches = std::nullopt;  // what is sent here comes there
  std::optional<bool> reached = std::nullopt;  // the other way
  // the relay
  bool relay_up = false;
  std::uint64_t round_trip_us = 0;
  std::uint64_t lag_us = 0;
  RelayEnd::Counts relay = {};

  friend bool operator==(const PeerReport&, const PeerReport&) = default;
};

struct Report {
  std::vector<std::string> faults = {};  // of this side: no such interface, cannot listen
  std::uint64_t connections = 0;         // in the mirror
  bool listening = false;                // the kernel's backup daemon
  std::uint64_t given = 0;               // datagrams, to the kernel
  std::uint64_t waiting = 0;             // the same, not yet
  std::uint64_t dropped = 0;             // that its socket had no room for
  std::uint64_t missed = 0;              // that the capture had no room for
  std::uint64_t start_read_ms = 0;       // what the first reading of the kernel's list took; 0: none was needed
  std::uint64_t start_read = 0;          // connections that it gave
  Rejects rejects = {};
  ChannelCounts channel = {};
  std::vector<PeerReport> peers = {};

  friend bool operator==(const Report&, const Report&) = default;
};

}  // namespace ipvs::sync
