// The language between the launcher, which has the files and the right to start programs, and the director.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <variant>
#include <vector>

#include "core/messages.hpp"
#include "core/versions.hpp"

namespace keepalive::core {

// Director to launcher.
/// Read the configuration; answer with Bundle.
struct Fetch {
  bool last_good = false;  // not the file: what was adopted last, perhaps by a predecessor
  Texts instead = {};      // of what these files hold: to look at texts that nobody has written yet
};
/// The configuration of this bundle is in force: programs are numbered by it.
struct Adopt {
  std::uint32_t serial = 0;
};
/// The configuration of this bundle was only looked at, or refused.
struct Drop {
  std::uint32_t serial = 0;
};
/// These roles shall run, and no others; each is announced by NewRole.
struct WantRoles {
  std::uint32_t probers = 0;
  bool sender = false;
  bool metrics = false;
  bool monitor = false;        // the process that browsers talk to
  bool routers = false;        // the process that speaks VRRP
  bool sync = false;           // the agent of connection sync
  std::uint32_t realtime = 0;  // its priority
};
/// Kill this prober, which does not answer; a new one is started.
struct RestartProber {
  std::uint32_t index = 0;
};
/// Sent every second: the director lives.
struct Beat {};
/// The first configuration is not to be had: end.
struct Failed {
  std::string text = "";
};
/// End in order, and execute the program anew: addresses and table stay.
struct Renew {};
struct RunProgram {
  std::uint32_t id = 0;
  std::string object = "";   // programs of one object run one after the other; empty: of none
  std::uint32_t serial = 0;  // of the bundle that numbers it
  std::uint32_t number = 0;
  std::vector<std::string> arguments = {};
  std::map<std::string, std::string> environment = {};
  std::uint64_t limit_ms = 0;
  bool leave_nothing = false;  // what it started ends with it
};

/// Run nft with these arguments and input; answer with ProgramDone.
struct RunNft {
  std::uint32_t id = 0;
  std::vector<std::string> arguments = {};
  std::string input = "";
};

/// Write these files of the configuration, all or none, and keep what was there and what is there then as versions;
/// answer with PendingIs, then Wrote.
struct WriteFiles {
  std::uint32_t id = 0;
  Texts files = {};
  Texts before = {};  // what the configuration's files must hold now, all of them
  std::string by = "";
  std::string comment = "";
  std::uint64_t generation = 0;  // that it will be
  std::uint32_t confirm_s = 0;   // rolled back after it unless ConfirmFiles comes; 0: final
  std::uint64_t of = 0;          // the version whose texts these are; 0: new ones
};
/// What was written stays; answer with PendingIs, then Wrote.
struct ConfirmFiles {
  std::uint32_t id = 0;
};
/// Answer with Versions: that of `number` with its texts; and whether these files can be written.
struct AskVersions {
  std::uint32_t id = 0;
  std::uint64_t number = 0;
  std::vector<std::string> paths = {};
};

// Launcher to director.
/// The texts that make up a configuration.
struct Bundle {
  std::uint32_t serial = 0;
  std::string path = "";  // empty: there is none
  bool last_good = false;
  std::map<std::string, std::string> texts = {};
  std::vector<std::string> sources = {};  // those of them that are configuration themselves, the first file first
  std::map<std::string, std::vector<std::string>> globs = {};
  std::map<std::string, std::string> faults = {};      // files that could not be read, and why
  std::map<std::string, std::string> identities = {};  // of files with several names
  std::map<std::string, std::string> environment = {};
};
struct ProgramDone {
  std::uint32_t id = 0;
  std::int32_t exit_code = 0;  // negative: a signal; or never_ran
  bool timed_out = false;
  std::string line = "";     // first line of its output
  std::uint64_t digest = 0;  // of all its output
};
/// A role was started; the director's end of its channel comes along.
struct NewRole {
  enum class Kind : std::uint8_t { prober, sender, metrics, vrrp, sync, monitor };
  Kind kind = Kind::prober;
  std::uint32_t index = 0;  // of a prober

  friend auto operator<=>(const NewRole&, const NewRole&) = default;
};
constexpr NewRole::Kind last_of(NewRole::Kind /*of*/) { return NewRole::Kind::monitor; }
struct Versions {
  std::uint32_t id = 0;
  std::vector<ConfigVersion> list = {};  // the newest first; texts of the one asked for only
  std::map<std::string, bool> writable = {};
};
struct Wrote {
  std::uint32_t id = 0;
  std::uint64_t version = 0;
  std::string fault = "";  // empty: done; else nothing has changed
};
/// At the director's start, and whenever it is another.
struct PendingIs {
  std::optional<Pending> pending = std::nullopt;
};
/// Nobody confirmed in time: the files hold what version `of` has, which is a version of its own now. Load it.
struct RolledBack {
  std::uint64_t version = 0;
  std::uint64_t of = 0;
};
/// SIGHUP, SIGTERM.
struct Signalled {
  std::int32_t number = 0;
};
/// End; what is in the kernel stays for a successor.
struct Retire {};

using Launch = std::variant<Fetch, Adopt, Drop, WantRoles, RestartProber, Beat, Failed, Renew, RunProgram, RunNft,
                            WriteFiles, ConfirmFiles, AskVersions, Bundle, ProgramDone, NewRole, Versions, Wrote,
                            PendingIs, RolledBack, Signalled, Retire>;

std::string encode(const Launch& message);
/// The same of a bundle as it stands: it may be large.
std::string encode(const Bundle& bundle);
std::optional<Launch> decode_launch(std::span<const std::uint8_t> bytes);

}  // namespace keepalive::core
