// Timeouts and sysctls of the kernel's IPVS: compared with what the configuration declares, written where they
// differ, read back.
#pragma once

#include <map>
#include <set>
#include <string>

#include "config/model.hpp"
#include "core/action.hpp"
#include "core/event.hpp"
#include "ipvs++/client.hpp"

namespace keepalive::io {

class Settings {
 public:
  /// `behind`: servers that probes reach through the path; their answers carry our own address as source, which the
  /// kernel takes only with accept_local where they come in.
  core::Settled settle(const core::Settle& order, const Config& config, const std::set<ipvs::Address>& behind,
                       ipvs::Client& client);
  /// Undoes what was not asked for in the configuration: accept_local.
  void give_back();

 private:
  std::map<std::string, std::string> borrowed_ = {};  // as they were
};

/// The value of a sysctl by its whole name, or what came back instead.
tl::expected<std::string, std::string> read_sysctl(const std::string& name);

}  // namespace keepalive::io
