// What passes on a sync network, by who sends it.
#pragma once

#include <array>
#include <cstdint>
#include <map>

#include "sync/message.hpp"
#include "sync/mirror.hpp"

namespace ipvs::sync {

/// Of one sender since it was first heard.
struct Sender {
  bool own = false;  // this host's kernel
  std::uint8_t version = 1;
  std::uint8_t id = 0;
  std::uint64_t datagrams = 0;
  std::uint64_t entries = 0;
  std::uint64_t bytes = 0;
  std::uint64_t largest = 0;  // datagram, in bytes
  std::uint64_t templates = 0;
  std::uint64_t late = 0;  // entries that say an earlier state than is known: overtaken, or a second sender
  std::uint64_t gaps = 0;  // pauses longer than `Traffic::pause`, each followed by a datagram
  Time longest_gap{0};
  std::array<std::uint64_t, faults> faulty = {};  // datagrams that the kernel drops
  Time first{0};
  Time last{0};

  friend bool operator==(const Sender&, const Sender&) = default;
};

class Traffic {
 public:
  static constexpr Time pause{2500};  // the kernel flushes after 2 s: who has something to say is not silent longer
  static constexpr std::size_t most_senders = 1024;

  void count(const Endpoint& source, bool own, std::size_t bytes, const Datagram& datagram, std::size_t late, Time now);
  void count(const Endpoint& source, bool own, std::size_t bytes, Fault fault, Time now);

  /// By address and port: a kernel's threads speak from a port each.
  const std::map<Endpoint, Sender>& senders() const { return senders_; }
  /// Datagrams of senders beyond the number that is kept.
  std::uint64_t unknown() const { return unknown_; }

 private:
  Sender* sender(const Endpoint& source, bool own, std::size_t bytes, Time now);

  std::map<Endpoint, Sender> senders_ = {};
  std::uint64_t unknown_ = 0;
};

}  // namespace ipvs::sync
