// The daemon's logic in one object: events in, actions out. Nothing in it waits, reads a clock or touches the system.
//
//   for (const Action& action : engine.step(event, now())) carry_out(action);
//   wake_at(engine.deadline());     // then step(Tick{}, now())
#pragma once

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

#include "core/action.hpp"
#include "core/backlog.hpp"
#include "core/event.hpp"
#include "core/open_alerts.hpp"
#include "core/pools.hpp"
#include "core/prober_watch.hpp"
#include "core/probes.hpp"
#include "core/recurrence.hpp"
#include "core/router_programs.hpp"
#include "core/routers.hpp"
#include "core/rules.hpp"
#include "core/setting_news.hpp"
#include "core/sockets.hpp"
#include "core/syncing.hpp"
#include "core/wanted.hpp"
#include "ipvs++/table.hpp"

namespace keepalive::core {

class Engine {
 public:
  /// `instance`: names what is ours beside the table.
  explicit Engine(const std::string& instance = "") : rules_{instance} {}

  Actions step(const Event& event, Time now);
  /// When the next Tick is due.
  std::optional<Time> deadline() const;

  /// The table as it should be.
  const ipvs::Table& wanted() const { return wanted_; }
  /// Whether a service of the kernel's table is ours to remove.
  bool owns(const ipvs::ServiceKey& key) const { return owned_.contains(key); }
  const std::set<ipvs::ServiceKey>& owned() const { return owned_; }
  /// What a configuration would lead to, states as they are.
  struct Plan {
    ipvs::Table table = {};
    std::set<ipvs::ServiceKey> hidden = {};  // of probes through the path, now or then
    std::set<ipvs::Address> behind = {};     // those paths
    Probes::Difference probes = {};
    bool rules = false;  // other ones
    std::optional<SetDaemons> daemons = std::nullopt;
  };
  Plan plan(const Config& config, Time now) const;

  bool loaded() const { return config_ != nullptr; }
  const Config& config() const { return *config_; }
  /// The same, for who must have it longer than it is in force; null: there is none.
  std::shared_ptr<const Config> held() const { return config_; }
  const Pools& pools() const { return pools_; }
  const Probes& probes() const { return probes_; }
  const Routers& routers() const { return routers_; }
  const Syncing& syncing() const { return syncing_; }
  const RouterPrograms& router_programs() const { return router_programs_; }
  const std::deque<Journal>& journal() const { return journal_; }
  const OpenAlerts& alerts() const { return alerts_; }
  std::vector<std::string> refusals() const { return backlog_.refusals(); }
  std::vector<std::string> drift() const;
  std::vector<std::string> alarms() const;
  /// Words of operators that the last configuration, or the start, has left without a server.
  const std::vector<std::string>& dropped() const { return dropped_; }
  /// Services of the kernel that nobody is told of: probes go through them.
  const std::set<ipvs::ServiceKey>& hidden() const { return hidden_; }
  std::uint64_t generation() const { return generation_; }

 private:
  void take(const Loaded& event);
  void take(const Refused& event);
  void take(const Heard& event);
  void take(const ProberStarted& event);
  void take(const ProberLost& event);
  void take(const Reconciled& event);
  void take(const Settled& event);
  void take(const DaemonsAre& event);
  void take(const SyncReport& event);
  void take(const RulesDone& event);
  void take(const ProgramEnded& event);
  void take(const Counted& event);
  void take(const Operate& event);
  void take(const OperateRouter& event);
  void take(const Acknowledge& event);
  void take(const Edited& event);
  void take(const Restored& event);
  void take(const RoutersStarted& event);
  void take(const RoutersLost& event);
  void take(const vrrp::Told& event);
  void take(const vrrp::Statuses& event);
  void take(const Tick& event);
  void take(const Stop& event);

  void adopt_table(bool first);
  void take_drift(const Reconciled& event);
  void take_repairs(const std::set<ipvs::ServiceKey>& repaired);
  void hear(const Transition& transition);
  void hear(const Summaries& summaries);
  void hear(std::size_t prober, const RunScript& request);
  std::map<std::string, std::string> environment_of(std::uint32_t target) const;
  void hear(std::size_t prober, const WantSockets& request);
  void hear(const Failures& failures);
  void tell_expiring();
  std::string cause(const ServerRef& server, const TargetState& target) const;
  void set_servers(const TargetState& target);
  void settle(const Outcome& outcome);
  Journal entry_of(const Note& note) const;
  void note(const Note& note);
  void write_services(std::size_t pool);
  void write_service(std::size_t number);
  void own(const ipvs::ServiceKey& key);
  bool stands(const VirtualServer& service) const;
  Probes::Asleep asleep(const Config& config) const;
  Probes::Known last_states() const;
  void wake_probes();
  void adopt_paths();
  ipvs::Table table(const Config& config, const Pools& pools, const std::vector<Path>& paths) const;
  void tell_routers(Routers::Speeches&& speeches);
  void meet_masters(const vrrp::Statuses& event);
  void carry_on(RouterPrograms::Next&& next);
  void flush(bool whole);
  void count_draining();
  void start_watch();
  void set_probers(std::size_t count);
  void watch_probers();
  void look_for_overdue();
  void look_for_unable();
  void look_for_silent();
  void look_at_settings();
  void attend_daemons();
  void alarm(const std::string& alarm, const Note& note);
  void all_clear(const std::string& alarm, const Note& note);

  std::shared_ptr<const Config> config_ = nullptr;
  Pools pools_ = {};
  Probes probes_ = {};
  Routers routers_ = {};
  RouterPrograms router_programs_ = {};
  Probes::Asleep asleep_ = {};
  Backlog backlog_ = {};
  Rules rules_;
  ipvs::Table wanted_ = {};
  std::set<ipvs::ServiceKey> owned_ = {};
  std::set<ipvs::ServiceKey> hidden_ = {};                        // of probes through the path
  std::vector<std::vector<std::size_t>> users_ = {};              // services of each pool
  std::unordered_map<const Command*, std::size_t> numbers_ = {};  // of programs
  std::optional<Restored> restored_ = std::nullopt;               // until the first configuration
  std::deque<Journal> journal_ = {};
  OpenAlerts alerts_ = {};
  std::map<ipvs::ServiceKey, std::set<std::string>> drift_ = {};  // with drift = report
  Recurrence<ipvs::ServiceKey> recurrence_ = {};
  std::vector<std::string> dropped_ = {};
  SettingNews setting_news_ = {};
  Syncing syncing_ = {};
  std::set<std::string> alarms_ = {};
  std::set<std::string> unable_ = {};  // checks
  std::optional<Time> next_count_ = std::nullopt;
  std::optional<Time> next_watch_ = std::nullopt;
  std::optional<Time> next_settle_ = std::nullopt;
  std::vector<ProberWatch> watches_ = {};   // of each prober
  std::vector<Allowance> allowances_ = {};  // of each prober
  std::uint64_t sequence_ = 0;
  std::uint64_t generation_ = 0;

  Time now_{0};           // of the step under way
  Actions actions_ = {};  // the same
};

}  // namespace keepalive::core
