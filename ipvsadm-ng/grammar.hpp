// The command line as tables: which options there are, what each may follow, and which go together.
// parse.cpp and check.cpp loop over them; help.cpp and the completion test read them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace ipvsadm {

/// Commands, in the order of ipvsadm's legality table; ipvsadm-ng's own follow.
enum class Verb : std::uint8_t {
  none,
  add_service,
  edit_service,
  delete_service,
  flush,
  list,
  add_server,
  delete_server,
  edit_server,
  set,
  start_daemon,
  stop_daemon,
  restore,
  save,
  zero,
  plan,
  apply,
  watch,
  help,
  version,
};

/// Options that the legality table knows, in its order: of several faults the first is reported.
enum class Option : std::uint8_t {
  numeric,
  connection,
  service_address,
  scheduler,
  persistent,
  netmask,
  real_server,
  forwarding_method,
  weight,
  u_threshold,
  l_threshold,
  mcast_interface,
  timeout,
  daemon,
  stats,
  rate,
  thresholds,
  persistent_conn,
  nosort,
  syncid,
  exact,
  ops,
  pe,
  sched_flags,
  mcast_group,
  mcast_port,
  mcast_ttl,
  sync_maxlen,
  tun_info,
  tun_type,
  tun_port,
  tun_nocsum,
  tun_csum,
  tun_remcsum,
  json,
  only,
  count,
  uncounted = count,  // in no column of the table: -6 and --sort
};

/// What one word of the command line stands for.
enum class Token : std::uint8_t {
  command,
  tcp_service,
  udp_service,
  sctp_service,
  fwmark_service,
  ipv6,
  masquerading,
  ipip,
  gatewaying,
  sort,
  option,  // the option of the row's column, and nothing more to tell it from others
};

enum class Argument : std::uint8_t { none, required, optional };

/// Which program knows the word: both, or ipvsadm-ng alone.
enum class Dialect : std::uint8_t { ipvsadm, ng };

struct Switch {
  char letter = '\0';  // '\0': has no short form
  std::string_view name = {};
  Argument argument = Argument::none;
  Token token = Token::option;
  Verb verb = Verb::none;
  Option option = Option::uncounted;
  Dialect dialect = Dialect::ipvsadm;
  std::string_view metavariable = {};
  std::string_view help = {};
};

/// Every switch of the command line, commands first.
std::span<const Switch> switches();
/// The switch of a letter or of a long name, or none.
const Switch* find_switch(char letter, Dialect dialect);
const Switch* find_switch(std::string_view name, Dialect dialect);

/// A set of Options.
class OptionSet {
 public:
  constexpr bool has(Option option) const { return (bits_ >> static_cast<unsigned>(option) & 1U) != 0; }
  constexpr void add(Option option) { bits_ |= std::uint64_t{1} << static_cast<unsigned>(option); }

 private:
  std::uint64_t bits_ = 0;
};

/// What the table says of an option with a command or a tunnel type.
enum class Legality : char { allowed = ' ', illegal = 'x', needed = '+', exclusive = '1' };

Legality legality(Verb verb, Option option);
/// The names that messages use.
std::string_view name(Verb verb);
std::string_view name(Option option);

}  // namespace ipvsadm
