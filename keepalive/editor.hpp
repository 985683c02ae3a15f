// The configuration as it is edited through the API: texts are checked here and written by the launcher, who keeps the
// versions and the time within which one must be confirmed.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/editing.hpp"
#include "core/launch.hpp"

namespace keepalive {

class Powers;

class Editor {
 public:
  struct Order {
    core::Texts files = {};
    std::optional<std::uint64_t> base = std::nullopt;  // the generation that the texts were made from
    std::string by = "";
    std::string comment = "";
    std::uint32_t confirm_s = 0;  // rolled back after it unless confirmed; 0: final
    std::uint64_t of = 0;         // a roll back to this version
  };
  struct Outcome {
    unsigned status = 200;
    std::string fault = "";  // empty: done
    std::string diagnostics = "";
    core::AppliedConfig applied = {};
  };
  using Sight = core::ConfigSight;
  using Applied = std::function<void(const Outcome& outcome)>;

  Editor(Powers& powers, std::function<void(const core::Launch&)> tell) : powers_{powers}, tell_{std::move(tell)} {}

  /// What a start or a reload has read, whether it was taken or not.
  void read(const core::Bundle& bundle);
  /// Of the launcher: Versions, Wrote, PendingIs, RolledBack; all others are not for it.
  void hear(core::Launch& message);
  const std::optional<core::Pending>& pending() const { return pending_; }

  /// The files, and the versions; that of `number` with its texts.
  void look(std::uint64_t number, std::function<void(const Sight&)> done);
  /// Why these texts are not for us: a file that the configuration does not have. Empty: they are.
  std::string objection(const core::Texts& files) const;
  void apply(Order order, Applied done);
  void roll_back(std::uint64_t version, std::uint32_t confirm_s, const std::string& by, Applied done);
  void confirm(const std::string& by, std::function<void(std::uint64_t version, const std::string& fault)> done);

 private:
  void write(Order order, Applied done);
  void written(const Order& order, const core::Wrote& answer, const Applied& done);
  void note(const Order& order, std::uint64_t version);
  void rolled_back(const core::RolledBack& news);

  Powers& powers_;
  std::function<void(const core::Launch&)> tell_;
  std::vector<std::string> paths_ = {};  // of the configuration's files, the first one first
  core::Texts texts_ = {};               // as they were read last
  std::optional<core::Pending> pending_ = std::nullopt;
  std::uint32_t last_ = 0;  // question
  std::map<std::uint32_t, std::function<void(core::Versions&&)>> looks_ = {};
  std::map<std::uint32_t, std::function<void(const core::Wrote&)>> writes_ = {};
};

}  // namespace keepalive
