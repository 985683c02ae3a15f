#include "draft.hpp"

#include <fmt/format.h>

#include <array>
#include <limits>
#include <utility>

#include "values.hpp"
#include "words.hpp"

namespace ipvsadm {
namespace {

using ipvs::ServiceFlag;

constexpr std::int64_t longest_timeout = 31 * 24 * 3600;  // seconds, the kernel's limit
constexpr std::size_t longest_scheduler = 15;             // bytes; ipvsadm cuts longer names silently
constexpr std::size_t longest_engine = 15;
constexpr std::size_t longest_interface = 15;
constexpr std::size_t longest_flags = 127;

Objection invalid_timeout(std::string_view text) { return fmt::format("invalid timeout value `{}' specified", text); }

std::optional<ipvs::Seconds> read_timeout(std::string_view text, std::int64_t least) {
  const auto number = read_number(text, least, longest_timeout);
  if (!number) return std::nullopt;
  return ipvs::Seconds{static_cast<std::uint32_t>(*number)};
}

/// Stores a number within limits in a member, or objects.
template <class Number>
Objection store(Number& member, std::string_view text, std::int64_t least, std::int64_t most,
                std::string_view objection) {
  const auto number = read_number(text, least, most);
  if (!number) return std::string{objection};
  member = static_cast<Number>(*number);
  return {};
}

Objection take_service(Draft& draft, ipvs::Protocol protocol, std::string_view text) {
  draft.protocol = protocol;
  const auto place = read_host_port(text, protocol);
  if (!place) return "illegal virtual server address[:port] specified";
  draft.service = {.address = place->address, .port = place->port.value_or(ipvs::Port{})};
  draft.family = place->address.family();
  if (draft.family == ipvs::Family::ipv6) draft.netmask.reset();  // a mask read before was an IPv4 one
  return {};
}

Objection take_mark(Draft& draft, std::string_view text) {
  draft.protocol = ipvs::Protocol::tcp;
  draft.family = ipvs::Family::ipv4;
  const auto mark = read_number(text, 1, std::numeric_limits<std::uint32_t>::max());
  if (!mark) return fmt::format("invalid fwmark value `{}' specified", text);
  draft.mark = ipvs::Fwmark{static_cast<std::uint32_t>(*mark)};
  return {};
}

Objection take_ipv6(Draft& draft) {
  if (draft.mark.value == 0) return "-6 used before -f";
  draft.family = ipvs::Family::ipv6;
  draft.netmask.reset();
  return {};
}

Objection take_netmask(Draft& draft, std::string_view text) {
  if (draft.family == ipvs::Family::ipv6) {
    const std::int64_t length = leading_number(text);
    if (length < 1 || length > 128) return "illegal ipv6 netmask specified";
    draft.netmask = ipvs::Netmask{static_cast<std::uint32_t>(length)};
    return {};
  }
  const auto mask = read_ipv4_mask(text);
  if (!mask) return "illegal virtual server persistent mask specified";
  draft.netmask = ipvs::Netmask{*mask};
  return {};
}

Objection take_flag(Draft& draft, std::string_view word) {
  const FlagWord* const row = find_flag_word(word);
  if (row == nullptr) return fmt::format("invalid scheduler flag `{}'", word);
  if (!row->scheduler.empty() && row->scheduler != draft.scheduler)
    return fmt::format("incompatible scheduler flag `{}'", word);
  draft.flags.set(row->flag);
  return {};
}

/// The words of -b, once the scheduler is known.
Objection take_flags(Draft& draft) {
  std::string_view rest = draft.flag_words;
  if (!rest.empty() && rest.find_first_not_of(',') == std::string_view::npos)
    return fmt::format("invalid scheduler flag `{}'", rest);
  while (!rest.empty()) {
    const std::size_t comma = rest.find(',');
    const std::string_view word = rest.substr(0, comma);
    if (!word.empty())
      if (auto objection = take_flag(draft, word)) return objection;
    if (comma == std::string_view::npos) break;
    rest.remove_prefix(comma + 1);
  }
  return {};
}

Objection take_server(Draft& draft, std::string_view text) {
  const auto place = read_host_port(text, draft.protocol);
  if (!place) return "illegal real server address[:port] specified";
  draft.destination.endpoint = {.address = place->address, .port = place->port.value_or(draft.service.port)};
  return {};
}

Objection take_tunnel_type(Draft& draft, std::string_view text) {
  const auto type = read_tunnel_type(text);
  if (!type) return "illegal tunnel type specified";
  draft.destination.tunnel.type = *type;
  return {};
}

Objection take_group(Draft& draft, std::string_view text) {
  const bool ipv6 = text.find(':') != std::string_view::npos;
  const auto group = ipvs::Address::parse(text);
  if (!group || !group->is_multicast() || (group->family() == ipvs::Family::ipv6) != ipv6)
    return fmt::format("invalid {} mcast-group `{}'", ipv6 ? "IPv6" : "IPv4", text);
  draft.daemon.group = group;
  return {};
}

Objection take_persistence(Draft& draft, std::string_view text, bool given) {
  draft.persistence = given ? read_timeout(text, 1) : ipvs::Seconds{360};
  if (!draft.persistence) return invalid_timeout(text);
  return {};
}

/// Options that their column alone describes.
Objection take_option(Draft& draft, Option option, std::string_view text) {
  constexpr std::int64_t most_threshold = std::numeric_limits<std::int32_t>::max();
  ipvs::Destination& server = draft.destination;
  ipvs::Daemon& daemon = draft.daemon;
  switch (option) {
    case Option::scheduler:
      draft.scheduler = text.substr(0, longest_scheduler);
      return {};
    case Option::persistent:
      return take_persistence(draft, text, text.data() != nullptr);
    case Option::netmask:
      return take_netmask(draft, text);
    case Option::pe:
      draft.engine = text.substr(0, longest_engine);
      return {};
    case Option::ops:
      draft.flags.set(ServiceFlag::one_packet);
      return {};
    case Option::sched_flags:
      draft.flag_words = text.substr(0, longest_flags);
      return {};
    case Option::real_server:
      return take_server(draft, text);
    case Option::weight:
      return store(server.weight, text, 0, std::numeric_limits<std::int32_t>::max(), "illegal weight specified");
    case Option::u_threshold:
      return store(server.thresholds.upper, text, 0, most_threshold, "illegal u_threshold specified");
    case Option::l_threshold:
      return store(server.thresholds.lower, text, 0, most_threshold, "illegal l_threshold specified");
    case Option::tun_type:
      return take_tunnel_type(draft, text);
    case Option::tun_port:
      return store(server.tunnel.port.value, text, 1, 65535, "illegal tunnel port specified");
    case Option::tun_csum:
      server.tunnel.flags.set(ipvs::TunnelFlag::csum);
      return {};
    case Option::tun_remcsum:
      server.tunnel.flags.set(ipvs::TunnelFlag::remcsum);
      return {};
    case Option::mcast_interface:
      daemon.interface = text.substr(0, longest_interface);
      return {};
    case Option::mcast_group:
      return take_group(draft, text);
    case Option::syncid:
      return store(daemon.sync_id.value, text, 0, 255, "illegal syncid specified");
    case Option::sync_maxlen:
      return store(daemon.max_length, text, 1, 65507, "illegal sync-maxlen specified");
    case Option::mcast_port:
      return store(daemon.port.value, text, 1, 65535, "illegal mcast-port specified");
    case Option::mcast_ttl:
      return store(daemon.ttl, text, 1, 255, "illegal mcast-ttl specified");
    default:
      return {};  // says all by being given
  }
}

}  // namespace

Objection take(Draft& draft, const Switch& option, std::string_view argument) {
  if (option.option != Option::uncounted) {
    if (draft.given.has(option.option)) return fmt::format("multiple '{}' options specified", name(option.option));
    draft.given.add(option.option);
  }
  switch (option.token) {
    case Token::tcp_service:
      return take_service(draft, ipvs::Protocol::tcp, argument);
    case Token::udp_service:
      return take_service(draft, ipvs::Protocol::udp, argument);
    case Token::sctp_service:
      return take_service(draft, ipvs::Protocol::sctp, argument);
    case Token::fwmark_service:
      return take_mark(draft, argument);
    case Token::ipv6:
      return take_ipv6(draft);
    case Token::masquerading:
      draft.destination.forwarding = ipvs::Forwarding::masquerade;
      return {};
    case Token::ipip:
      draft.destination.forwarding = ipvs::Forwarding::tunnel;
      return {};
    case Token::option:
      return take_option(draft, option.option, argument);
    default:
      return {};
  }
}

Objection finish(Draft& draft, const std::vector<std::string_view>& arguments) {
  std::size_t taken = 0;
  if (draft.verb == Verb::set) {
    if (arguments.size() < 3) return "--set option requires 3 timeout values";
    for (ipvs::Seconds* member : {&draft.timeouts.tcp, &draft.timeouts.tcp_fin, &draft.timeouts.udp}) {
      const std::string_view text = arguments[taken++];
      const auto timeout = read_timeout(text, 0);
      if (!timeout) return invalid_timeout(text);
      *member = *timeout;
    }
  }
  if (taken < arguments.size()) return fmt::format("unexpected argument {}", arguments[taken]);
  return take_flags(draft);
}

}  // namespace ipvsadm
