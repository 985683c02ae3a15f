// A socket that sends to the kernels' multicast group, out of their interface.
#pragma once

#include <string_view>
#include <tl/expected.hpp>

#include "base/fd.hpp"
#include "sync/settings.hpp"

namespace ipvs::sync {

enum class Loop : std::uint8_t { no, yes };

class GroupSocket {
 public:
  /// `loop`: sockets of this host hear it, too. `ttl`: how far it goes; with 0 it does not leave the host.
  /// Needs no privilege. The error is a sentence.
  static tl::expected<GroupSocket, std::string> open(const Line& line, Loop loop, std::uint8_t ttl);

  /// To the first port of the line, without waiting. Whether the network took it.
  bool send(std::string_view datagram) const;

 private:
  GroupSocket(base::Fd socket, const Line& line) : socket_{std::move(socket)}, group_{line.group}, port_{line.port} {}

  base::Fd socket_;
  Address group_;
  Port port_;
};

}  // namespace ipvs::sync
