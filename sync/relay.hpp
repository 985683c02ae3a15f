// One end of the relay between two directors: carries the kernel's sync datagrams over any network, in order, without
// a word that can be read, made up or played again. Pure: bytes and times in, bytes out.
//
//   packet:  | IVR1 | kind, 0, 0, 0 | key number (4) | epoch (8) | sequence (8) | sealed |        head: 28 bytes
//
// An end draws an epoch and a challenge at its start. What carries data is sealed by a key that is made of the secret,
// the sender's epoch and the receiver's challenge, so a recording is worth nothing to an end that has started anew:
//
//   hello(epoch 7, challenge a, echo 0)  ----->     nothing is believed yet; answered
//                                        <-----  hello(epoch 9, challenge b, echo a)     believed: it knows a
//   hello(epoch 7, challenge a, echo b)  ----->     believed
//   data(epoch 7, sequence 1)            ----->     delivered in order; a gap is asked for again, and given up
//                                        <-----  again(2, 5)                             after `patience`
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sync/cipher.hpp"

namespace ipvs::sync {

using Micros = std::chrono::microseconds;  // of a steady clock

/// Why a packet was dropped.
enum class Drop : std::uint8_t {
  too_short,
  malformed,  // no packet of ours; or the seal is good and the content is not
  key,        // of a key that this end does not have
  forged,     // its seal is not by that key
  stranger,   // of an epoch that is not believed
  replayed,   // delivered before, or given up; a hello that is older than the last
  beyond,     // so far ahead that it would be kept for ever
  echo,       // a hello that does not know our challenge: answered, not believed
};
constexpr std::size_t drops = 8;
std::string_view to_string(Drop drop);

class RelayEnd {
 public:
  struct Output {
    std::vector<std::string> packets = {};    // to the peer
    std::vector<std::string> datagrams = {};  // to the kernel
  };
  struct Counts {
    std::uint64_t sent = 0;    // datagrams
    std::uint64_t unsent = 0;  // no peer was believed
    std::uint64_t resent = 0;
    std::uint64_t delivered = 0;
    std::uint64_t reordered = 0;  // came after a later one
    std::uint64_t missed = 0;     // did not come the first time
    std::uint64_t lost = 0;       // given up
    std::array<std::uint64_t, drops> dropped = {};

    friend bool operator==(const Counts&, const Counts&) = default;
  };

  /// `secrets`: the first seals, all open. At least one. `epoch`, `challenge`: random, never used before, not 0.
  RelayEnd(std::vector<std::string> secrets, std::uint64_t epoch, std::uint64_t challenge);

  /// A change of secrets loses nothing as long as each end has the other's first one.
  void use(std::vector<std::string> secrets);

  /// A datagram of the kernel's.
  Output send(std::string_view datagram, Micros now);
  /// A packet from the peer's address.
  Output hear(std::string_view packet, Micros now);
  Output tick(Micros now);
  /// When tick() has something to do.
  Micros due() const;

  /// A peer is believed and was heard within `silence`.
  bool up(Micros now) const { return peer_ && now - heard_ < silence; }
  const Counts& counts() const { return counts_; }
  /// There and back, of the last hello that told; 0: unknown.
  Micros round_trip() const { return round_trip_; }
  /// From the kernel there to the kernel here, of the last datagram, the way counted as half the round trip.
  Micros lag() const { return lag_; }

  static constexpr Micros silence{3'000'000};
  static constexpr Micros patience{400'000};  // with a gap
  static constexpr int least_asks = 4;        // for it, however long that takes: an end may stand still for a while
  static constexpr std::size_t kept = 4096;   // packets, sent or waiting for earlier ones

 private:
  enum class Kind : std::uint8_t { hello = 1, data = 2, again = 3 };
  struct Head {
    Kind kind = Kind::hello;
    std::uint32_t key = 0;
    std::uint64_t epoch = 0;
    std::uint64_t sequence = 0;
  };
  struct Hello {
    std::uint64_t challenge = 0;
    std::uint64_t echo = 0;
    std::uint64_t next = 0;   // sequence of its next packet
    std::uint64_t clock = 0;  // of the sender
    std::uint64_t heard = 0;  // the receiver's clock as it last told; 0: never
    std::uint64_t held = 0;   // how long ago that came
  };
  struct Peer {
    std::uint64_t epoch = 0;
    std::uint64_t challenge = 0;
  };
  struct Waiting {
    std::string datagram = "";
    std::uint64_t clock = 0;  // of its sender; 0: no datagram
  };
  using Ciphers = std::map<std::uint32_t, Cipher>;  // by key number

  static std::string text_of(const Head& head);
  static std::optional<Head> read_head(std::string_view packet);
  static std::string text_of(const Hello& hello);
  static std::optional<Hello> read_hello(std::string_view text);

  struct Secret {
    std::uint32_t number = 0;
    std::string text = "";
  };

  const std::string* secret(std::uint32_t number) const;
  Cipher& cipher(Ciphers& ciphers, std::uint32_t key, const std::string& purpose);
  std::string hello_packet(std::uint64_t echo, Micros now);
  std::string sealed(Kind kind, std::string_view content);
  void drop(Drop reason) { ++counts_.dropped[static_cast<std::size_t>(reason)]; }

  void hear_hello(const Head& head, const std::string& text, Micros now, Output& output);
  void believe(const Head& head, const Hello& hello);
  void time(const Hello& hello, Micros now);
  void hear_sealed(const Head& head, std::string text, Micros now, Output& output);
  void resend(std::string_view wanted, Output& output);
  void deliver(Micros now, Output& output);
  void deliver(const Waiting& packet, Micros now, Output& output);
  void ask_again(Micros now, Output& output);

  std::vector<Secret> secrets_ = {};
  std::uint64_t epoch_;
  std::uint64_t challenge_;
  std::optional<Peer> peer_ = std::nullopt;
  std::deque<std::uint64_t> past_ = {};  // epochs of the peer that are over
  Micros heard_{0};
  std::uint64_t their_hellos_ = 0;  // sequence of the last one
  std::uint64_t their_clock_ = 0;   // of it
  Micros their_hello_{0};
  Micros round_trip_{0};
  Micros lag_{0};
  std::optional<std::int64_t> offset_ = std::nullopt;  // our clock less the peer's

  Ciphers out_ = {};  // to this peer
  Ciphers in_ = {};   // from it
  Ciphers hello_out_ = {};
  std::uint64_t sequence_ = 0;         // of the last packet
  std::uint64_t hellos_ = 0;           // the same, of hellos
  std::deque<std::string> sent_ = {};  // the last packets, sequence_ the newest
  Micros next_hello_{0};
  Micros answered_{-1'000'000};

  std::uint64_t next_ = 1;       // expected
  std::uint64_t announced_ = 1;  // the peer has sent all before this
  std::map<std::uint64_t, Waiting> waiting_ = {};
  std::optional<Micros> gap_since_ = std::nullopt;
  Micros ask_at_{0};
  int asks_ = 0;             // for this gap
  std::uint64_t asked_ = 0;  // missing up to here have been counted
  Counts counts_ = {};
};

}  // namespace ipvs::sync
