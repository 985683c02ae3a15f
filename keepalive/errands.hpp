// Programs that the launcher runs for the director, and nft: what is under way, and who waits for the end of it.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <unordered_map>
#include <vector>

#include "api.hpp"
#include "core/action.hpp"
#include "core/launch.hpp"
#include "roles.hpp"

namespace keepalive {

class Errands {
 public:
  Errands(Powers& powers, Roles& roles, std::function<void(const core::Launch&)> tell)
      : powers_{powers}, roles_{roles}, tell_{std::move(tell)} {}

  /// `serial`: of the bundle that numbers the program.
  void run(const core::Run& order, std::uint32_t serial);
  void run(const core::WriteRules& order) { run_nft(false, {"-f", "-"}, order.text); }
  void run(const core::LookForRules& order) { run_nft(true, {"list", "table", "inet", order.table}, ""); }
  void done(const core::ProgramDone& done);

 private:
  void run_nft(bool look, std::vector<std::string> arguments, const std::string& input);

  Powers& powers_;
  Roles& roles_;
  std::function<void(const core::Launch&)> tell_;
  std::unordered_map<std::uint32_t, core::Run> running_ = {};
  std::unordered_map<std::uint32_t, bool> rules_ = {};  // runs of nft, whether to look only
  std::uint32_t next_ = 1;
};

}  // namespace keepalive
