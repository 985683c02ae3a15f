// The configuration as values: what the file says, defaults filled in, already valid. load.hpp makes it from text.
//
// Three layers, each by name: checks, pools of servers, virtual services. References are resolved to indices.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "config/heartbeat.hpp"
#include "config/monitor.hpp"
#include "config/sync.hpp"
#include "config/vrrp.hpp"
#include "ipvs++/destination.hpp"
#include "ipvs++/info.hpp"
#include "ipvs++/service.hpp"

namespace keepalive {

using Milliseconds = std::chrono::milliseconds;

enum class CheckType : std::uint8_t {
  tcp,
  udp,
  ping,
  dns,
  http,
  https,
  smtp,
  imap,
  pop3,
  ftp,
  ldap,
  rtsp,
  script,
  file
};
enum class Security : std::uint8_t { plain, tls, starttls };
/// Where a probe goes: to the server's own address, or through the forwarding path of its service.
enum class Via : std::uint8_t { address, path };

/// Inclusive on both ends.
struct StatusRange {
  std::uint16_t first = 200;
  std::uint16_t last = 299;

  friend bool operator==(const StatusRange&, const StatusRange&) = default;
};

/// A program with its arguments, never through a shell.
struct Command {
  std::vector<std::string> argv = {};
  std::string user = "";  // empty: [global] script_user

  friend bool operator==(const Command&, const Command&) = default;
};

/// A value that few have: a reference for the many without it.
template <class T>
class Seldom {
 public:
  Seldom() = default;
  Seldom(T value) : value_{std::make_shared<const T>(std::move(value))} {}

  const T& operator*() const {
    static const T none = {};
    return value_ ? *value_ : none;
  }
  const T* operator->() const { return &**this; }
  friend bool operator==(const Seldom& a, const Seldom& b) { return *a == *b; }

 private:
  std::shared_ptr<const T> value_ = nullptr;
};

/// A [check NAME]. Members that do not go with its type keep their defaults.
struct Check {
  std::string name = "";
  CheckType type = CheckType::tcp;

  Milliseconds interval{2000};
  Milliseconds interval_down{2000};     // while the server is down
  Milliseconds interval_failing{2000};  // while it is not, but the last probe failed
  Milliseconds timeout{1000};
  std::uint32_t rise = 1;     // successes that bring a server up
  std::uint32_t fall = 3;     // failures that take it down
  Milliseconds jitter{2000};  // the first probe falls somewhere in this time
  bool log_failures = false;  // each failed probe, not only what follows from it

  std::optional<ipvs::Address> connect_address = std::nullopt;
  std::optional<ipvs::Port> connect_port = std::nullopt;
  std::optional<ipvs::Address> source = std::nullopt;
  std::optional<ipvs::Port> source_port = std::nullopt;
  std::string interface = "";
  ipvs::Fwmark mark = {};
  Via via = Via::address;

  Security security = Security::plain;
  bool verify = true;
  std::string ca = "";           // PEM text; empty: the system's
  std::string certificate = "";  // PEM text
  std::string key = "";          // PEM text
  std::string key_password = "";
  std::string sni = "";
  std::uint32_t expiry_days = 0;  // warn that many days before the certificate ends; 0: never

  std::string send = "";    // tcp, udp: bytes
  std::string expect = "";  // tcp, udp: a regex for the answer; dns: an address or name that it must hold
  bool reply = false;       // udp: no answer is a failure

  std::vector<std::string> urls = {};  // http: paths, in order; the other protocols' URL path: at most one
  std::string method = "GET";
  std::string host = "";
  std::string http_version = "1.1";
  std::vector<StatusRange> status = {StatusRange{}};
  std::string body = "";                 // regex that must match
  std::string body_not = "";             // regex that must not
  std::uint32_t body_from = 0;           // the part of the body that both look at: from this byte
  std::uint32_t body_to = 0;             // up to this one, which is out of it; 0: to the end
  std::string digest = "";               // hex: MD5 or SHA-256 of the body, by length
  std::uint64_t body_limit = 1'048'576;  // bytes read of an answer
  bool follow = false;

  std::string login = "";
  std::string password = "";
  std::string helo = "";
  std::string base = "";    // ldap
  std::string filter = "";  // ldap

  std::string query = ".";          // dns
  std::string record_type = "SOA";  // dns

  Command command = {};         // script
  bool dynamic_weight = false;  // script: exit codes 2 to 255 are a weight of 0 to 253
  std::string path = "";        // file: its number is the weight, 0 takes no connections

  friend bool operator==(const Check&, const Check&) = default;
};

/// Whether it tells the weight of what it checks.
inline bool gives_weight(const Check& check) { return check.dynamic_weight || check.type == CheckType::file; }

/// How a server's checks decide: `needed` of them must pass.
struct Require {
  std::uint32_t needed = 0;  // 0: all

  friend bool operator==(const Require&, const Require&) = default;
};

/// One server line of a pool. What is absent comes from the virtual service.
struct Server {
  std::string name = "";         // unique in the pool; its endpoint unless named
  ipvs::Endpoint endpoint = {};  // port 0: the service's
  std::int32_t weight = 1;
  ipvs::Thresholds thresholds = {};
  std::optional<ipvs::Forwarding> forwarding = std::nullopt;
  std::optional<ipvs::Tunnel> tunnel = std::nullopt;
  std::optional<ipvs::Address> check_address = std::nullopt;
  std::optional<ipvs::Port> check_port = std::nullopt;
  std::optional<std::vector<std::size_t>> checks = std::nullopt;  // instead of the pool's; see checks_of()
  Seldom<Command> on_up = {};
  Seldom<Command> on_down = {};
  bool alerts = true;  // by mail and webhook; of events of this server

  friend bool operator==(const Server&, const Server&) = default;
};

enum class OnFailure : std::uint8_t { remove, quiesce };
/// What counts before the first result: `down` is keepalived's alpha.
enum class Start : std::uint8_t { up, down };

struct Pool {
  std::string name = "";
  std::vector<std::size_t> checks = {};  // of Config::checks
  Require require = {};
  std::vector<Server> servers = {};
  OnFailure on_failure = OnFailure::remove;
  Start start = Start::up;
  bool readmit_quiescent = false;  // a server that comes back has weight 0 until `undrain`
  std::optional<Server> sorry_server = std::nullopt;
  bool sorry_inhibit = false;  // the sorry server stays in the table with weight 0 while not needed
  std::uint32_t quorum = 1;    // least total weight of servers that are up
  std::uint32_t hysteresis = 0;
  Milliseconds slow_start{0};
  std::uint32_t panic_percent = 0;  // never take out more than this share of servers; 0: no limit
  Command on_quorum_up = {};
  Command on_quorum_down = {};
  std::optional<vrrp::Track> tracked = std::nullopt;  // no service's: what a [vrrp] tracks, as a pool of one server
  bool alerts = true;                                 // as of a server; that of the pool counts for its servers, too
  std::string master_of = "";                         // probed only while this [vrrp] is master; empty: always
  bool notify_at_stop = false;  // keepalived's omega: on_down and on_quorum_down when the daemon stops

  friend bool operator==(const Pool&, const Pool&) = default;
};

/// The checks of a server, as indices of Config::checks.
inline const std::vector<std::size_t>& checks_of(const Pool& pool, const Server& server) {
  return server.checks ? *server.checks : pool.checks;
}

struct VirtualServer {
  std::string name = "";
  std::vector<ipvs::ServiceKey> keys = {};  // lists and ranges spread out; for `together` the mark
  ipvs::Service properties = {};            // all but the key
  ipvs::Forwarding forwarding = ipvs::Forwarding::direct_route;
  ipvs::Tunnel tunnel = {};
  std::size_t pool = 0;  // of Config::pools
  bool together = false;
  std::vector<ipvs::VipKey> marked = {};  // together: what gets the mark, ports as ranges below
  bool alerts = true;                     // as of a server: what the kernel does with its keys
  std::string host = "";                  // default `host` of its pool's http checks
  std::string master_of = "";             // there only while this [vrrp] is master; empty: always

  friend bool operator==(const VirtualServer&, const VirtualServer&) = default;
};

/// A [vrrp NAME].
struct Vrrp {
  vrrp::Instance router = {};
  Command on_master = {};
  Command on_backup = {};
  Command on_fault = {};
  Command on_stop = {};
  std::uint32_t script_attempts = 1;  // until one of these succeeds
  Milliseconds script_delay{5000};    // from one to the next
  Milliseconds script_timeout{30000};
  Command verify = {};              // must succeed after on_master, or that has failed
  Milliseconds verify_interval{0};  // again and again while it is master; 0: not

  friend bool operator==(const Vrrp&, const Vrrp&) = default;
};

/// What happens to our services when the daemon stops.
enum class AtStop : std::uint8_t { remove, keep };
/// What happens to foreign services when the daemon starts.
enum class AtStart : std::uint8_t { adopt, flush };
enum class Drift : std::uint8_t { repair, report };

struct Mail {
  std::string server = "";  // URL: smtp://, smtps://
  std::string login = "";
  std::string password = "";
  std::string from = "";
  std::vector<std::string> to = {};
  Milliseconds digest{5000};  // alerts of this time go in one mail
  Milliseconds repeat{0};     // say again what is still down; 0: never

  friend bool operator==(const Mail&, const Mail&) = default;
};

/// Inclusive on both ends.
struct MarkRange {
  std::uint32_t first = 0;
  std::uint32_t last = 0;

  friend bool operator==(const MarkRange&, const MarkRange&) = default;
};

struct Global {
  std::string router_id = "";
  std::string script_user = "keepalive-script";
  Command notify = {};
  std::string notify_pipe = "";
  Mail mail = {};
  std::string webhook = "";
  AtStop at_stop = AtStop::remove;
  AtStart at_start = AtStart::adopt;
  Drift drift = Drift::repair;
  Milliseconds drift_interval{30000};
  std::uint32_t probers = 1;
  std::uint32_t script_limit = 64;  // scripts at once
  Command on_start = {};
  Command on_stop = {};
  MarkRange marks = {0x10000, 0x1ffff};       // of grouped services
  MarkRange path_marks = {0x20000, 0x2ffff};  // of probes through the forwarding path
  std::string metrics = "";                   // address:port; empty: none
  std::uint32_t realtime = 0;                 // priority of the process that speaks VRRP; 0: as all others

  friend bool operator==(const Global&, const Global&) = default;
};

struct Config {
  Global global = {};
  ipvs::Timeouts timeouts = {};                     // 0: as the kernel has it
  std::map<std::string, std::string> sysctls = {};  // below net.ipv4.vs
  bool ip_forward = true;                           // may be switched on where nat needs it
  bool rp_filter = true;                            // may be loosened where probes through the path need it
  std::vector<Check> checks = {};
  std::vector<Pool> pools = {};
  std::vector<VirtualServer> services = {};
  std::vector<Vrrp> vrrps = {};
  std::vector<vrrp::Heartbeat> heartbeats = {};
  std::vector<vrrp::Witness> witnesses = {};
  std::optional<Sync> sync = std::nullopt;
  std::optional<Monitor> monitor = std::nullopt;

  friend bool operator==(const Config&, const Config&) = default;
};

}  // namespace keepalive
