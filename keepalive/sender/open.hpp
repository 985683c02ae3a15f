// Which alerts stand open: SERVER_DOWN is closed by SERVER_UP of the same server, and so on. Alerts that tell of
// something that happened once are news, but never open.
#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "core/alerts.hpp"

namespace keepalive::sender {

class OpenAlerts {
 public:
  /// Whether people want to hear of it: a warning, an alert, or what closes one.
  bool take(const core::Alert& alert);
  /// What stands open of servers and pools is this and nothing else.
  void stand(const core::Standing& standing);

  bool empty() const { return open_.empty(); }
  std::vector<const core::Alert*> list() const;  // the oldest first

 private:
  using Key = std::pair<std::string, std::string>;  // object, kind
  std::map<Key, core::Alert> open_ = {};
};

}  // namespace keepalive::sender
