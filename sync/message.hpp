// The kernel's connection-sync datagrams, as <linux>/net/netfilter/ipvs/ip_vs_sync.c sends and reads them.
//
//   version 0   | entries | id | size (2) |                               then entries of 24 bytes, IPv4 only
//   version 1   | 0 | id | size (2) | entries | 1 | 0 (2) |               then entries of 36 (IPv4) or 72 bytes (IPv6)
//
// Nothing in them is signed, numbered or acknowledged. An entry may carry options: sequence numbers of a helper that
// rewrites TCP, name and data of a persistence engine.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <iosfwd>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <vector>

#include "base/bytes.hpp"
#include "ipvs++/address.hpp"

namespace ipvs::sync {

constexpr std::size_t most_entries = 255;           // of a datagram: its count is one byte
constexpr std::uint16_t default_max_length = 1472;  // UDP payload in an Ethernet frame

/// IP_VS_CONN_F_…: the flags that the kernel's backup takes over, and those that tell entries apart.
namespace flag {
constexpr std::uint32_t forwarding = 0x0007;
constexpr std::uint32_t inactive = 0x0100;
constexpr std::uint32_t out_sequence = 0x0200;
constexpr std::uint32_t in_sequence = 0x0400;
constexpr std::uint32_t sequences = out_sequence | in_sequence;
constexpr std::uint32_t no_client_port = 0x0800;
constexpr std::uint32_t persistence = 0x1000;  // a template: where a client goes, no connection
}  // namespace flag

/// How a helper (FTP) has moved the sequence numbers of one direction: struct ip_vs_seq.
struct Shift {
  std::uint32_t initial = 0;
  std::uint32_t delta = 0;
  std::uint32_t previous_delta = 0;

  friend bool operator==(const Shift&, const Shift&) = default;
};

/// What few entries have.
struct Extras {
  std::optional<std::array<Shift, 2>> shifts = std::nullopt;  // in, out
  std::string engine = "";                                    // of persistence
  std::string engine_data = "";                               // what it keys on

  friend bool operator==(const Extras&, const Extras&) = default;
};

/// A connection or a template of persistence, as the master director has it.
struct Entry {
  std::uint8_t protocol = 6;
  std::uint16_t state = 0;  // of its protocol; see states.hpp
  Endpoint client = {};
  Endpoint virtual_endpoint = {};
  Endpoint destination = {};
  std::uint32_t flags = 0;
  std::uint32_t fwmark = 0;   // version 1 only
  std::uint32_t timeout = 0;  // seconds; 0: the receiver's own. Version 1 only
  std::shared_ptr<const Extras> extras = nullptr;

  bool is_template() const { return (flags & flag::persistence) != 0; }
  friend bool operator==(const Entry& one, const Entry& other);
};

std::ostream& operator<<(std::ostream& out, const Entry& entry);

struct Datagram {
  std::uint8_t version = 1;
  std::uint8_t id = 0;
  std::vector<Entry> entries = {};

  friend bool operator==(const Datagram&, const Datagram&) = default;
};

/// Why bytes are no datagram. The kernel drops them, too, and says so in its debug log only.
enum class Fault : std::uint8_t {
  too_short,
  version,    // neither 0 nor 1
  size,       // not the length that it says: cut, or sent by one whose maximum is larger than the receiver's
  truncated,  // ends inside an entry
  entry,      // of a version or type that nobody has
  option,     // unknown, or of a wrong length
  surplus,    // more bytes than entries: the count has wrapped at 256
};
constexpr std::size_t faults = 7;
std::string_view to_string(Fault fault);

tl::expected<Datagram, Fault> decode(base::Bytes bytes);

/// Version 1, as many datagrams of at most `max_length` bytes and 255 entries as it takes, in order.
std::vector<std::string> encode(const std::vector<Entry>& entries, std::uint8_t id,
                                std::size_t max_length = default_max_length);

}  // namespace ipvs::sync
