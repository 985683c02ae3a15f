// A word between agents over the kernels' own network, by which they learn whether that network carries anything:
//
//   | 0 | id | 0, 0 | IVPR | token (8) |      16 bytes
//
// It stands where a datagram says its size, and says 0: a kernel's daemon drops it at the first look, whatever it is set
// to (<linux>/net/netfilter/ipvs/ip_vs_sync.c, ip_vs_process_message: "bogus message size").
//
//   asks: token 17, by multicast      asks over the channel: has 17 come?  ->  yes or no, and token ~17 by multicast
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <string>

#include "base/bytes.hpp"
#include "ipvs++/daemon.hpp"

namespace ipvs::sync {

std::string encode_probe(SyncId id, std::uint64_t token);
std::optional<std::uint64_t> decode_probe(base::Bytes bytes);

constexpr std::uint64_t answer_to(std::uint64_t token) { return ~token; }

/// The last tokens that came from others.
class Probes {
 public:
  static constexpr std::size_t most = 64;

  void hear(std::uint64_t token) {
    heard_.push_back(token);
    if (heard_.size() > most) heard_.pop_front();
  }
  bool heard(std::uint64_t token) const;

 private:
  std::deque<std::uint64_t> heard_ = {};
};

}  // namespace ipvs::sync
