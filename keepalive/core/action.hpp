// What the engine wants done. The shell carries actions out in their order.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <variant>
#include <vector>

#include "core/level.hpp"
#include "core/messages.hpp"
#include "core/server_ref.hpp"
#include "core/sockets.hpp"
#include "core/vrrp/messages.hpp"
#include "ipvs++/service.hpp"
#include "sync/roles.hpp"

namespace keepalive::core {

/// Compare these services of the kernel with Engine::wanted() and write what differs; answer with Reconciled.
struct Reconcile {
  enum class Purpose : std::uint8_t {
    write,   // the wanted table changed
    drift,   // look whether others changed the kernel's, and repair it
    report,  // look, and tell only
  };
  Purpose purpose = Purpose::write;
  std::set<ipvs::ServiceKey> keys = {};
  bool foreign = false;  // remove services that are not ours, too

  friend bool operator==(const Reconcile&, const Reconcile&) = default;
};
/// Send to a prober.
struct Tell {
  std::size_t prober = 0;
  Message message = {};

  friend bool operator==(const Tell&, const Tell&) = default;
};
/// Open sockets and send each to the prober with a GotSocket.
struct OpenSockets {
  std::size_t prober = 0;
  WantSockets wanted = {};
  SocketNeed need = {};

  friend bool operator==(const OpenSockets&, const OpenSockets&) = default;
};
/// Run a program of the configuration; `number` counts in config::commands().
struct Run {
  std::size_t number = 0;
  std::string object = "";                  // in order per object
  std::vector<std::string> arguments = {};  // after those of the configuration
  std::map<std::string, std::string> environment = {};
  std::uint32_t target = 0;  // of a script check: answer with ScriptDone to `prober`; else 0
  std::uint32_t run = 0;     // of the target; one that is under way already is not begun again
  std::size_t prober = 0;
  std::uint64_t limit_ms = 0;
  std::uint64_t ticket = 0;  // answer with ProgramEnded; 0: no answer

  friend bool operator==(const Run&, const Run&) = default;
};
/// Count the connections of these servers of a pool; answer with Counted for each that can be counted.
struct Count {
  std::string pool = "";
  std::vector<std::string> servers = {};

  friend bool operator==(const Count&, const Count&) = default;
};
/// One entry of the journal, for log, followers and alerts.
struct Journal {
  using Level = core::Level;
  std::uint64_t sequence = 0;
  Time time{0};
  Level level = Level::info;
  std::string kind = "";  // a stable word: SERVER_DOWN
  std::string object = "";
  std::string text = "";
  std::string cause = "";

  friend bool operator==(const Journal&, const Journal&) = default;
};
/// What a program gets that runs because of it.
std::map<std::string, std::string> environment(const Journal& entry);
/// Timeouts and sysctls as the configuration declares them: write what differs, answer with Settled.
struct Settle {
  Reconcile::Purpose purpose = Reconcile::Purpose::write;

  friend bool operator==(const Settle&, const Settle&) = default;
};
/// Carry out this text by `nft -f -`; answer with RulesDone.
struct WriteRules {
  std::string text = "";

  friend bool operator==(const WriteRules&, const WriteRules&) = default;
};
/// List this table of family inet; answer with RulesDone.
struct LookForRules {
  std::string table = "";

  friend bool operator==(const LookForRules&, const LookForRules&) = default;
};
/// This prober does not answer: have it killed and started anew.
struct Restart {
  std::size_t prober = 0;

  friend bool operator==(const Restart&, const Restart&) = default;
};
/// Keep what must survive a restart (saved.hpp): of these servers, or everything when there are none.
struct SaveState {
  std::vector<ServerRef> servers = {};

  friend bool operator==(const SaveState&, const SaveState&) = default;
};

/// Send to the process of the virtual routers.
struct TellRouters {
  vrrp::Speech speech = {};

  friend bool operator==(const TellRouters&, const TellRouters&) = default;
};

/// Have these sync daemons run, and no others; answer with DaemonsAre.
struct SetDaemons {
  Reconcile::Purpose purpose = Reconcile::Purpose::write;
  std::vector<ipvs::Daemon> wanted = {};
  std::string interface = "";  // whose circumstances to look at
  bool anew = false;           // those that run as wanted start again, too

  friend bool operator==(const SetDaemons&, const SetDaemons&) = default;
};

using Action = std::variant<Reconcile, Tell, Run, Count, Journal, Settle, WriteRules, LookForRules, Restart, SaveState,
                            TellRouters, OpenSockets, SetDaemons>;
using Actions = std::vector<Action>;

}  // namespace keepalive::core
