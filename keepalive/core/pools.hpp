// Every pool's servers: their state, the operator's overlay, and the view that follows from both. It tells what
// changed as journal entries, programs to run, and pools whose services must be written anew.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "config/model.hpp"
#include "core/level.hpp"
#include "core/pool.hpp"

namespace keepalive::core {

struct Restored;

/// Something to tell: the engine gives it a number and a time.
struct Note {
  using Level = core::Level;
  Level level = Level::info;
  std::string kind = "";
  std::string object = "";
  std::string text = "";
  std::string cause = "";
  const Command* program = nullptr;  // to run because of it
  bool of_state = true;              // a change of state: [global] notify runs

  friend bool operator==(const Note&, const Note&) = default;
};

/// What came of a change.
struct Outcome {
  std::vector<Note> notes = {};
  std::set<std::size_t> pools = {};  // whose view changed
};

class Pools {
 public:
  /// Turns to a configuration, which must live until the next call has returned; servers of the same pool, name and
  /// endpoint keep their state. Tells of pools whose quorum or panic is another one thereby; no view is told as changed.
  Outcome load(const Config& config, Time now);
  /// What a predecessor saved. Tells of overlays that no server has any more, as load() does.
  std::vector<Note> restore(const Config& config, const Restored& saved, Time now);
  /// Of pools that were not there before: a first word on the quorum for those that have a program for it.
  std::vector<Note> greet(const Config& config);
  /// The last word of pools with notify_at_stop: on what counts as up until now.
  std::vector<Note> farewell(const Config& config) const;

  /// A server's state as its checks have it now.
  Outcome set_state(const Config& config, std::size_t pool, std::size_t server, State state, const std::string& cause,
                    Time now);
  Outcome set_weight(const Config& config, std::size_t pool, std::size_t server, std::optional<std::int32_t> weight,
                     Time now);
  Outcome set_overlay(const Config& config, std::size_t pool, std::size_t server, std::optional<Overlay> overlay,
                      Time now);
  /// What time alone changes: slow start, deadlines.
  Outcome pass(const Config& config, Time now);
  /// When pass() has something to do.
  std::optional<Time> deadline() const { return deadline_; }

  const PoolView& view(std::size_t pool) const { return pools_[pool].view; }
  const ServerState& server(std::size_t pool, std::size_t index) const { return pools_[pool].servers[index]; }
  /// Servers that drain and are not gone yet.
  std::vector<std::pair<std::size_t, std::size_t>> draining() const;

 private:
  struct Members {
    std::vector<ServerState> servers = {};
    PoolView view = {};
    bool greeted = false;
  };
  static void take_over(const Pool& old_pool, Members& old_members, const Pool& pool, Members& members);
  void consider(const std::optional<Time>& time);
  void find_deadline();
  void evaluate_again(const Config& config, std::size_t pool, Time now, Outcome& outcome);

  std::optional<Time> deadline_ = std::nullopt;
  std::vector<Members> pools_ = {};
  const Config* loaded_ = nullptr;
};

/// "web/10.0.0.11:80": how a server is called; "track/script/uplink": what a virtual router tracks. One word.
std::string object_name(const Pool& pool, const Server& server);
/// The same in a sentence: "server web/10.0.0.11:80", "tracked script uplink".
std::string spoken_name(const Pool& pool, const Server& server);

}  // namespace keepalive::core
