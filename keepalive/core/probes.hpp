// Which probes a configuration asks for, who carries them out, and what they found: one probe for each distinct
// check of a server, however many services and pools use it.
#pragma once

#include <compare>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

#include "config/model.hpp"
#include "core/messages.hpp"
#include "core/server_ref.hpp"
#include "core/sockets.hpp"

namespace keepalive::core {

/// What makes two probes the same one.
struct TargetKey {
  std::string check = "";
  ipvs::Endpoint endpoint = {};
  std::string host = "";
  std::optional<ipvs::Endpoint> behind = std::nullopt;  // of a probe through the path: the server it shall reach

  friend auto operator<=>(const TargetKey&, const TargetKey&) = default;
};

/// A probe through the forwarding path: packets with this mark go to this server as the service's do.
struct Path {
  ipvs::FwmarkKey mark = {};
  std::size_t service = 0;  // of the configuration
  ServerRef server = {};
};

/// A probe with what is known of it.
struct TargetState {
  std::uint32_t id = 0;
  std::size_t prober = 0;
  std::size_t check = 0;  // of the configuration
  State state = State::unknown;
  Time since{0};
  std::optional<Time> last_run = std::nullopt;
  std::uint64_t runs = 0;
  std::uint64_t failures = 0;
  std::uint32_t against = 0;
  Verdict verdict = {};
  std::string unable = "";                            // why it cannot be probed now
  std::optional<std::int32_t> weight = std::nullopt;  // last given
  Certificate certificate = {};                       // last seen
  std::vector<ServerRef> users = {};
  Time patience{0};  // the longest that it may take from one run to the next
  std::optional<Path> path = std::nullopt;
};

/// Where a check of this server connects: the server's own word, the check's, the server's endpoint.
ipvs::Endpoint probe_endpoint(const Check& check, const Server& server, ipvs::Port service_port);

class Probes {
 public:
  struct Letter {
    std::size_t prober = 0;
    Message message = {};
  };

  /// Pools whose servers are not probed for the time being.
  using Asleep = std::set<std::size_t>;
  /// What is known of a server before its first probe.
  using Known = std::function<State(ServerRef server)>;

  /// Turns to a configuration: what the probers must be told. Unchanged probes are not mentioned.
  std::vector<Letter> load(const Config& config, Time now, const Known& known = nullptr, const Asleep& asleep = {});
  /// All that a prober that knows nothing must be told.
  std::vector<Letter> greet(std::size_t prober) const;
  /// Takes a verdict over; null when the target is not known any more.
  const TargetState* take(const Transition& transition, Time now);
  void take(const Summaries& summaries, Time now);

  /// The probes of a server, by check in the order of checks_of(). A check has several when services that share the pool
  /// lend it different ports, hosts or, through the path, addresses.
  const std::vector<const TargetState*>& of(ServerRef server) const { return of_[server.pool][server.server]; }
  /// A state for each check of a server: up when all its probes are.
  std::vector<State> states(ServerRef server) const;
  /// "10.0.0.11:80 www.example.net": what tells a probe of a server from others of the same check; empty: it is alone.
  std::string aspect(ServerRef server, const TargetState& target) const;
  /// What a turn to `next`, a copy that has loaded another configuration, adds and drops.
  struct Difference {
    std::size_t added = 0;
    std::size_t dropped = 0;

    friend bool operator==(const Difference&, const Difference&) = default;
  };
  Difference difference(const Probes& next) const;
  std::vector<Path> paths() const;
  /// Probes that have not run for `grace` longer than their interval.
  std::vector<std::pair<const TargetKey*, const TargetState*>> overdue(Time grace, Time now);
  /// Checks that cannot probe: how many servers, and the first.
  struct Unable {
    std::size_t count = 0;
    const TargetKey* key = nullptr;
    const TargetState* state = nullptr;
  };
  std::map<std::string, Unable> unable() const;
  /// Targets whose certificate has begun to end soon since the last call.
  std::vector<std::uint32_t> expiring() { return std::exchange(expiring_, {}); }
  std::size_t size() const { return targets_.size(); }
  /// Null: not known any more.
  const TargetState* find(std::uint32_t target) const;
  /// The check's index in the configuration, or nothing.
  std::optional<std::size_t> check_of(std::uint32_t target) const;
  /// What a target's probe needs of the director, if this prober probes it.
  std::optional<SocketNeed> socket_need(std::uint32_t target, std::size_t prober) const;
  /// Null: not known any more.
  const TargetKey* where(std::uint32_t target) const;

 private:
  using Targets = std::map<TargetKey, TargetState>;

  std::vector<std::string> set_checks(const Config& config);
  std::vector<const TargetState*> set_targets(const Config& config, Time now, const Known& known, const Asleep& asleep);
  void learn(TargetState& state, const Verdict& verdict, Time now);
  void set_unable(TargetState& state, const std::string& why);
  std::optional<Path> find_path(const Config& config, const TargetKey& key, std::size_t service, ServerRef server);
  std::vector<const TargetState*> deal(std::size_t before);
  Target target(const TargetKey& key, const TargetState& state) const;
  std::vector<Letter> letters(const std::vector<const TargetState*>& targets) const;

  std::size_t probers_ = 0;  // of the configuration
  std::uint32_t next_id_ = 1;
  std::uint32_t next_check_ = 1;
  std::uint32_t next_mark_ = 0;                   // offset in the range
  std::unordered_set<std::uint32_t> marks_ = {};  // in use
  Targets targets_ = {};
  std::unordered_map<std::uint32_t, Targets::iterator> by_id_ = {};
  std::vector<std::vector<std::vector<const TargetState*>>> of_ = {};
  struct Numbered {
    std::uint32_t number = 0;
    Check check = {};
    std::size_t index = 0;
  };
  std::vector<std::uint32_t> expiring_ = {};
  std::size_t unable_ = 0;  // targets that cannot be probed
  Time in_time_until_{0};   // no probe can be overdue before
  std::map<std::string, Numbered> checks_ = {};
};

}  // namespace keepalive::core
