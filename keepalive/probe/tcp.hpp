// The tcp check: connects; says and hears something if asked to.
#pragma once

#include <string_view>

#include "probe/answer.hpp"
#include "probe/fd.hpp"
#include "probe/probe.hpp"

namespace keepalive::probe {

class TcpProbe final : public Probe {
 public:
  using Probe::Probe;
  Found start() override;
  Found ready(std::uint32_t events) override;
  Finding expired() override;

 private:
  Found converse(std::uint32_t events);

  Fd fd_ = {};
  bool connected_ = false;
  std::string_view unsent_ = {};
  Expectation answer_ = {};
};

}  // namespace keepalive::probe
