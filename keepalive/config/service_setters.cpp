#include "config/service_setters.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/ini.hpp"
#include "config/hints.hpp"
#include "config/setters.hpp"
#include "config/values.hpp"
#include "config/words.hpp"

namespace keepalive::config {
namespace {

using setters::wanted;

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

/// "always", or "master of NAME".
Fault read_when(std::string_view value, std::string& master_of) {
  constexpr std::string_view prefix = "master of ";
  if (value == "always") return {};
  if (!value.starts_with(prefix) || !base::ini::is_name(value.substr(prefix.size())))
    return "wants `always' or `master of NAME', the name of a [vrrp NAME]";
  master_of = value.substr(prefix.size());
  return {};
}

}  // namespace

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
