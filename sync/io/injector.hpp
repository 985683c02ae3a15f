// Gives datagrams to this host's own backup daemon: to the group, looped back, with a TTL of 0, so that none of them
// ever leaves the host.
//
// The kernel drops silently what its daemon has not read in time; so the injector looks at how much waits in the
// daemon's socket (/proc/net/udp) and keeps the rest to itself.
#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <tl/expected.hpp>

#include "sync/io/group_socket.hpp"
#include "sync/settings.hpp"

namespace ipvs::sync {

/// The backup daemon's first socket.
struct KernelQueue {
  std::uint64_t waiting = 0;  // bytes, as the kernel counts them
  std::uint64_t dropped = 0;  // datagrams, since it started

  friend bool operator==(const KernelQueue&, const KernelQueue&) = default;
};

/// Out of the text of /proc/net/udp or udp6. Nothing when no socket is bound to the group and port.
std::optional<KernelQueue> read_queue(std::string_view table, const Address& group, Port port);

class Injector {
 public:
  /// Needs no privilege. The error is a sentence.
  static tl::expected<Injector, std::string> open(const Line& line);

  /// Queues it.
  void give(std::string datagram) { queue_.push_back(std::move(datagram)); }
  /// Looks at the daemon's socket whatever it has been given.
  void look_again() { looked_ = {}; }
  /// Hands over as much as the daemon has room for. Returns whether something is left: call again in `pause`.
  bool work();

  std::size_t waiting() const { return queue_.size(); }
  std::uint64_t given() const { return given_; }
  /// Datagrams that the daemon's socket did not take, ours or others'.
  std::uint64_t dropped() const { return dropped_; }
  /// Datagrams given up, the oldest first, since too many waited.
  std::uint64_t overdue() const { return overdue_; }
  /// A backup daemon listens.
  bool listening() const { return listening_; }
  /// It has read all that it was given, as of the last look.
  bool taken() const { return queue_.empty() && listening_ && queued_there_ == 0; }

  static constexpr std::chrono::milliseconds pause{10};

 private:
  Injector(GroupSocket socket, const Line& line) : socket_{std::move(socket)}, line_{line} {}
  void look();

  GroupSocket socket_;
  Line line_;
  std::deque<std::string> queue_ = {};
  std::uint64_t given_ = 0;
  std::uint64_t dropped_ = 0;
  std::uint64_t overdue_ = 0;
  bool listening_ = false;
  std::uint64_t queued_there_ = 0;  // bytes in the daemon's socket, at the last look
  std::uint64_t credit_ = 0;        // bytes that it has room for, whatever it has read since
  std::chrono::steady_clock::time_point sent_ = {};
  std::chrono::steady_clock::time_point looked_ = {};  // /proc is dear: not at every datagram
};

}  // namespace ipvs::sync
