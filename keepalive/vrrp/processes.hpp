// Which of some processes run: /proc read a slice at a time, since nothing may keep the process waiting that speaks VRRP.
#pragma once

#include <filesystem>
#include <set>
#include <string>

namespace keepalive::vrrp_role {

/// Names are as /proc/PID/comm has them: at most 15 letters; of longer ones these count.
class ProcessSearch {
 public:
  /// `folder`: /proc.
  ProcessSearch(std::filesystem::path folder, std::set<std::string> names);

  /// Looks at so many entries more. Whether that was all, or nothing more can be read.
  bool look(std::size_t count);
  /// Whether it has been seen to run.
  bool runs(const std::string& name) const;

 private:
  std::set<std::string> wanted_ = {};
  std::set<std::string> found_ = {};
  std::filesystem::directory_iterator next_ = {};
};

}  // namespace keepalive::vrrp_role
