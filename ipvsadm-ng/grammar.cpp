#include "grammar.hpp"

#include <array>

namespace ipvsadm {
namespace {

using enum Argument;

constexpr Switch command(char letter, std::string_view name, Verb verb, std::string_view help, Argument argument = none,
                         std::string_view metavariable = {}) {
  return {.letter = letter,
          .name = name,
          .argument = argument,
          .token = Token::command,
          .verb = verb,
          .metavariable = metavariable,
          .help = help};
}

constexpr Switch option(char letter, std::string_view name, Argument argument, Option column,
                        std::string_view metavariable, std::string_view help, Token token = Token::option) {
  return {.letter = letter,
          .name = name,
          .argument = argument,
          .token = token,
          .option = column,
          .metavariable = metavariable,
          .help = help};
}

constexpr Switch ours(Switch row) {
  row.dialect = Dialect::ng;
  return row;
}

// clang-format off
constexpr auto table = std::to_array<Switch>({
    command('A', "add-service", Verb::add_service, "add a virtual service"),
    command('E', "edit-service", Verb::edit_service, "edit a virtual service; what is not given returns to its default"),
    command('D', "delete-service", Verb::delete_service, "delete a virtual service"),
    command('C', "clear", Verb::flush, "delete every virtual service"),
    command('R', "restore", Verb::restore, "carry out the rules read from standard input"),
    command('S', "save", Verb::save, "print the table as rules"),
    command('a', "add-server", Verb::add_server, "add a real server"),
    command('e', "edit-server", Verb::edit_server, "edit a real server; what is not given returns to its default"),
    command('d', "delete-server", Verb::delete_server, "delete a real server"),
    command('L', "list", Verb::list, "list the table, one service, connections, timeouts or daemons"),
    command('l', {}, Verb::list, {}),
    command('Z', "zero", Verb::zero, "set the counters of a service, or of all, to zero"),
    command('\0', "set", Verb::set, "set the timeouts: TCP, TCP after FIN, UDP; 0 keeps one"),
    command('\0', "start-daemon", Verb::start_daemon, "start a connection-sync daemon", required, "master|backup"),
    command('\0', "stop-daemon", Verb::stop_daemon, "stop it", required, "master|backup"),
    ours(command('\0', "plan", Verb::plan, "show what --apply would change; exit 0: nothing, 3: changes", required, "FILE")),
    ours(command('\0', "apply", Verb::apply, "make the table what FILE says, with the fewest changes", required, "FILE")),
    ours(command('\0', "watch", Verb::watch, "rates and connections, live", optional, "SECONDS")),
    command('h', "help", Verb::help, "show this"),
    command('v', "version", Verb::version, "show the version"),

    option('t', "tcp-service", required, Option::service_address, "ADDRESS:PORT", "a TCP service", Token::tcp_service),
    option('u', "udp-service", required, Option::service_address, "ADDRESS:PORT", "a UDP service", Token::udp_service),
    option('\0', "sctp-service", required, Option::service_address, "ADDRESS:PORT", "an SCTP service", Token::sctp_service),
    option('f', "fwmark-service", required, Option::service_address, "MARK", "the service of packets with this mark", Token::fwmark_service),
    option('6', "ipv6", none, Option::uncounted, {}, "after -f: of IPv6 packets", Token::ipv6),
    option('s', "scheduler", required, Option::scheduler, "NAME", "rr wrr lc wlc lblc lblcr dh sh sed nq fo ovf mh (wlc)"),
    option('p', "persistent", optional, Option::persistent, "SECONDS", "a client keeps its server (360)"),
    option('M', "netmask", required, Option::netmask, "MASK", "persistence of networks: IPv4 mask or IPv6 prefix length"),
    option('\0', "pe", required, Option::pe, "ENGINE", "persistence engine (sip)"),
    option('o', "ops", none, Option::ops, {}, "one-packet scheduling"),
    option('b', "sched-flags", required, Option::sched_flags, "FLAGS", "flag-1,flag-2,flag-3; sh-fallback,sh-port; mh-fallback,mh-port"),
    option('r', "real-server", required, Option::real_server, "ADDRESS[:PORT]", "the server"),
    option('g', "gatewaying", none, Option::forwarding_method, {}, "forward by direct routing (default)", Token::gatewaying),
    option('i', "ipip", none, Option::forwarding_method, {}, "forward through a tunnel", Token::ipip),
    option('m', "masquerading", none, Option::forwarding_method, {}, "forward by address translation", Token::masquerading),
    option('w', "weight", required, Option::weight, "WEIGHT", "0 to 2147483647 (1); 0: no new connections"),
    option('x', "u-threshold", required, Option::u_threshold, "N", "no new connections at N (0: no limit)"),
    option('y', "l-threshold", required, Option::l_threshold, "N", "new ones again below N"),
    option('\0', "tun-type", required, Option::tun_type, "TYPE", "ipip, gue or gre"),
    option('\0', "tun-port", required, Option::tun_port, "PORT", "UDP port of gue"),
    option('\0', "tun-nocsum", none, Option::tun_nocsum, {}, "no checksum (default)"),
    option('\0', "tun-csum", none, Option::tun_csum, {}, "checksum"),
    option('\0', "tun-remcsum", none, Option::tun_remcsum, {}, "remote checksum offload"),
    option('\0', "mcast-interface", required, Option::mcast_interface, "NAME", "interface of the daemon (eth0)"),
    option('\0', "syncid", required, Option::syncid, "ID", "0 to 255 (0)"),
    option('\0', "sync-maxlen", required, Option::sync_maxlen, "BYTES", "1 to 65507"),
    option('\0', "mcast-group", required, Option::mcast_group, "ADDRESS", "multicast group (224.0.0.81)"),
    option('\0', "mcast-port", required, Option::mcast_port, "PORT", "UDP port (8848)"),
    option('\0', "mcast-ttl", required, Option::mcast_ttl, "TTL", "1 to 255 (1)"),
    option('c', "connection", none, Option::connection, {}, "list connections"),
    option('\0', "timeout", none, Option::timeout, {}, "list timeouts"),
    option('\0', "daemon", none, Option::daemon, {}, "list sync daemons"),
    option('\0', "stats", none, Option::stats, {}, "columns: totals"),
    option('\0', "rate", none, Option::rate, {}, "columns: per second"),
    option('\0', "thresholds", none, Option::thresholds, {}, "columns: thresholds"),
    option('\0', "persistent-conn", none, Option::persistent_conn, {}, "columns: persistent connections"),
    option('\0', "tun-info", none, Option::tun_info, {}, "columns: tunnels"),
    option('n', "numeric", none, Option::numeric, {}, "numbers instead of names"),
    option('X', "exact", none, Option::exact, {}, "numbers in full"),
    option('\0', "nosort", none, Option::nosort, {}, "in the kernel's order"),
    option('\0', "sort", none, Option::uncounted, {}, "sorted (default)", Token::sort),
    ours(option('\0', "json", none, Option::json, {}, "print JSON")),
    ours(option('\0', "only", none, Option::only, {}, "leave services alone that FILE does not name")),
});

constexpr std::array<std::string_view, static_cast<std::size_t>(Option::count)> option_names = {
    "numeric", "connection", "service-address", "scheduler", "persistent", "netmask", "real-server",
    "forwarding-method", "weight", "u-threshold", "l-threshold", "mcast-interface", "timeout", "daemon", "stats",
    "rate", "thresholds", "persistent-conn", "nosort", "syncid", "exact", "ops", "pe", "sched-flags", "mcast-group",
    "mcast-port", "mcast-ttl", "sync-maxlen", "tun-info", "tun-type", "tun-port", "tun-nocsum", "tun-csum",
    "tun-remcsum", "json", "only",
};

// A column for each Option in its order; ' ' allowed, 'x' illegal, '+' needed, '1' at most one of the row's ones.
//   numeric connection service scheduler persistent netmask | real-server forwarding weight u- l-threshold |
//   mcast-interface timeout daemon stats rate thresholds persistent-conn nosort syncid exact ops pe sched-flags |
//   mcast-group mcast-port mcast-ttl sync-maxlen | tun-info tun-type tun-port nocsum csum remcsum | json only
struct Legal {
  std::string_view name;
  std::string_view columns;
};
constexpr std::array<Legal, static_cast<std::size_t>(Verb::version) + 1> legal = {{
    {"none",           "xxxxxx" "xxxxx" "xxxxxxxxxxxxx" "xxxx" "xxxxxx" "xx"},
    {"add-service",    "xx+   " "xxxxx" "xxxxxxxxxx   " "xxxx" "xxxxxx" "xx"},
    {"edit-service",   "xx+   " "xxxxx" "xxxxxxxxxx   " "xxxx" "xxxxxx" "xx"},
    {"delete-service", "xx+xxx" "xxxxx" "xxxxxxxxxxxxx" "xxxx" "xxxxxx" "xx"},
    {"flush",          "xxxxxx" "xxxxx" "xxxxxxxxxxxxx" "xxxx" "xxxxxx" "xx"},
    {"list",           " 11xxx" "xxxxx" "x11       xxx" "xxxx" " xxxxx" " x"},
    {"add-server",     "xx+xxx" "+    " "xxxxxxxxxxxxx" "xxxx" "x     " "xx"},
    {"delete-server",  "xx+xxx" "+xxxx" "xxxxxxxxxxxxx" "xxxx" "xxxxxx" "xx"},
    {"edit-server",    "xx+xxx" "+    " "xxxxxxxxxxxxx" "xxxx" "x     " "xx"},
    {"set",            "xxxxxx" "xxxxx" "xxxxxxxxxxxxx" "xxxx" "xxxxxx" "xx"},
    {"start-daemon",   "xxxxxx" "xxxxx" " xxxxxxx xxxx" "    " "xxxxxx" "xx"},
    {"stop-daemon",    "xxxxxx" "xxxxx" "xxxxxxxx xxxx" "xxxx" "xxxxxx" "xx"},
    {"restore",        "xxxxxx" "xxxxx" "xxxxxxxxxxxxx" "xxxx" "xxxxxx" "xx"},
    {"save",           " xxxxx" "xxxxx" "xxxxxxxxxxxxx" "xxxx" "xxxxxx" "xx"},
    {"zero",           "xx xxx" "xxxxx" "xxxxxxxxxxxxx" "xxxx" "xxxxxx" "xx"},
    {"plan",           "xxxxxx" "xxxxx" "xxxxxxxxxxxxx" "xxxx" "xxxxxx" "  "},
    {"apply",          "xxxxxx" "xxxxx" "xxxxxxxxxxxxx" "xxxx" "xxxxxx" "x "},
    {"watch",          " xxxxx" "xxxxx" "xxxxxxxxxxxxx" "xxxx" "xxxxxx" "xx"},
    {"help",           "xxxxxx" "xxxxx" "xxxxxxxxxxxxx" "xxxx" "xxxxxx" "xx"},
    {"version",        "xxxxxx" "xxxxx" "xxxxxxxxxxxxx" "xxxx" "xxxxxx" "xx"},
}};
// clang-format on

static_assert([] {
  for (const Legal& row : legal)
    if (row.columns.size() != option_names.size()) return false;
  return true;
}());

bool speaks(Dialect dialect, const Switch& row) { return row.dialect == Dialect::ipvsadm || dialect == Dialect::ng; }

}  // namespace

std::span<const Switch> switches() { return table; }

const Switch* find_switch(char letter, Dialect dialect) {
  if (letter == '\0') return nullptr;
  for (const Switch& row : table)
    if (row.letter == letter && speaks(dialect, row)) return &row;
  return nullptr;
}

const Switch* find_switch(std::string_view name, Dialect dialect) {
  if (name.empty()) return nullptr;
  for (const Switch& row : table)
    if (row.name == name && speaks(dialect, row)) return &row;
  return nullptr;
}

Legality legality(Verb verb, Option option) {
  return static_cast<Legality>(legal[static_cast<std::size_t>(verb)].columns[static_cast<std::size_t>(option)]);
}

std::string_view name(Verb verb) { return legal[static_cast<std::size_t>(verb)].name; }
std::string_view name(Option option) { return option_names[static_cast<std::size_t>(option)]; }

}  // namespace ipvsadm
