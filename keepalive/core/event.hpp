// What can happen to the engine. Plain data: the shell makes it, Engine::step() takes it.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <variant>
#include <vector>

#include "config/model.hpp"
#include "core/action.hpp"
#include "core/messages.hpp"
#include "core/pool.hpp"
#include "core/vrrp/messages.hpp"
#include "ipvs++/service.hpp"

namespace ipvs::sync {
struct Report;
}

namespace keepalive::core {

/// A valid configuration is to take effect.
struct Loaded {
  std::shared_ptr<const Config> config = {};
};
/// A configuration was not taken.
struct Refused {
  std::size_t faults = 0;
  std::string first = "";
};
/// A prober says something.
struct Heard {
  std::size_t prober = 0;
  Message message = {};
};
/// A prober was started, or started again: it knows nothing.
struct ProberStarted {
  std::size_t prober = 0;
};
struct ProberLost {
  std::size_t prober = 0;
};
/// An edit of a service or of one of its servers, in words.
struct KernelEdit {
  ipvs::ServiceKey key = {};
  std::string text = "";  // of a refusal: what was tried and what came back
};
/// The outcome of a Reconcile.
struct Reconciled {
  Reconcile::Purpose purpose = Reconcile::Purpose::write;
  std::set<ipvs::ServiceKey> keys = {};
  bool foreign = false;    // as the order
  std::string fault = "";  // of an order that is foreign: why the table could not be read or written
  std::size_t changes = 0;
  std::vector<KernelEdit> refusals = {};
  std::vector<KernelEdit> drift = {};  // what others had changed; of a look after drift only
};
/// A kernel setting and what is the matter with it, in words.
struct SettingEdit {
  std::string name = "";  // net.ipv4.vs.conntrack
  std::string text = "";
};
/// The outcome of a Settle: what was written (or differs, when it only looked), and what could not be.
struct Settled {
  std::vector<SettingEdit> changes = {};
  std::vector<SettingEdit> faults = {};
  bool drift = false;  // of a look after drift
};
/// The outcome of a SetDaemons.
struct DaemonsAre {
  struct Done {
    ipvs::sync::Step step = {};  // taken, or only due: purpose report
    std::string fault = "";      // empty: none

    friend bool operator==(const Done&, const Done&) = default;
  };
  Reconcile::Purpose purpose = Reconcile::Purpose::write;
  std::vector<ipvs::Daemon> actual = {};  // afterwards
  std::vector<Done> steps = {};
  std::string fault = "";  // why the daemons could not be told
  bool addressed = true;   // the interface has an IPv4 address, or is not there
};
/// How far this director has the connections of the others: from the agent that compares them.
struct SyncReport {
  enum class Resync : std::uint8_t { none, running, done, failed };
  bool connected = false;             // to the other director's agent, now
  std::uint32_t parity_permille = 0;  // connections that both have, of all
  Resync resync = Resync::none;       // of the others' connections to this director
  std::shared_ptr<const ipvs::sync::Report> whole = nullptr;
};
/// The outcome of WriteRules or LookForRules.
struct RulesDone {
  bool look = false;
  bool good = false;
  std::string text = "";     // what nft said
  std::uint64_t digest = 0;  // of all that it said
};
/// The end of a Run that has a ticket.
struct ProgramEnded {
  std::uint64_t ticket = 0;
  std::int32_t exit_code = 0;  // as ProgramDone
  bool timed_out = false;
  std::string line = "";  // first of its output
};
/// Connections of a server, summed over its services.
struct Counted {
  std::string pool = "";
  std::string server = "";
  std::uint64_t active = 0;
  std::uint64_t inactive = 0;
};
/// An operator's word for one server; nothing takes the overlay away.
struct Operate {
  std::string pool = "";
  std::string server = "";
  std::optional<Overlay> overlay = std::nullopt;
  std::string by = "";  // who gave it; empty: not known
};
/// An operator's word for a virtual router of the configuration.
struct OperateRouter {
  std::string router = "";
  bool to_master = false;
  std::string by = "";  // as Operate
};
/// Somebody has seen an alert that is open.
struct Acknowledge {
  std::uint64_t sequence = 0;
  std::string by = "";
};
/// The configuration's files were written by us, or that was made final.
struct Edited {
  enum class Kind : std::uint8_t { applied, confirmed, rolled_back };
  Kind kind = Kind::applied;
  std::uint64_t version = 0;
  std::uint64_t of = 0;         // rolled_back: what the texts of `version` are those of
  std::string by = "";          // empty: nobody, the time to confirm is over
  std::string comment = "";     // applied
  std::uint32_t confirm_s = 0;  // 0: final
};
/// What was saved by a predecessor: see SaveState. It counts from the first configuration on.
struct Restored {
  std::map<std::string, Overlay> overlays = {};      // by "pool/server"
  std::map<std::string, State> states = {};          // the same
  std::map<std::string, std::int32_t> weights = {};  // the same; that checks gave
  std::set<ipvs::ServiceKey> owned = {};
  std::set<std::string> quiescent = {};  // servers that wait for `undrain`
  bool daemons = false;                  // the sync daemons are ours
};
/// The process of the virtual routers was started, or is another one: it knows nothing.
struct RoutersStarted {};
/// It is gone: nobody knows how they are.
struct RoutersLost {};
struct Tick {};
/// The daemon stops: the last actions.
struct Stop {};

using Event = std::variant<Loaded, Refused, Heard, ProberStarted, ProberLost, Reconciled, Settled, DaemonsAre,
                           SyncReport, RulesDone, ProgramEnded, Counted, Operate, OperateRouter, Acknowledge, Edited,
                           Restored, RoutersStarted, RoutersLost, vrrp::Told, vrrp::Statuses, Tick, Stop>;

}  // namespace keepalive::core
