// The file check: a number in a file is the server's weight.
#pragma once

#include "probe/probe.hpp"

namespace keepalive::probe {

class FileProbe final : public Probe {
 public:
  using Probe::Probe;
  Found start() override;
  Found ready(std::uint32_t) override { return std::nullopt; }
};

}  // namespace keepalive::probe
