#include "sync/parity.hpp"

#include <algorithm>
#include <bit>
#include <iterator>

#include "sync/states.hpp"

namespace ipvs::sync {
namespace {

constexpr std::size_t entries_per_bucket = 50;
constexpr std::size_t least_buckets = 64;
constexpr std::size_t most_buckets = 1U << 16U;

/// FNV-1a with a last stir: equal on all machines, and even in its upper bits, which choose the bucket.
class Hash {
 public:
  void add(std::uint64_t word, std::size_t bytes) {
    for (std::size_t i = 0; i < bytes; ++i) {
      value_ ^= word >> (8 * i) & 0xffU;
      value_ *= 0x100000001b3ULL;
    }
  }
  void add(const Endpoint& endpoint) {
    for (const std::uint8_t byte : endpoint.address.bytes()) add(byte, 1);
    add(endpoint.port.value, 2);
  }
  std::uint64_t value() const {
    std::uint64_t mixed = value_;
    mixed = (mixed ^ mixed >> 30U) * 0xbf58476d1ce4e5b9ULL;
    mixed = (mixed ^ mixed >> 27U) * 0x94d049bb133111ebULL;
    return mixed ^ mixed >> 31U;
  }

 private:
  std::uint64_t value_ = 0xcbf29ce484222325ULL;
};

unsigned bits_of(std::size_t buckets) { return static_cast<unsigned>(std::countr_zero(buckets)); }

std::size_t bucket_of(std::uint64_t hash, std::size_t buckets) { return hash >> (64U - bits_of(buckets)); }

Digest digest_of(const std::vector<std::uint64_t>& hashes, std::size_t buckets) {
  Digest digest(buckets);
  for (const std::uint64_t hash : hashes) {
    Sum& sum = digest[bucket_of(hash, buckets)];
    sum.hash += hash;
    ++sum.count;
  }
  return digest;
}

}  // namespace

std::uint64_t fingerprint(const Entry& entry) {
  Hash hash;
  hash.add(entry.protocol, 1);
  hash.add(entry.is_template() ? 1 : 0, 1);
  hash.add(entry.client);
  hash.add(entry.virtual_endpoint);
  hash.add(entry.destination);
  return hash.value();
}

Snapshot::Snapshot(const Mirror& mirror, Time now) {
  mirror.for_each(now, [&](const Mirror::Held& held) {
    if (phase(held.entry) == Phase::established && held.since + settled <= now)
      hashes_.push_back(fingerprint(held.entry));
  });
  std::sort(hashes_.begin(), hashes_.end());
}

Snapshot::Snapshot(std::vector<std::uint64_t> hashes) : hashes_{std::move(hashes)} {
  std::sort(hashes_.begin(), hashes_.end());
}

Digest Snapshot::digest() const {
  const std::size_t buckets = std::bit_ceil(hashes_.size() / entries_per_bucket + 1);
  return digest_of(hashes_, std::clamp(buckets, least_buckets, most_buckets));
}

std::vector<Bucket> Snapshot::differing(const Digest& other) const {
  if (!std::has_single_bit(other.size()) || other.size() < 2) return {};
  const Digest own = digest_of(hashes_, other.size());
  std::vector<Bucket> buckets;
  auto first = hashes_.begin();
  for (std::size_t i = 0; i < own.size(); ++i) {
    const auto last = first + own[i].count;
    if (own[i] != other[i]) buckets.push_back({static_cast<std::uint32_t>(i), {first, last}});
    first = last;
  }
  return buckets;
}

std::uint32_t Snapshot::Comparison::permille() const {
  const std::size_t all = common + only_here.size() + only_there.size();
  return all == 0 ? 1000 : static_cast<std::uint32_t>(common * 1000 / all);
}

Snapshot::Comparison Snapshot::compare(const std::vector<Bucket>& theirs, std::size_t buckets) const {
  Comparison result;
  std::size_t looked_at = 0;
  for (const Bucket& bucket : theirs) {
    const auto in_bucket = [&](std::uint64_t hash, std::size_t number) { return bucket_of(hash, buckets) < number; };
    const auto first = std::lower_bound(hashes_.begin(), hashes_.end(), std::size_t{bucket.number}, in_bucket);
    const auto last = std::lower_bound(first, hashes_.end(), std::size_t{bucket.number} + 1, in_bucket);
    std::vector<std::uint64_t> other = bucket.hashes;
    std::sort(other.begin(), other.end());
    const std::size_t before = result.only_here.size();
    std::set_difference(first, last, other.begin(), other.end(), std::back_inserter(result.only_here));
    std::set_difference(other.begin(), other.end(), first, last, std::back_inserter(result.only_there));
    const auto here = static_cast<std::size_t>(last - first);
    looked_at += here;
    result.common += here - (result.only_here.size() - before);
  }
  result.common += hashes_.size() - std::min(looked_at, hashes_.size());
  return result;
}

}  // namespace ipvs::sync
