// What becomes of the programs of virtual routers' states: one that fails is run again, and what on_master did is
// verified. Pure: it says what is to run, and hears how that ended.
//
//     enter
//       v     good            good
//    running ------> verifying ----> settled  <---- good ----+
//    ^     |bad         |bad            |                    |
//    |     v            v               | verify_interval    |
//    |  pausing, or after the last      +------------> looking, which runs the
//    +-- script_delay    attempt: failed --------------^       program again where it is bad
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/event.hpp"
#include "core/pools.hpp"

namespace keepalive::core {

class RouterPrograms {
 public:
  enum class Phase : std::uint8_t { running, verifying, looking, pausing, settled, failed };
  using Environment = std::map<std::string, std::string>;
  struct Order {
    const Command* program = nullptr;  // of the configuration that was passed
    std::string router = "";
    Environment environment = {};
    std::uint64_t ticket = 0;  // of its ProgramEnded
    Milliseconds limit{0};
  };
  struct Next {
    std::vector<Order> orders = {};
    std::vector<Note> notes = {};
  };
  /// How the program of a router's state fares.
  struct Standing {
    std::string kind = "";  // of the news: VRRP_MASTER
    Environment environment = {};
    Phase phase = Phase::running;
    std::uint32_t attempt = 1;
    std::uint64_t ticket = 0;
    std::optional<Time> due = std::nullopt;
    std::string reason = "";  // why it failed last
    std::string alarm = "";   // it has failed for good, and that was told
  };

  /// A router has another state: whatever belongs to the one before is over.
  Next enter(const Config& config, const vrrp::News& news, const Environment& environment);
  /// A router is master, as it was before we were there: it is verified.
  Next meet(const Config& config, const std::string& router, const Environment& environment);
  Next take(const Config& config, const ProgramEnded& ended, Time now);
  /// What is due by the clock.
  Next pass(const Config& config, Time now);
  std::optional<Time> deadline() const;
  /// Nobody knows how the routers are.
  void forget() { all_.clear(); }
  /// Null: nothing is to be told of it.
  const Standing* find(const std::string& router) const;
  std::vector<std::string> alarms() const;

 private:
  using All = std::map<std::string, Standing>;

  Order order(const Vrrp& vrrp, Standing& one, Phase phase);
  void take(const Vrrp& vrrp, Standing& one, const ProgramEnded& ended, Time now, Next& next);
  void succeed(const Vrrp& vrrp, Standing& one, Time now, Next& next);
  static void fail(const Vrrp& vrrp, Standing& one, Time now, Next& next);

  All all_ = {};  // by router
  std::uint64_t last_ticket_ = 0;
};

}  // namespace keepalive::core
