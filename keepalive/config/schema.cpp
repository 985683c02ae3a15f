#include "config/schema.hpp"

#include <algorithm>
#include <array>

#include "config/check_setters.hpp"
#include "config/global_setters.hpp"
#include "config/heartbeat_keys.hpp"
#include "config/monitor_keys.hpp"
#include "config/pool_setters.hpp"
#include "config/service_setters.hpp"
#include "config/setters.hpp"
#include "config/sync_keys.hpp"
#include "config/vrrp_keys.hpp"
#include "config/words.hpp"

namespace keepalive::config {
namespace {

using namespace setters;

template <auto member>
constexpr Codec optional_number() {
  return {[](Sink& sink, const Key& key, std::string_view value) -> Fault {
            const auto number = read_number(value, key.low, key.high);
            if (!number) return fmt::format("wants a number from {} to {}", key.low, key.high);
            place<member>(sink) = static_cast<std::uint32_t>(*number);
            return {};
          },
          nullptr};
}

constexpr std::uint64_t any32 = 0xffffffff;

// section, name, codec, kind, default, help, types of check, low, high, repeats
constexpr Key rows[] = {
    {"global", "router_id", text<&Global::router_id>(), "text", "the host's name",
     "how this director calls itself in alerts"},
    {"global",
     "include",
     {&set_include},
     "pattern of paths",
     "",
     "reads these files too; relative to this one",
     "",
     0,
     0,
     true},
    {"global", "notify", command<&Global::notify>(), "program", "", "runs at every change of state"},
    {"global", "notify_pipe", starting<&Global::notify_pipe, whole_paths>(), "path", "",
     "named pipe that gets a line for every change of state"},
    {"global", "script_user", text<&Global::script_user>(), "user", "keepalive-script", "who programs run as"},
    {"global", "script_limit", number<&Global::script_limit>(), "number", "64", "programs that run at once", "", 1,
     10000},
    {"global", "mail_server", starting<&Mail::server, mail_schemes>(), "URL", "",
     "smtp://HOST or smtps://HOST: where alerts go"},
    {"global", "mail_login", text<&Mail::login>(), "text", "", "name at the mail server"},
    {"global", "mail_password", file<&Mail::password, true>(), "file:PATH", "",
     "password at the mail server; only its owner may read the file"},
    {"global", "mail_from", text<&Mail::from>(), "address", "", "sender of alerts"},
    {"global", "mail_to", {&set_recipients}, "addresses", "", "who gets alerts", "", 0, 0, true},
    {"global", "mail_digest", time<&Mail::digest>(), "time", "5s", "alerts within this time go in one mail", "", 0,
     hour},
    {"global", "mail_repeat", time<&Mail::repeat>(), "time", "0", "says again what is still down; 0: never", "", 0,
     31 * day},
    {"global", "webhook", starting<&Global::webhook, web_schemes>(), "URL", "", "gets every alert as JSON by POST"},
    {"global", "at_stop", word<&Global::at_stop, stops>(), "remove or keep", "remove",
     "what happens to our services when the daemon stops"},
    {"global", "at_start", word<&Global::at_start, beginnings>(), "adopt or flush", "adopt",
     "what happens to other services when the daemon starts"},
    {"global", "drift", word<&Global::drift, drifts>(), "repair or report", "repair",
     "what to do when others changed our services in the kernel"},
    {"global", "drift_interval", time<&Global::drift_interval>(), "time", "30s", "how often to look; 0: never", "", 0,
     day},
    {"global", "probers", number<&Global::probers>(), "number", "1", "processes that probe", "", 1, 64},
    {"global", "on_start", command<&Global::on_start>(), "program", "", "runs when the daemon has started"},
    {"global", "on_stop", command<&Global::on_stop>(), "program", "", "runs when the daemon stops"},
    {"global", "marks", {&set_marks}, "FIRST-LAST", "65536-131071", "packet marks that grouped services may take"},
    {"global",
     "path_marks",
     {&set_path_marks},
     "FIRST-LAST",
     "131072-196607",
     "packet marks that probes through the forwarding path may take"},
    {"global", "check_interval", {}, "time", "2s", "default of every check's interval", "", 10, day},
    {"global", "check_timeout", {}, "time", "1s", "default of every check's timeout", "", 10, hour},
    {"global", "check_rise", {}, "number", "1", "default of every check's rise", "", 1, 1000},
    {"global", "check_fall", {}, "number", "3", "default of every check's fall", "", 1, 1000},

    {"ipvs", "timeout_tcp", time<&ipvs::Timeouts::tcp>(), "time", "as the kernel has it",
     "idle established TCP connections", "", 1000, 31 * day},
    {"ipvs", "timeout_tcp_fin", time<&ipvs::Timeouts::tcp_fin>(), "time", "as the kernel has it",
     "TCP connections after a FIN", "", 1000, 31 * day},
    {"ipvs", "timeout_udp", time<&ipvs::Timeouts::udp>(), "time", "as the kernel has it", "UDP flows", "", 1000,
     31 * day},
    {"ipvs", "ip_forward", word<&Config::ip_forward, forwardings>(), "auto or leave", "auto",
     "whether forwarding of packets is switched on when a service with forward = nat needs it"},
    {"ipvs", "rp_filter", word<&Config::rp_filter, forwardings>(), "auto or leave", "auto",
     "whether strict rp_filter is loosened where answers to probes with via = path come in"},
    {"ipvs", "conntrack", {&set_sysctl}, "number", "as the kernel has it", "net.ipv4.vs.conntrack", "", 0, 1},
    {"ipvs",
     "conn_reuse_mode",
     {&set_sysctl},
     "number",
     "as the kernel has it",
     "net.ipv4.vs.conn_reuse_mode",
     "",
     0,
     3},
    {"ipvs",
     "expire_nodest_conn",
     {&set_sysctl},
     "number",
     "as the kernel has it",
     "net.ipv4.vs.expire_nodest_conn",
     "",
     0,
     1},
    {"ipvs",
     "expire_quiescent_template",
     {&set_sysctl},
     "number",
     "as the kernel has it",
     "net.ipv4.vs.expire_quiescent_template",
     "",
     0,
     1},
    {"ipvs", "nat_icmp_send", {&set_sysctl}, "number", "as the kernel has it", "net.ipv4.vs.nat_icmp_send", "", 0, 1},
    {"ipvs", "pmtu_disc", {&set_sysctl}, "number", "as the kernel has it", "net.ipv4.vs.pmtu_disc", "", 0, 1},
    {"ipvs", "schedule_icmp", {&set_sysctl}, "number", "as the kernel has it", "net.ipv4.vs.schedule_icmp", "", 0, 1},
    {"ipvs", "sloppy_tcp", {&set_sysctl}, "number", "as the kernel has it", "net.ipv4.vs.sloppy_tcp", "", 0, 1},
    {"ipvs", "sloppy_sctp", {&set_sysctl}, "number", "as the kernel has it", "net.ipv4.vs.sloppy_sctp", "", 0, 1},
    {"ipvs", "drop_entry", {&set_sysctl}, "number", "as the kernel has it", "net.ipv4.vs.drop_entry", "", 0, 3},
    {"ipvs", "drop_packet", {&set_sysctl}, "number", "as the kernel has it", "net.ipv4.vs.drop_packet", "", 0, 3},
    {"ipvs", "secure_tcp", {&set_sysctl}, "number", "as the kernel has it", "net.ipv4.vs.secure_tcp", "", 0, 3},
    {"ipvs", "am_droprate", {&set_sysctl}, "number", "as the kernel has it", "net.ipv4.vs.am_droprate", "", 1, 1000000},
    {"ipvs",
     "amemthresh",
     {&set_sysctl},
     "number",
     "as the kernel has it",
     "net.ipv4.vs.amemthresh",
     "",
     0,
     0x7fffffff},
    {"ipvs", "cache_bypass", {&set_sysctl}, "number", "as the kernel has it", "net.ipv4.vs.cache_bypass", "", 0, 1},
    {"ipvs", "snat_reroute", {&set_sysctl}, "number", "as the kernel has it", "net.ipv4.vs.snat_reroute", "", 0, 1},
    {"ipvs",
     "ignore_tunneled",
     {&set_sysctl},
     "number",
     "as the kernel has it",
     "net.ipv4.vs.ignore_tunneled",
     "",
     0,
     1},
    {"ipvs", "run_estimation", {&set_sysctl}, "number", "as the kernel has it", "net.ipv4.vs.run_estimation", "", 0, 1},

    {"metrics", "listen", {&set_listen}, "ADDRESS:PORT", "", "OpenMetrics for a scraper, read-only"},

    {"check",
     "type",
     {},
     "word",
     "",
     "tcp, udp, ping, dns, http, https, smtp, imap, pop3, ftp, ldap, rtsp, script or file"},
    {"check", "interval", time<&Check::interval>(), "time", "2s", "from one probe's start to the next's", "", 10, day},
    {"check",
     "interval_down",
     {time<&Check::interval_down>().set},
     "time",
     "interval",
     "the same while the server is down",
     "",
     10,
     day},
    {"check",
     "interval_failing",
     {time<&Check::interval_failing>().set},
     "time",
     "interval",
     "the same once a probe has failed, until the server is down or a probe succeeds",
     "",
     10,
     day},
    {"check", "timeout", time<&Check::timeout>(), "time", "1s", "a probe that takes longer has failed", "", 10, hour},
    {"check", "rise", number<&Check::rise>(), "number", "1", "successes in a row that bring a server up", "", 1, 1000},
    {"check", "fall", number<&Check::fall>(), "number", "3", "failures in a row that take it down", "", 1, 1000},
    {"check",
     "jitter",
     {time<&Check::jitter>().set},
     "time",
     "interval",
     "the first probe falls somewhere in this time",
     "",
     0,
     day},
    {"check", "log_failures", flag<&Check::log_failures>(), "yes or no", "no",
     "whether every failed probe is told of, not only what follows from it"},
    {"check", "address", address<&Check::connect_address>(), "address", "the server's", "where to connect instead",
     "tcp udp ping dns http https smtp imap pop3 ftp ldap rtsp"},
    {"check", "port", port<&Check::connect_port>(), "port", "the server's", "where to connect instead",
     "tcp udp dns http https smtp imap pop3 ftp ldap rtsp", 1, 65535},
    {"check", "via", word<&Check::via, vias>(), "address or path", "address",
     "probe the server's own address, or the service's through its forwarding path",
     "tcp udp dns http https smtp imap pop3 ftp ldap rtsp"},
    {"check", "source", address<&Check::source>(), "address", "the kernel's choice", "the probe's own address",
     "tcp udp ping dns http https smtp imap pop3 ftp ldap rtsp"},
    {"check", "source_port", port<&Check::source_port>(), "port", "the kernel's choice", "the probe's own port",
     "tcp udp dns http https smtp imap pop3 ftp ldap rtsp", 1, 65535},
    {"check",
     "interface",
     {&set_interface, text<&Check::interface>().print},
     "interface",
     "",
     "the probe leaves here",
     "tcp udp ping dns http https smtp imap pop3 ftp ldap rtsp"},
    {"check",
     "mark",
     {&set_mark, &print_mark},
     "number",
     "",
     "packet mark on the probe's socket",
     "tcp udp ping dns http https smtp imap pop3 ftp ldap rtsp",
     1,
     any32},
    {"check", "security", word<&Check::security, securities>(), "plain, tls or starttls", "plain; https: tls",
     "TLS from the start, or after STARTTLS", "tcp smtp imap pop3 ftp ldap"},
    {"check", "verify", flag<&Check::verify>(), "yes or no", "yes", "whether the certificate must be valid",
     "tcp https smtp imap pop3 ftp ldap"},
    {"check", "ca", file<&Check::ca, false, Pem::certificate>(), "file:PATH", "the system's", "authorities, PEM",
     "tcp https smtp imap pop3 ftp ldap"},
    {"check", "certificate", file<&Check::certificate, false, Pem::certificate>(), "file:PATH", "",
     "our own certificate, PEM", "tcp https smtp imap pop3 ftp ldap"},
    {"check", "key", file<&Check::key, true, Pem::key>(), "file:PATH", "",
     "its key, PEM; only its owner may read the file", "tcp https smtp imap pop3 ftp ldap"},
    {"check", "key_password", file<&Check::key_password, true>(), "file:PATH", "",
     "the key's password; only its owner may read the file", "tcp https smtp imap pop3 ftp ldap"},
    {"check", "sni", text<&Check::sni>(), "host name", "host",
     "the name asked for in TLS and looked for in the certificate", "tcp https smtp imap pop3 ftp ldap"},
    {"check", "expiry_days", number<&Check::expiry_days>(), "number", "0",
     "warns so many days before the certificate ends; 0: never", "tcp https smtp imap pop3 ftp ldap", 0, 3650},
    {"check", "send", bytes<&Check::send>(), "bytes", "", "what to send; escapes \\r \\n \\t \\0 \\xHH", "tcp udp"},
    {"check",
     "expect",
     {&set_expect, bytes<&Check::expect>().print},
     "regex",
     "",
     "what the answer must match; dns: an address or name that it must hold",
     "tcp udp dns"},
    {"check", "reply", flag<&Check::reply>(), "yes or no", "no", "whether silence is a failure", "udp"},
    {"check",
     "url",
     {&set_url, &print_urls},
     "path",
     "/",
     "what to get; several in order",
     "http https ftp ldap imap pop3 smtp rtsp",
     0,
     0,
     true},
    {"check", "method", {&set_method, text<&Check::method>().print}, "word", "GET", "HTTP method", "http https"},
    {"check", "host", text<&Check::host>(), "host name", "the server's address", "the Host header", "http https"},
    {"check", "http_version", word<&Check::http_version, versions>(), "1.0, 1.1 or 2", "1.1", "version to speak",
     "http https"},
    {"check",
     "status",
     {&set_status, &print_statuses},
     "list of codes",
     "200-299",
     "HTTP status codes that are good",
     "http https"},
    {"check", "body", {&set_body, text<&Check::body>().print}, "regex", "", "what the body must match", "http https"},
    {"check",
     "body_not",
     {&set_body_not, text<&Check::body_not>().print},
     "regex",
     "",
     "what it must not match",
     "http https"},
    {"check", "body_from", number<&Check::body_from>(), "bytes", "0",
     "body and body_not skip so many bytes of the body", "http https", 0, 1U << 30U},
    {"check", "body_to", number<&Check::body_to>(), "bytes", "the whole body",
     "body and body_not look at no more than so many first bytes of the body", "http https", 1, 1U << 30U},
    {"check", "digest", {&set_digest, &print_digest}, "hexadecimal", "", "MD5 or SHA-256 of the body", "http https"},
    {"check", "body_limit", number<&Check::body_limit>(), "bytes", "1048576", "a longer answer has failed",
     "tcp udp http https", 1, 1U << 30U},
    {"check", "follow", flag<&Check::follow>(), "yes or no", "no", "whether to follow redirections", "http https"},
    {"check", "login", text<&Check::login>(), "text", "", "name to log in with", "http https smtp imap pop3 ftp ldap"},
    {"check", "password", file<&Check::password, true>(), "file:PATH", "",
     "its password; only its owner may read the file", "http https smtp imap pop3 ftp ldap"},
    {"check", "helo", text<&Check::helo>(), "host name", "the host's", "how to greet", "smtp"},
    {"check", "base", text<&Check::base>(), "DN", "", "where to search", "ldap"},
    {"check", "filter", text<&Check::filter>(), "LDAP filter", "(objectClass=*)", "what to search", "ldap"},
    {"check", "query", text<&Check::query>(), "name", ".", "what to ask", "dns"},
    {"check", "record_type", word<&Check::record_type, record_types>(), "word", "SOA",
     "A, AAAA, CNAME, MX, NS, PTR, SOA, SRV or TXT", "dns"},
    {"check", "command", command<&Check::command>(), "program", "", "exit code 0 is good", "script"},
    {"check", "user", {&set_user}, "user", "[global] script_user", "who runs it", "script"},
    {"check", "dynamic_weight", flag<&Check::dynamic_weight>(), "yes or no", "no",
     "exit codes 2 to 255 are the weight plus 2", "script"},
    {"check", "path", starting<&Check::path, whole_paths>(), "path", "", "file whose number is the weight", "file"},

    {"pool", "check", {&set_checks}, "names", "", "checks of its servers", "", 0, 0, true},
    {"pool", "require", {&set_require}, "all, any or N of", "all", "how many of the checks must pass"},
    {"pool", "server", {&add_server}, "server", "", "ADDRESS:PORT with options", "", 0, 0, true},
    {"pool", "on_failure", word<&Pool::on_failure, failures>(), "remove or quiesce", "remove",
     "take a bad server out, or give it weight 0"},
    {"pool", "start", word<&Pool::start, starts>(), "up or down", "up", "what counts before the first probe"},
    {"pool", "readmit", word<&Pool::readmit_quiescent, readmits>(), "active or quiescent", "active",
     "a server that comes back serves at once, or waits for undrain"},
    {"pool", "sorry_server", {&set_sorry}, "server", "", "serves while the quorum is lost"},
    {"pool", "sorry_inhibit", flag<&Pool::sorry_inhibit>(), "yes or no", "no",
     "keep the sorry server in the table with weight 0 otherwise"},
    {"pool", "quorum", number<&Pool::quorum>(), "number", "1", "least total weight of servers that are up", "", 1,
     0x7fffffff},
    {"pool", "hysteresis", number<&Pool::hysteresis>(), "number", "0",
     "weight over and under the quorum at which it changes", "", 0, 0x7fffffff},
    {"pool", "slow_start", time<&Pool::slow_start>(), "time", "0",
     "a server that comes back gets its weight over this time", "", 0, day},
    {"pool", "panic", number<&Pool::panic_percent>(), "percent", "0",
     "never take out more than this share; 0: no limit", "", 0, 100},
    {"pool", "on_quorum_up", command<&Pool::on_quorum_up>(), "program", "", "runs when the quorum is gained"},
    {"pool", "on_quorum_down", command<&Pool::on_quorum_down>(), "program", "", "runs when the quorum is lost"},
    {"pool", "alerts", flag<&Pool::alerts>(), "yes or no", "yes",
     "whether mail and webhook tell of it and its servers"},
    {"pool", "notify_at_stop", flag<&Pool::notify_at_stop>(), "yes or no", "no",
     "run the programs for going down when the daemon stops"},

    {"virtual_server",
     "address",
     {&set_address},
     "addresses",
     "",
     "ADDRESS:PORT, lists, ranges; of a group with tcp or udp before each",
     "",
     0,
     0,
     true},
    {"virtual_server", "fwmark", optional_number<&ServiceDraft::fwmark>(), "number", "",
     "the service is what carries this packet mark", "", 1, any32},
    {"virtual_server", "family", word<&ServiceDraft::family, families>(), "ipv4 or ipv6", "ipv4",
     "of a marked service"},
    {"virtual_server", "protocol", word<&ServiceDraft::protocol, protocols>(), "tcp, udp or sctp", "tcp",
     "of its addresses"},
    {"virtual_server", "scheduler", word<&ipvs::Service::scheduler, schedulers>(), "word", "wlc",
     "how the kernel chooses a server: rr, wrr, lc, wlc, lblc, lblcr, dh, sh, sed, nq, fo, ovf, mh or twos"},
    {"virtual_server",
     "scheduler_flags",
     {&set_flags},
     "words",
     "",
     "flag-1, flag-2, flag-3, sh-fallback, sh-port, mh-fallback, mh-port",
     "",
     0,
     0,
     true},
    {"virtual_server", "one_packet", {&set_one_packet}, "yes or no", "no", "schedule every UDP packet by itself"},
    {"virtual_server",
     "persistence",
     {&set_persistence},
     "time",
     "",
     "how long a client stays with its server",
     "",
     1000,
     31 * day},
    {"virtual_server",
     "persistence_mask",
     {&set_netmask},
     "mask or prefix",
     "the whole address",
     "clients that count as one"},
    {"virtual_server", "persistence_engine", word<&ipvs::Service::persistence_engine, engines>(), "sip", "",
     "clients are told apart by call"},
    {"virtual_server", "forward", word<&VirtualServer::forwarding, forwards>(), "nat, dr, tunnel, local or bypass",
     "dr", "how packets reach the servers"},
    {"virtual_server", "tunnel", word<&ipvs::Tunnel::type, tunnels>(), "ipip, gue or gre", "ipip", "encapsulation"},
    {"virtual_server", "tunnel_port", {&set_tunnel_port}, "port", "", "gue: the servers' UDP port", "", 1, 65535},
    {"virtual_server",
     "tunnel_checksum",
     {&set_tunnel_checksum},
     "no, yes or remote",
     "no",
     "gue, gre: checksums outside"},
    {"virtual_server", "pool", {&set_pool}, "name", "", "its servers"},
    {"virtual_server", "together", flag<&VirtualServer::together>(), "yes or no", "no",
     "one client's connections to all its addresses go to one server"},
    {"virtual_server", "mark", optional_number<&ServiceDraft::mark>(), "number", "from the name",
     "the group's packet mark", "", 1, any32},
    {"virtual_server", "alerts", flag<&VirtualServer::alerts>(), "yes or no", "yes",
     "whether mail and webhook tell of it; its pool has a key of its own"},
    {"virtual_server", "host", text<&VirtualServer::host>(), "host name", "", "default host of its pool's http checks"},
};

}  // namespace

std::span<const Key> keys() {
  static const std::vector<Key> all = [] {
    std::vector<Key> list{std::begin(rows), std::end(rows)};
    for (const auto& more : {vrrp_keys(), heartbeat_keys(), sync_keys(), monitor_keys()})
      list.insert(list.end(), more.begin(), more.end());
    const auto place = [](const Key& key) {
      return std::find(sections().begin(), sections().end(), key.section) - sections().begin();
    };
    std::stable_sort(list.begin(), list.end(), [&](const Key& a, const Key& b) { return place(a) < place(b); });
    return list;
  }();
  return all;
}

std::span<const std::string_view> sections() {
  static constexpr auto names =
      std::to_array<std::string_view>({"global", "ipvs", "metrics", "monitor", "check", "pool", "virtual_server",
                                       "vrrp", "heartbeat", "witness", "sync"});
  return names;
}

const Key* find_key(std::string_view section, std::string_view name) {
  const auto all = keys();
  const auto found =
      std::find_if(all.begin(), all.end(), [&](const Key& key) { return key.section == section && key.name == name; });
  return found == all.end() ? nullptr : &*found;
}

bool applies(const Key& key, std::string_view type) {
  if (key.applies.empty()) return true;
  for (std::string_view rest = key.applies; !rest.empty();) {
    const std::size_t gap = std::min(rest.find(' '), rest.size());
    if (rest.substr(0, gap) == type) return true;
    rest.remove_prefix(std::min(gap + 1, rest.size()));
  }
  return false;
}

std::string_view name(CheckType type) { return check_types[static_cast<std::size_t>(type)].word; }

std::optional<CheckType> read_check_type(std::string_view word) {
  for (const auto& row : check_types)
    if (row.word == word) return row.value;
  return std::nullopt;
}

}  // namespace keepalive::config
