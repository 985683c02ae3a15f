// The script check: someone else runs it, when it is its turn, and tells how it ended.
#pragma once

#include "core/messages.hpp"
#include "probe/probe.hpp"

namespace keepalive::probe {

class ScriptProbe final : public Probe {
 public:
  using Probe::Probe;
  Found start() override { return std::nullopt; }
  Found ready(std::uint32_t) override { return std::nullopt; }
  /// What its end says of the server.
  Finding judge(const core::ScriptDone& done) const;
};

}  // namespace keepalive::probe
