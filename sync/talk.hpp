// What the agents of two directors say to each other over their channel: one asks, the other answers, in frames of a
// length (4 bytes), a type and a body.
//
//   Hello          -> Hello                who one is, and how one's side is set up
//   AskParity      -> Parity               sums against hashes (parity.hpp)
//   AskEntries     -> Entries              the entries of these hashes
//   AskProbe       -> Probed               whether a word by multicast has come; another goes the other way (probe.hpp)
//   AskResync      -> Batch … ResyncEnd    everything, as datagrams for the kernel
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/bytes.hpp"
#include "ipvs++/daemon.hpp"
#include "sync/parity.hpp"

namespace ipvs::sync {

constexpr std::size_t longest_frame = 16U << 20U;
constexpr std::size_t frame_head = 4;

/// One side's set-up: what doctor compares.
struct Facts {
  std::string host = "";
  std::string interface = "";
  std::uint32_t mtu = 0;                                      // 0: no such interface
  bool up = false;                                            // and has carrier
  std::vector<std::string> addresses = {};                    // of the interface: "10.0.0.1/24"
  std::optional<std::vector<Daemon>> daemons = std::nullopt;  // absent: could not be asked
  std::map<std::string, std::string> sysctls = {};            // "sync_threshold" -> "3 50"
  bool relay = false;
  std::uint64_t connections = 0;  // in the mirror

  friend bool operator==(const Facts&, const Facts&) = default;
};

/// Of these messages. Of a Hello in another one the version alone is read.
constexpr std::uint16_t talk_version = 1;

struct Hello {
  std::uint16_t version = talk_version;
  Facts facts = {};

  friend bool operator==(const Hello&, const Hello&) = default;
};
struct AskParity {
  Digest digest = {};

  friend bool operator==(const AskParity&, const AskParity&) = default;
};
struct Parity {
  std::uint64_t connections = 0;  // of who answers
  std::vector<Bucket> differing = {};

  friend bool operator==(const Parity&, const Parity&) = default;
};
struct AskEntries {
  std::vector<std::uint64_t> hashes = {};

  friend bool operator==(const AskEntries&, const AskEntries&) = default;
};
struct Entries {
  std::vector<Entry> entries = {};

  friend bool operator==(const Entries&, const Entries&) = default;
};
struct AskResync {
  friend bool operator==(const AskResync&, const AskResync&) = default;
};
struct Batch {
  std::vector<Entry> entries = {};

  friend bool operator==(const Batch&, const Batch&) = default;
};
struct ResyncEnd {
  std::uint64_t connections = 0;
  std::string refusal = "";  // why there were none

  friend bool operator==(const ResyncEnd&, const ResyncEnd&) = default;
};

struct AskProbe {
  std::uint64_t token = 0;

  friend bool operator==(const AskProbe&, const AskProbe&) = default;
};
struct Probed {
  bool heard = false;

  friend bool operator==(const Probed&, const Probed&) = default;
};

using Talk = std::variant<Hello, AskParity, Parity, AskEntries, Entries, AskResync, Batch, ResyncEnd, AskProbe, Probed>;

/// Why one does not talk to who says this, or empty.
std::string objection(const Hello& hello);

/// With its frame.
std::string encode(const Talk& message);
/// Without it. Nothing if it is none of ours.
std::optional<Talk> decode_talk(base::Bytes body);

}  // namespace ipvs::sync
