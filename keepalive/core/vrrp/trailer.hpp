// The HMAC trailer that keepalived 2.4.1 appends to advertisements (draft-cassen-vrrp-auth-hmac): proof that they come
// from a holder of the key, and are neither altered nor played again. 28 bytes behind the message:
//
//    0      1        2          4         8          10        12
//   | type | key id | reserved | seconds | fraction | counter | HMAC-SHA256, the first 16 bytes |
//                              |<---- the sequence number --->|
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "config/vrrp.hpp"
#include "core/vrrp/drop.hpp"
#include "ipvs++/address.hpp"

namespace keepalive::core::vrrp {

using namespace keepalive::vrrp;

constexpr std::size_t trailer_size = 28;

/// Seconds since 1970, 1/65536 of one, and a counter, from the top. It wraps around in 2106: later is what is ahead
/// by less than half of all numbers (RFC 1982).
using Sequence = std::uint64_t;

/// `clock`: since 1970.
Sequence sequence_at(Time clock);
/// The next one to send after `last`: the clock's, or one more where the clock has not gone on. A clock that was put
/// back by more than `window` is believed all the same, unless that is 0.
Sequence sequence_after(std::optional<Sequence> last, Time clock, Time window);

/// Whether the bytes behind a message start with a trailer.
bool is_trailer(std::span<const std::uint8_t> rest);

/// The trailer of a message, whatever its checksum is.
std::string sign(std::span<const std::uint8_t> message, const ipvs::Address& source, const HmacKey& key,
                 Sequence sequence);

/// The sequence number of a trailer that one of the keys has made, or why none has. `message`: with any checksum.
std::variant<Sequence, Drop> verify(std::span<const std::uint8_t> message, std::span<const std::uint8_t> trailer,
                                    const ipvs::Address& source, const std::vector<HmacKey>& keys);

/// What was heard of each sender last, so that nothing is heard twice.
class Senders {
 public:
  /// Nothing: it is news, and remembered. `window`: how far from the clock it may be; 0: the order alone counts.
  /// `most`: senders to remember, at least 1; the one that was silent for longest is forgotten.
  std::optional<Drop> take(const ipvs::Address& source, Sequence sequence, Time clock, Time window, std::size_t most);

 private:
  std::vector<std::pair<ipvs::Address, Sequence>> last_ = {};  // the latest first
};

}  // namespace keepalive::core::vrrp
