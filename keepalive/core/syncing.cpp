#include "core/syncing.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

namespace keepalive::core {
namespace {

using ipvs::Daemon;
using ipvs::DaemonRole;
using ipvs::sync::Step;
using Purpose = Reconcile::Purpose;

constexpr Time again_after = std::chrono::seconds{5};
constexpr std::array both_roles{DaemonRole::master, DaemonRole::backup};

std::string object(DaemonRole role) { return "sync/" + ipvs::sync::word(role); }

/// "the master daemon is started: eth1, id 51".
std::string taken(const Step& step) {
  constexpr std::array words{"started", "stopped", "replaced"};
  return fmt::format("the {} daemon is {}: {}", ipvs::sync::word(step.daemon.role),
                     words.at(static_cast<std::size_t>(step.kind)), ipvs::sync::describe(step.daemon));
}
std::string managed(DaemonRole role) {
  return fmt::format("another program seems to manage the {} daemon", ipvs::sync::word(role));
}
std::string due_text(const Step& step) {
  constexpr std::array words{"does not run, wanted", "runs, unwanted", "is another one, wanted"};
  return fmt::format("the {} daemon {}: {}", ipvs::sync::word(step.daemon.role),
                     words.at(static_cast<std::size_t>(step.kind)), ipvs::sync::describe(step.daemon));
}
std::string refusal(const DaemonsAre::Done& done) {
  constexpr std::array words{"cannot be started", "cannot be stopped", "cannot be replaced"};
  return fmt::format("the {} daemon {} ({}): {}", ipvs::sync::word(done.step.daemon.role),
                     words.at(static_cast<std::size_t>(done.step.kind)), ipvs::sync::describe(done.step.daemon),
                     done.fault);
}

std::vector<std::string> texts(const std::map<DaemonRole, std::string>& map) {
  std::vector<std::string> list;
  for (const auto& [role, text] : map) list.push_back(text);
  return list;
}

}  // namespace

bool changes_threads(const std::vector<SettingEdit>& changes) {
  return std::any_of(changes.begin(), changes.end(), [](const SettingEdit& one) {
    return one.name == "net.ipv4.vs.sync_ports" || one.name == "net.ipv4.vs.sync_sock_size";
  });
}

std::string planned(const Step& step) {
  constexpr std::array words{"started", "stopped", "replaced"};
  return fmt::format("the {} daemon would be {}: {}", ipvs::sync::word(step.daemon.role),
                     words.at(static_cast<std::size_t>(step.kind)), ipvs::sync::describe(step.daemon));
}

void Syncing::load(const Config& config, Time now) {
  sync_ = config.sync;
  const std::string followed = sync_ ? sync_->follow : "";
  if (std::exchange(followed_, followed) != followed) master_.reset();
  interval_ = config.global.drift_interval;
  repairs_ = config.global.drift == Drift::repair;
  settled_ = false;
  wanted_.reset();
  if (!sync_) report_.reset();
  if (!sync_ && ours_) return want({}, now);
  if (sync_ && (sync_->daemons.both || master_)) want(ipvs::sync::wanted(sync_->daemons, master_.value_or(false)), now);
}

void Syncing::want(std::vector<Daemon> daemons, Time now) {
  wanted_ = std::move(daemons);
  dirty_ = true;
  next_ = now;
}

void Syncing::settled(bool anew, Time now) {
  settled_ = true;
  anew_ = anew_ || anew;
  if (anew && wanted_) want(std::move(*wanted_), now);
}

void Syncing::follow(std::optional<bool> master, Time now) {
  if (!sync_ || sync_->daemons.both || !master || master_ == master) return;
  master_ = master;
  want(ipvs::sync::wanted(sync_->daemons, *master), now);
}

std::optional<SetDaemons> Syncing::due(Time now) {
  if (const auto when = deadline(); !when || *when > now) return std::nullopt;
  next_.reset();
  busy_ = true;
  ours_ = true;
  const Purpose purpose = std::exchange(dirty_, false) ? Purpose::write : repairs_ ? Purpose::drift : Purpose::report;
  return SetDaemons{.purpose = purpose,
                    .wanted = *wanted_,
                    .interface = sync_ ? sync_->daemons.interface : "",
                    .anew = purpose == Purpose::write && std::exchange(anew_, false)};
}

std::optional<SetDaemons> Syncing::plan(const Config& config, std::optional<bool> master, Time now) const {
  Syncing after = *this;
  after.load(config, now);
  after.follow(master, now);
  if (!after.wanted_) return std::nullopt;
  return SetDaemons{.purpose = Purpose::report,
                    .wanted = *after.wanted_,
                    .interface = config.sync ? config.sync->daemons.interface : ""};
}

std::optional<SetDaemons> Syncing::removal() const { return ours_ ? std::optional{SetDaemons{}} : std::nullopt; }

std::vector<Note> Syncing::take(const DaemonsAre& event, Time now) {
  std::vector<Note> notes;
  busy_ = false;
  if (event.fault.empty()) see(event.actual, now);
  take_steps(event, notes);
  take_repairs(event, now, notes);
  take_faults(event, notes);
  take_address(event.addressed || !sync_ || !ipvs::sync::needs_ipv4(sync_->daemons.group), notes);
  const bool failed = !event.fault.empty() || !refused_.empty();
  if (!dirty_ && failed && event.purpose != Purpose::report) {
    dirty_ = true;
    next_ = now + again_after;
  }
  if (!sync_ && !failed) {  // what was ours has gone
    ours_ = dirty_;
    wanted_ = dirty_ ? wanted_ : std::nullopt;
  }
  if (!next_ && sync_ && interval_ > Time{0}) next_ = now + interval_;
  return notes;
}

void Syncing::see(const std::vector<Daemon>& actual, Time now) {
  for (const DaemonRole role : both_roles) {
    const auto found = std::find_if(actual.begin(), actual.end(), [&](const Daemon& one) { return one.role == role; });
    const auto daemon = found == actual.end() ? std::nullopt : std::optional{*found};
    const auto known = seen_.find(role);
    if (known == seen_.end() || known->second.daemon != daemon) seen_[role] = {daemon, now};
  }
}

void Syncing::take_steps(const DaemonsAre& event, std::vector<Note>& notes) {
  const bool looked = event.purpose == Purpose::report;
  const bool repaired = event.purpose == Purpose::drift;
  const Texts before = std::exchange(drift_, {});
  for (const DaemonsAre::Done& done : event.steps) {
    const DaemonRole role = done.step.daemon.role;
    if (!done.fault.empty()) continue;
    const std::string text = looked ? due_text(done.step) : taken(done.step);
    if (looked) drift_[role] = text;
    if (const auto known = before.find(role); looked && known != before.end() && known->second == text) continue;
    notes.push_back({.level = looked || repaired ? Note::Level::warning : Note::Level::info,
                     .kind = looked     ? "DRIFT"
                             : repaired ? "DRIFT_REPAIRED"
                                        : "SYNC_DAEMON",
                     .object = object(role),
                     .text = text,
                     .cause = looked || repaired  ? "somebody else changed it"
                              : !sync_            ? "the configuration has no [sync]"
                              : followed_.empty() ? "the configuration asks for it"
                                                  : fmt::format("vrrp {} is {}", followed_,
                                                                master_.value_or(false) ? "master" : "not master")});
  }
}

void Syncing::take_repairs(const DaemonsAre& event, Time now, std::vector<Note>& notes) {
  if (event.purpose != Purpose::drift || interval_ <= Time{0}) return;
  std::set<DaemonRole> repaired;
  for (const DaemonsAre::Done& done : event.steps)
    if (done.fault.empty()) repaired.insert(done.step.daemon.role);
  for (const DaemonRole role : recurrence_.take(repaired, interval_, now))
    if (recurring_.emplace(role, managed(role)).second)
      notes.push_back({.level = Note::Level::alert,
                       .kind = "DRIFT_RECURS",
                       .object = object(role),
                       .text = managed(role),
                       .cause = fmt::format("it was repaired {} times within {} looks", often, looks)});
  for (const DaemonRole role : recurrence_.over(interval_, now))
    if (recurring_.erase(role) != 0)
      notes.push_back({.kind = "DRIFT_ENDS",
                       .object = object(role),
                       .text = fmt::format("the {} daemon stays as it was written", ipvs::sync::word(role))});
}

void Syncing::take_faults(const DaemonsAre& event, std::vector<Note>& notes) {
  Texts now;
  for (const DaemonsAre::Done& done : event.steps)
    if (!done.fault.empty()) now.emplace(done.step.daemon.role, refusal(done));
  if (!event.fault.empty()) now.emplace(DaemonRole::master, "the sync daemons cannot be told: " + event.fault);
  for (const auto& [role, text] : now)
    if (const auto known = refused_.find(role); known == refused_.end() || known->second != text)
      notes.push_back({.level = Note::Level::alert, .kind = "SYNC_REFUSED", .object = object(role), .text = text});
  for (const auto& [role, text] : refused_)
    if (!now.contains(role))
      notes.push_back({.kind = "SYNC_ACCEPTED",
                       .object = object(role),
                       .text = fmt::format("the {} daemon is as wanted", ipvs::sync::word(role))});
  refused_ = std::move(now);
}

void Syncing::take_address(bool addressed, std::vector<Note>& notes) {
  if (std::exchange(addressed_, addressed) == addressed || addressed) return;
  notes.push_back({.level = Note::Level::warning,
                   .kind = "SYNC_ADDRESS",
                   .object = "sync",
                   .text = fmt::format("interface {} has no IPv4 address: the kernel sends sync messages from that of "
                                       "another interface, or from none",
                                       sync_->daemons.interface),
                   .cause = "its sender takes the interface's first IPv4 address when it starts"});
}

bool Syncing::take(const SyncReport& report) {
  const bool before = synced();
  report_ = report;
  return synced() != before;
}

bool Syncing::synced() const {
  constexpr std::uint32_t per_percent = 10;
  return sync_ && report_ && report_->connected && report_->resync == SyncReport::Resync::done &&
         report_->parity_permille >= sync_->share * per_percent;
}

std::map<DaemonRole, Syncing::Role> Syncing::roles() const {
  std::map<DaemonRole, Role> all;
  for (const DaemonRole role : both_roles) {
    if (!sync_) break;
    Role& one = all[role];
    one.wanted = wanted_ && std::any_of(wanted_->begin(), wanted_->end(),
                                        [&](const Daemon& daemon) { return daemon.role == role; });
    if (const auto known = seen_.find(role); known != seen_.end()) {
      one.actual = known->second.daemon;
      one.since = known->second.since;
    }
    if (const auto known = refused_.find(role); known != refused_.end()) one.fault = known->second;
  }
  return all;
}

std::vector<std::string> Syncing::drift() const { return texts(drift_); }

std::vector<std::string> Syncing::alarms() const {
  std::vector<std::string> list = texts(refused_);
  for (const std::string& text : texts(recurring_)) list.push_back(text);
  return list;
}

}  // namespace keepalive::core
