// The connections that a director's kernel holds, kept from what its sync datagrams say: what it sent of its own and
// what it took from others. The kernel itself gives them out only line by line, slowly and without flags.
//
// An entry lives as the kernel's copy does: until its timeout has passed since it was last heard of.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <unordered_map>
#include <vector>

#include "sync/cipher.hpp"
#include "sync/message.hpp"

namespace ipvs::sync {

using Time = std::chrono::milliseconds;  // of a steady clock

/// What the kernel finds a connection by.
struct Identity {
  std::uint8_t protocol = 6;
  bool persistence = false;  // a template
  Endpoint client = {};
  Endpoint virtual_endpoint = {};

  friend bool operator==(const Identity&, const Identity&) = default;
};
Identity identity(const Entry& entry);

/// Strangers choose the clients' addresses: what they collide in must not be theirs to compute.
struct IdentityHash {
  std::uint64_t secret = random_number();
  std::size_t operator()(const Identity& identity) const noexcept;
};

class Mirror {
 public:
  struct Held {
    Entry entry = {};
    Time since{0};    // first heard
    Time expires{0};  // the kernel's copy is gone then
  };
  /// What one word changed.
  enum class News : std::uint8_t {
    fresh,    // not heard of before
    renewed,  // nothing but its time
    changed,  // state, flags or destination
    late,     // an earlier phase than is known: the word was overtaken. It counts nevertheless, as in the kernel
  };

  News hear(const Entry& entry, Time now);
  /// Forgets what has expired, in `buckets` of the table; call it often. Returns how many.
  std::size_t age(Time now, std::size_t buckets);

  /// Entries, those included that have expired and were not yet forgotten.
  std::size_t size() const { return held_.size(); }
  std::size_t buckets() const { return held_.bucket_count(); }
  /// Of all that have not expired. `each` must not change the mirror.
  void for_each(Time now, const std::function<void(const Held&)>& each) const;
  const Held* find(const Identity& identity, Time now) const;

 private:
  std::unordered_map<Identity, Held, IdentityHash> held_ = {};
  std::size_t cursor_ = 0;  // of age()
};

}  // namespace ipvs::sync
