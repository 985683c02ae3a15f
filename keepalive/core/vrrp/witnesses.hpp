// Whether an interface reaches the world: most of the witnesses have answered through it lately.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "config/heartbeat.hpp"
#include "core/vrrp/packet.hpp"

namespace keepalive::core::vrrp {

class Witnesses {
 public:
  /// `interval`: from one question to the next.
  void want(std::vector<Witness> witnesses, std::set<std::string> interfaces, Time interval, Time now);
  bool empty() const { return witnesses_.empty(); }
  const std::vector<Witness>& all() const { return witnesses_; }
  const std::set<std::string>& interfaces() const { return interfaces_; }

  void answered(const std::string& witness, const std::string& interface, Time now);
  /// The last answer; nothing: none yet.
  std::optional<Time> answer(const std::string& witness, const std::string& interface) const;
  /// Since when most of them have not been asked in vain: the latest moment by which a majority had answered.
  std::optional<Time> majority(const std::string& interface) const;

  /// True when all are to be asked on all interfaces now.
  bool asks(Time now);
  std::optional<Time> deadline() const { return empty() ? std::nullopt : std::optional{next_}; }

 private:
  std::vector<Witness> witnesses_ = {};
  std::set<std::string> interfaces_ = {};
  Time interval_{0};
  Time next_{0};
  std::map<std::pair<std::string, std::string>, Time> answers_ = {};
};

}  // namespace keepalive::core::vrrp
