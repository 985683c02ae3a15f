// Keeps the kernel's connection-sync daemons as [sync] wants them: by the role of a virtual router, looked after in case
// others change them. One order at a time; without [sync] foreign daemons are nobody's business.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/action.hpp"
#include "core/event.hpp"
#include "core/pools.hpp"
#include "core/recurrence.hpp"

namespace keepalive::core {

/// The kernel looks at some settings when it starts the first sync daemon.
bool changes_threads(const std::vector<SettingEdit>& changes);

/// "the master daemon would be started: eth1, id 51".
std::string planned(const ipvs::sync::Step& step);

class Syncing {
 public:
  /// `ours`: a predecessor had daemons run. It counts from the first load() on.
  void restore(bool ours) { ours_ = ours; }
  void load(const Config& config, Time now);
  /// The settings of the kernel are as the configuration says: daemons may start. `anew`: one of those changed that the
  /// kernel looks at when the first daemon starts.
  void settled(bool anew, Time now);
  /// Whether the virtual router that is followed is master; nothing: not known, everything stays.
  void follow(std::optional<bool> master, Time now);
  const std::string& followed() const { return followed_; }

  /// What another configuration would order, were its settings written; nothing: none, or not known yet. `master`: the
  /// router that it follows.
  std::optional<SetDaemons> plan(const Config& config, std::optional<bool> master, Time now) const;

  /// What to do now.
  std::optional<SetDaemons> due(Time now);
  std::vector<Note> take(const DaemonsAre& event, Time now);
  std::optional<Time> deadline() const { return busy_ || !settled_ || !wanted_ ? std::nullopt : next_; }
  /// The end; nothing when none are ours.
  std::optional<SetDaemons> removal() const;

  /// Takes a report over. Returns whether that changes synced().
  bool take(const SyncReport& report);
  /// Whether this director has the others' connections, as far as failback = when-synced cares.
  bool synced() const;

  // ---- What there is to tell

  struct Role {
    bool wanted = false;
    std::optional<ipvs::Daemon> actual = std::nullopt;
    std::optional<Time> since = std::nullopt;  // it runs like that, or it does not
    std::string fault = "";                    // why it does not run as wanted
  };
  /// Both; empty without [sync].
  std::map<ipvs::DaemonRole, Role> roles() const;
  /// Which daemons are to run; nothing: not known yet.
  const std::optional<std::vector<ipvs::Daemon>>& wanted() const { return wanted_; }
  /// Daemons that run, or ran, by our word: a successor without [sync] stops them.
  bool ours() const { return ours_; }
  const std::optional<SyncReport>& report() const { return report_; }
  /// Whether the interface has what the kernel's sender takes for its source.
  bool addressed() const { return addressed_; }
  std::vector<std::string> drift() const;
  /// What is refused, and what others seem to manage.
  std::vector<std::string> alarms() const;

 private:
  using Texts = std::map<ipvs::DaemonRole, std::string>;
  void want(std::vector<ipvs::Daemon> daemons, Time now);
  void see(const std::vector<ipvs::Daemon>& actual, Time now);
  void take_steps(const DaemonsAre& event, std::vector<Note>& notes);
  void take_faults(const DaemonsAre& event, std::vector<Note>& notes);
  void take_repairs(const DaemonsAre& event, Time now, std::vector<Note>& notes);
  void take_address(bool addressed, std::vector<Note>& notes);

  std::optional<Sync> sync_ = std::nullopt;
  std::string followed_ = "";
  std::optional<bool> master_ = std::nullopt;
  std::optional<std::vector<ipvs::Daemon>> wanted_ = std::nullopt;
  Time interval_{0};
  bool repairs_ = true;
  bool ours_ = false;
  bool settled_ = false;
  bool dirty_ = false;
  bool anew_ = false;
  bool busy_ = false;
  std::optional<Time> next_ = std::nullopt;

  struct Seen {
    std::optional<ipvs::Daemon> daemon = std::nullopt;
    Time since{0};
  };
  std::map<ipvs::DaemonRole, Seen> seen_ = {};
  Texts drift_ = {};
  Texts refused_ = {};
  Recurrence<ipvs::DaemonRole> recurrence_ = {};
  Texts recurring_ = {};
  bool addressed_ = true;
  std::optional<SyncReport> report_ = std::nullopt;
};

}  // namespace keepalive::core
