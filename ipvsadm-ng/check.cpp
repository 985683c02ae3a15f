#include "check.hpp"

#include <fmt/format.h>

#include <array>
#include <utility>

#include "words.hpp"

namespace ipvsadm {
namespace {

/// One row of a legality table against the options given; `phrase` ends its messages.
template <class LegalityOf>
Objection check_row(const OptionSet& given, Option first, Option last, LegalityOf legality_of, std::string_view row,
                    std::string_view phrase) {
  std::optional<Option> chosen;
  for (auto i = static_cast<int>(first); i <= static_cast<int>(last); ++i) {
    const auto option = static_cast<Option>(i);
    const Legality legality = legality_of(option);
    if (!given.has(option)) {
      if (legality == Legality::needed)
        return fmt::format("You need to supply the '{}' option for the '{}' {}", name(option), row, phrase);
    } else if (legality == Legality::illegal) {
      return fmt::format("Illegal '{}' option with the '{}' {}", name(option), row, phrase);
    } else if (legality == Legality::exclusive) {
      if (chosen)
        return fmt::format("The option '{}' conflicts with the '{}' option in the '{}' {}", name(option), name(*chosen),
                           row, phrase);
      chosen = option;
    }
  }
  return {};
}

Objection check_verb(const Draft& draft) {
  return check_row(
      draft.given, Option::numeric, Option::only, [&](Option option) { return legality(draft.verb, option); },
      name(draft.verb), "command");
}

bool any(const OptionSet& given, std::initializer_list<Option> options) {
  for (const Option option : options)
    if (given.has(option)) return true;
  return false;
}

Objection check_service(const Draft& draft) {
  const bool by_address = draft.mark.value == 0;
  if (by_address && draft.service.port.value == 0 && !draft.persistence)
    return "Zero port specified for non-persistent service";
  if (by_address && draft.flags.has(ipvs::ServiceFlag::one_packet) && draft.protocol != ipvs::Protocol::udp)
    return "One-Packet Scheduling is only for UDP virtual services";
  return {};
}

// Columns: tun-type, tun-port, tun-nocsum, tun-csum, tun-remcsum; rows: ipip, gue, gre.
constexpr std::array<std::string_view, 3> tunnel_rows = {" xxxx", " +111", " x11x"};

Objection check_server(const Draft& draft) {
  const bool tunnel = draft.destination.forwarding == ipvs::Forwarding::tunnel;
  if (draft.family != draft.destination.endpoint.address.family() && !tunnel)
    return "Different address family is allowed only for tunneling servers";
  if (!tunnel &&
      any(draft.given, {Option::tun_type, Option::tun_port, Option::tun_nocsum, Option::tun_csum, Option::tun_remcsum}))
    return "Tunnel options conflict with forward method";
  const ipvs::TunnelType type = draft.destination.tunnel.type;
  const std::string_view columns = tunnel_rows[static_cast<std::size_t>(type)];
  return check_row(
      draft.given, Option::tun_type, Option::tun_remcsum,
      [columns](Option option) {
        return static_cast<Legality>(
            columns[static_cast<std::size_t>(option) - static_cast<std::size_t>(Option::tun_type)]);
      },
      name(type), "tunnel type");
}

Objection check_list(const OptionSet& given) {
  const bool special = any(given, {Option::connection, Option::timeout, Option::daemon});
  const bool columns = any(given, {Option::stats, Option::rate, Option::thresholds});
  const bool settings = any(given, {Option::timeout, Option::daemon});
  if ((special && columns) || (settings && given.has(Option::persistent_conn)))
    return "options conflicts in the list command";
  return {};
}

}  // namespace

Objection check(const Draft& draft) {
  if (auto objection = check_verb(draft)) return objection;
  switch (draft.verb) {
    case Verb::add_service:
    case Verb::edit_service:
      return check_service(draft);
    case Verb::add_server:
    case Verb::edit_server:
      return check_server(draft);
    case Verb::list:
      return check_list(draft.given);
    default:
      return {};
  }
}

}  // namespace ipvsadm
