// What goes over a heartbeat line: the state of every virtual router of a director, sealed. Over UDP a datagram each;
// a serial line has frames with RFC 1055's marks (SLIP), since all else in them is found by the seal.
//
//    0       4       12      20      28         36                40       42        4
//   | KAH1  | epoch | echo  | node  | sequence | interval in ms  | number | routers | HMAC-SHA256 of all before (32) |
//
// A router, `flags` with 1: carrier, 2: hears another master; `age` in ms, all ones: never or no witness:
//
//    0      1              2       3          4       5                        9
//   | VRID | family 4 / 6 | state | priority | flags | age of witness's answer | source address (4 or 16) |
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/bytes.hpp"
#include "core/vrrp/machine.hpp"

namespace keepalive::core::vrrp {

/// A virtual router as the other director has it.
struct Word {
  std::uint8_t id = 0;
  State state = State::stopped;
  std::uint8_t priority = 0;
  bool carrier = false;
  bool hears_master = false;                       // another one, by VRRP
  std::optional<Time> witness_age = std::nullopt;  // most of the witnesses answered so long ago; in ms
  ipvs::Address source = {};                       // what it speaks from; of its family

  friend bool operator==(const Word&, const Word&) = default;
};

constexpr Time longest_interval{std::chrono::minutes{10}};

struct Beat {
  std::uint64_t epoch = 0;     // of the line's end that speaks: random at its start
  std::uint64_t echo = 0;      // the epoch that it heard from the other end; 0: none
  std::uint64_t node = 0;      // who speaks, the same on all its lines
  std::uint64_t sequence = 0;  // over all its lines
  Time interval{0};            // in ms, at most longest_interval; three without a word are silence
  std::vector<Word> words = {};

  friend bool operator==(const Beat&, const Beat&) = default;
};

/// Why a line's bytes are not taken. In the order in which it is looked at.
enum class Refusal : std::uint8_t {
  framing,  // tty: no mark for so long that it is no datagram of ours
  too_short,
  key,        // the seal is not by our key
  malformed,  // by our key, but another program's
  own,        // our own word came back
  echo,       // does not say our epoch: another end's, an old one's, or the first word of a peer that starts
  replayed,   // not later than what was heard
};
constexpr std::size_t refusals = 7;
std::string_view to_string(Refusal refusal);

std::string encode(const Beat& beat, std::string_view key);
std::variant<Beat, Refusal> decode(base::Bytes bytes, std::string_view key);

/// As a serial line has it.
std::string framed(std::string_view datagram);

/// Finds the datagrams in what a serial line gives, in pieces of any size.
class Deframer {
 public:
  struct Found {
    std::vector<std::string> datagrams = {};
    std::size_t overlong = 0;  // thrown away
  };
  Found take(std::string_view bytes);

 private:
  std::string rest_ = "";
  bool escaped_ = false;
  bool lost_ = false;  // until the next mark
};

}  // namespace keepalive::core::vrrp
