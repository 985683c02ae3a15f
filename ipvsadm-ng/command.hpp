// What the user asked for, fully typed, before anything is done. One struct for each command.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <variant>

#include "ipvs++/daemon.hpp"
#include "ipvs++/info.hpp"
#include "ipvs++/table.hpp"

namespace ipvsadm {

/// Addresses and ports as numbers, or looked up in the host's databases.
enum class Naming { names, numbers };

/// The columns of a list. `usual` shows forwarding, weight and connections.
enum class Columns { usual, stats, rate, thresholds, persistent_conn, tun_info };

enum class Format { text, json };

struct Layout {
  Columns columns = Columns::usual;
  Naming naming = Naming::names;
  Format format = Format::text;
  bool exact = false;  // whole numbers instead of K, M, G, T
  bool sorted = true;
  bool engines = false;  // -c: the persistence engine's columns
};

/// One of the six edits of the table.
struct Edit {
  ipvs::Change change = {};
};

struct Flush {};
struct ListTable {
  Layout layout = {};
};
struct ListService {
  ipvs::ServiceKey key = {};
  Layout layout = {};
};
struct ListConnections {
  Layout layout = {};
};
struct ListTimeouts {
  Format format = Format::text;
};
struct ListDaemons {
  Format format = Format::text;
};
struct Zero {
  std::optional<ipvs::ServiceKey> key = std::nullopt;
};
struct SetTimeouts {
  ipvs::Timeouts timeouts = {};
};
struct StartDaemon {
  ipvs::Daemon daemon = {};
};
struct StopDaemon {
  ipvs::DaemonRole role = {};
};
struct Save {
  Naming naming = Naming::names;
};
struct Restore {};
struct ShowHelp {};
struct ShowVersion {};

/// Which services a rule file speaks for: every one of the table, or only those that it names.
enum class Reach { whole_table, only_named };

struct Plan {
  std::string file = "";  // "-" is standard input
  Reach reach = Reach::whole_table;
  Format format = Format::text;
};
struct Apply {
  std::string file = "";
  Reach reach = Reach::whole_table;
};
struct Watch {
  std::chrono::milliseconds interval = std::chrono::seconds{1};
  Naming naming = Naming::names;
};

using Command =
    std::variant<Edit, Flush, ListTable, ListService, ListConnections, ListTimeouts, ListDaemons, Zero, SetTimeouts,
                 StartDaemon, StopDaemon, Save, Restore, ShowHelp, ShowVersion, Plan, Apply, Watch>;

}  // namespace ipvsadm
