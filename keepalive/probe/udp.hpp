// The udp check: sends a datagram. An ICMP error is a failure; silence is one only if an answer is wanted.
#pragma once

#include "probe/fd.hpp"
#include "probe/probe.hpp"

namespace keepalive::probe {

class UdpProbe final : public Probe {
 public:
  using Probe::Probe;
  Found start() override;
  Found ready(std::uint32_t events) override;
  Finding expired() override;

 private:
  Fd fd_ = {};
};

}  // namespace keepalive::probe
