// The ping check: an ICMP echo through the kernel's ping sockets, which need no privilege but a line in
// net.ipv4.ping_group_range; where that leaves us out, the director may have one for us. The kernel chooses the identifier and gives us only what answers it.
#pragma once

#include "probe/fd.hpp"
#include "probe/probe.hpp"

namespace keepalive::probe {

class PingProbe final : public Probe {
 public:
  using Probe::Probe;
  Found start() override;
  Found ready(std::uint32_t events) override;

 private:
  Fd fd_ = {};
};

}  // namespace keepalive::probe
