// Whether two directors hold the same connections, at the price of what differs.
//
//   asks:    a sum of hashes for each bucket           16 bytes a bucket, some 50 connections each
//   answers: the hashes in the buckets whose sums differ   8 bytes a connection
//   asks:    the entries of hashes that it does not have, if it wants to know them
//
// Only connections that both must have by now are compared: established, and known for `settled` at least.
#pragma once

#include <cstdint>
#include <unordered_map>
#include <vector>

#include "sync/mirror.hpp"

namespace ipvs::sync {

constexpr Time settled{5000};  // the kernel sends within 2 s, and an entry in a burst waits for the third packet

/// Of what two directors must agree in: who, to what service, to which server. The same on all machines.
std::uint64_t fingerprint(const Entry& entry);

struct Sum {
  std::uint64_t hash = 0;
  std::uint32_t count = 0;

  friend bool operator==(const Sum&, const Sum&) = default;
};
/// A power of two of buckets.
using Digest = std::vector<Sum>;

/// All that one bucket of a side holds.
struct Bucket {
  std::uint32_t number = 0;
  std::vector<std::uint64_t> hashes = {};

  friend bool operator==(const Bucket&, const Bucket&) = default;
};

/// A mirror at one moment, ready to be compared; it holds fingerprints, no entries.
class Snapshot {
 public:
  Snapshot(const Mirror& mirror, Time now);
  explicit Snapshot(std::vector<std::uint64_t> hashes);

  std::size_t size() const { return hashes_.size(); }
  /// Enough buckets for this side's size.
  Digest digest() const;
  /// Of this side, the buckets whose sums are others than the other side's.
  std::vector<Bucket> differing(const Digest& other) const;

  struct Comparison {
    std::size_t common = 0;
    std::vector<std::uint64_t> only_here = {};
    std::vector<std::uint64_t> only_there = {};

    /// Of all that either side holds, in thousandths; 1000 when neither holds any.
    std::uint32_t permille() const;
    friend bool operator==(const Comparison&, const Comparison&) = default;
  };
  /// `theirs`: what the other side answered to this side's digest, which had `buckets` buckets.
  Comparison compare(const std::vector<Bucket>& theirs, std::size_t buckets) const;

 private:
  std::vector<std::uint64_t> hashes_;  // sorted, so that a bucket is a range
};

}  // namespace ipvs::sync
