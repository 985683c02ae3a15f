// The dns check: one question over UDP. Answers to other questions are not ours and wait for nobody.
#pragma once

#include "probe/dns_message.hpp"
#include "probe/fd.hpp"
#include "probe/probe.hpp"

namespace keepalive::probe {

class DnsProbe final : public Probe {
 public:
  using Probe::Probe;
  Found start() override;
  Found ready(std::uint32_t events) override;

 private:
  Fd fd_ = {};
  std::uint16_t id_ = 0;
  dns::Question question_ = {};
};

/// What an answer to the check's question says of the server.
Finding judge_dns(const Check& check, const dns::Answer& answer);

}  // namespace keepalive::probe
