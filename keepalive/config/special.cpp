#include "config/special.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "config/hints.hpp"
#include "config/regex.hpp"
#include "config/setters.hpp"
#include "config/values.hpp"
#include "config/words.hpp"

namespace keepalive::config {

using setters::wanted;

Fault include_fault(std::string_view value) {
  if (value.empty()) return "wants a path or a pattern";
  return value.find(", ") == std::string_view::npos ? "" : "takes one path or pattern: write the key again for more";
}
Fault set_include(Sink&, const Key&, std::string_view value) {
  return include_fault(value);  // followed while files are read
}

Fault set_recipients(Sink& sink, const Key&, std::string_view value) {
  for (const std::string_view one : split(value)) {
    if (one.find('@') == std::string_view::npos)
      sink.complain(value, one, "wants mail addresses, with commas between them");
    else
      sink.draft.config.global.mail.to.emplace_back(one);
  }
  return {};
}

Fault read_marks(std::string_view value, MarkRange& range) {
  const std::size_t dash = value.find('-');
  const auto first = read_number(value.substr(0, dash), 1, 0xffffffff);
  const auto last = dash == std::string_view::npos ? std::nullopt : read_number(value.substr(dash + 1), 1, 0xffffffff);
  if (!first || !last || *first > *last) return "wants FIRST-LAST, such as 65536-131071";
  range = {static_cast<std::uint32_t>(*first), static_cast<std::uint32_t>(*last)};
  return {};
}
Fault set_marks(Sink& sink, const Key&, std::string_view value) {
  return read_marks(value, sink.draft.config.global.marks);
}
Fault set_path_marks(Sink& sink, const Key&, std::string_view value) {
  return read_marks(value, sink.draft.config.global.path_marks);
}

Fault set_sysctl(Sink& sink, const Key& key, std::string_view value) {
  if (!read_number(value, key.low, key.high)) return fmt::format("wants a number from {} to {}", key.low, key.high);
  sink.draft.config.sysctls[std::string{key.name}] = value;
  return {};
}

Fault set_listen(Sink& sink, const Key&, std::string_view value) {
  const auto place = read_place(value);
  if (!place || place->port.value == 0) return "wants ADDRESS:PORT";
  sink.draft.config.global.metrics = value;
  return {};
}

Fault set_mark(Sink& sink, const Key& key, std::string_view value) {
  const auto mark = read_number(value, key.low, key.high);
  if (!mark) return fmt::format("wants a number from {} to {}", key.low, key.high);
  sink.check->mark.value = static_cast<std::uint32_t>(*mark);
  return {};
}
std::vector<std::string> print_mark(const Check& check) {
  if (check.mark.value == 0) return {};
  return {std::to_string(check.mark.value)};
}

Fault set_method(Sink& sink, const Key&, std::string_view value) {
  if (value.empty() || value.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ") != std::string_view::npos)
    return "wants a method such as GET or HEAD";
  sink.check->method = value;
  return {};
}

Fault set_interface(Sink& sink, const Key&, std::string_view value) {
  if (const std::string_view fault = interface_fault(value); !fault.empty()) return std::string{fault};
  sink.check->interface = value;
  return {};
}

Fault set_url(Sink& sink, const Key&, std::string_view value) {
  if (!value.starts_with('/')) return "wants a path such as /healthz; the server's address is known";
  if (value.find_first_of(" \t") != std::string_view::npos) return "has a blank: write %20";
  sink.check->urls.emplace_back(value);
  return {};
}
std::vector<std::string> print_urls(const Check& check) { return check.urls; }

Fault set_status(Sink& sink, const Key&, std::string_view value) {
  sink.check->status.clear();
  for (const std::string_view part : split(value)) {
    const auto range = read_status(part);
    if (!range)
      sink.complain(value, part, "wants HTTP status codes and ranges: 200-299, 301");
    else
      sink.check->status.push_back(*range);
  }
  return {};
}
std::vector<std::string> print_statuses(const Check& check) {
  if (check.status == Check{}.status) return {};
  std::string list;
  for (const StatusRange& range : check.status) list += (list.empty() ? "" : ", ") + print_status(range);
  return {list};
}

Fault set_expect(Sink& sink, const Key& key, std::string_view value) {
  if (Fault fault = setters::bytes<&Check::expect>().set(sink, key, value); !fault.empty()) return fault;
  return sink.check->type == CheckType::dns ? Fault{} : regex_fault(sink.check->expect);
}
Fault set_body(Sink& sink, const Key& key, std::string_view value) {
  if (Fault fault = setters::text<&Check::body>().set(sink, key, value); !fault.empty()) return fault;
  return regex_fault(value);
}
Fault set_body_not(Sink& sink, const Key& key, std::string_view value) {
  if (Fault fault = setters::text<&Check::body_not>().set(sink, key, value); !fault.empty()) return fault;
  return regex_fault(value);
}

Fault set_digest(Sink& sink, const Key&, std::string_view value) {
  const bool hex = value.find_first_not_of("0123456789abcdef") == std::string_view::npos;
  if (!hex || (value.size() != 32 && value.size() != 64)) return "wants 32 (MD5) or 64 (SHA-256) digits of 0-9, a-f";
  sink.check->digest = value;
  return {};
}
std::vector<std::string> print_digest(const Check& check) {
  if (check.digest.empty()) return {};
  return {check.digest};
}

Fault set_user(Sink& sink, const Key&, std::string_view value) {
  if (value.empty()) return "wants a user";
  sink.check->command.user = value;
  return {};
}

Fault set_checks(Sink& sink, const Key&, std::string_view value) {
  for (const std::string_view one : split(value)) {
    const auto same = [&](const Reference& other) { return other.name == one; };
    if (one.empty())
      sink.complain(value, one, "wants a name");
    else if (std::any_of(sink.pool->checks.begin(), sink.pool->checks.end(), same))
      sink.complain(value, one, fmt::format("`{}' stands here twice", one));
    else
      sink.pool->checks.push_back({std::string{one}, sink.spot(value, one)});
  }
  return {};
}

Fault set_require(Sink& sink, const Key&, std::string_view value) {
  std::uint32_t& needed = sink.pool->pool.require.needed;
  if (value == "all") return needed = 0, Fault{};
  if (value == "any") return needed = 1, Fault{};
  const auto number = value.ends_with(" of") ? read_number(value.substr(0, value.size() - 3), 1, 1000) : std::nullopt;
  if (!number) return "wants `all', `any' or `N of'";
  needed = static_cast<std::uint32_t>(*number);
  return {};
}

Fault add_server(Sink& sink, const Key&, std::string_view) {
  if (auto server = read_server(sink.entry, *sink.parts)) sink.pool->servers.push_back(std::move(*server));
  return {};
}
Fault set_sorry(Sink& sink, const Key&, std::string_view) {
  sink.pool->sorry_server = read_sorry_server(sink.entry, *sink.parts);
  return {};
}

/// Why an item of `address` is none.
Fault address_fault(std::string_view item) {
  constexpr std::string_view examples = "10.0.0.100:80, [fd00::100]:80 or 10.0.0.100-109:80";
  if (item.empty()) return "wants an address";
  if (const std::string readings = in_brackets(item); !readings.empty())
    return fmt::format("`{}': an IPv6 address stands in brackets: {}", item, readings);
  if (item.find_first_of("-/") == std::string_view::npos)
    return fmt::format("`{}' is no address such as {}{}", item, examples, place_hint(item));
  return fmt::format(
      "`{}' is no range: the last part of an address and the port count up, 10.0.0.100-109:80, [fd00::1-ff]:80, "
      "10.0.0.100:6970-6999, to {} at most",
      item, grouped(most_endpoints));
}

/// The protocol before an address; nothing: none is there.
Fault take_protocol(std::string_view& item, std::optional<ipvs::Protocol>& protocol) {
  const std::size_t gap = item.find_first_of(" \t");
  if (gap == std::string_view::npos) return {};
  const std::string_view word = item.substr(0, gap);
  for (const auto& row : protocols)
    if (row.word == word) protocol = row.value;
  if (!protocol)
    return read_range(word) ? Fault{"has a blank: addresses have commas between them"}
                            : fmt::format("`{}' before an address: {}", word, wanted(protocols, word));
  item.remove_prefix(item.find_first_not_of(" \t", gap));
  return {};
}

Fault set_address(Sink& sink, const Key&, std::string_view value) {
  for (const std::string_view one : split(value)) {
    std::string_view item = one;
    std::optional<ipvs::Protocol> protocol;
    if (Fault fault = take_protocol(item, protocol); !fault.empty()) {
      sink.complain(value, one, std::move(fault));
      continue;
    }
    const auto list = in_brackets(item).empty() ? read_range(item) : std::nullopt;
    const std::string_view unfit = list ? unfit_service(list->front().address) : std::string_view{};
    if (!list)
      sink.complain(value, item, address_fault(item));
    else if (!unfit.empty())
      sink.complain(value, item, fmt::format("{} {}", to_string(list->front().address), unfit));
    else
      for (const ipvs::Endpoint& endpoint : *list)
        sink.service->addresses.push_back({{protocol.value_or(ipvs::Protocol{0}), endpoint}, sink.spot(value, one)});
  }
  return {};
}

Fault set_pool(Sink& sink, const Key&, std::string_view value) {
  if (value.empty()) return "wants a name";
  sink.service->pool = {std::string{value}, {&sink.entry}};
  return {};
}

Fault set_flags(Sink& sink, const Key&, std::string_view value) {
  for (const std::string_view one : split(value)) {
    const auto* const row =
        std::find_if(flag_words.begin(), flag_words.end(), [&](const auto& word) { return word.word == one; });
    if (row == flag_words.end()) {
      sink.complain(value, one, wanted(flag_words, one));
      continue;
    }
    if (!one.starts_with("flag")) sink.service->flags_of.insert(row->word.substr(0, row->word.find('-')));
    sink.service->service.properties.flags.set(row->value);
  }
  return {};
}

Fault set_one_packet(Sink& sink, const Key&, std::string_view value) {
  if (value != "yes" && value != "no") return "wants `yes' or `no'";
  if (value == "yes") sink.service->service.properties.flags.set(ipvs::ServiceFlag::one_packet);
  return {};
}

Fault set_netmask(Sink& sink, const Key&, std::string_view value) {
  const auto prefix = read_number(value, 1, 128);
  const auto mask = ipvs::Address::parse(value);
  if (!prefix && !(mask && mask->family() == ipvs::Family::ipv4))
    return "wants a mask such as 255.255.255.0 or a prefix such as 64";
  std::uint32_t bits = 0;
  if (mask)
    for (const std::uint8_t byte : mask->bytes()) bits = bits << 8U | byte;
  sink.service->mask_is_prefix = !mask;
  sink.service->service.properties.netmask = ipvs::Netmask{mask ? bits : static_cast<std::uint32_t>(*prefix)};
  return {};
}

Fault set_tunnel_port(Sink& sink, const Key&, std::string_view value) {
  const auto port = read_number(value, 1, 65535);
  if (!port) return "wants a port from 1 to 65535";
  sink.service->service.tunnel.port.value = static_cast<std::uint16_t>(*port);
  return {};
}

Fault set_checksum(std::string_view value, ipvs::Tunnel& tunnel) {
  for (const auto& row : checksums) {
    if (row.word != value) continue;
    tunnel.flags = {};
    if (row.value != 0) tunnel.flags.set(static_cast<ipvs::TunnelFlag>(row.value));
    return {};
  }
  return wanted(checksums, value);
}
Fault set_tunnel_checksum(Sink& sink, const Key&, std::string_view value) {
  return set_checksum(value, sink.service->service.tunnel);
}

/// "always", or "master of NAME".
Fault read_when(std::string_view value, std::string& master_of) {
  constexpr std::string_view prefix = "master of ";
  if (value == "always") return {};
  if (!value.starts_with(prefix) || !is_name(value.substr(prefix.size())))
    return "wants `always' or `master of NAME', the name of a [vrrp NAME]";
  master_of = value.substr(prefix.size());
  return {};
}
Fault set_when(Sink& sink, const Key&, std::string_view value) {
  return read_when(value, sink.service->service.master_of);
}
Fault set_check_when(Sink& sink, const Key&, std::string_view value) {
  return read_when(value, sink.pool->pool.master_of);
}

Fault set_persistence(Sink& sink, const Key& key, std::string_view value) {
  const auto time = read_time(value);
  if (!time || time->count() % 1000 != 0 || *time < Milliseconds{key.low} || *time > Milliseconds{key.high})
    return "wants whole seconds such as 5m or 360s, up to 31d" + unit_hint(value);
  sink.service->service.properties.persistence = std::chrono::duration_cast<ipvs::Seconds>(*time);
  return {};
}

}  // namespace keepalive::config
