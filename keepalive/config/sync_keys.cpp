#include "config/sync_keys.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <bit>

#include "config/named_files.hpp"
#include "config/setters.hpp"

namespace keepalive::config {
namespace {

using namespace setters;

constexpr std::uint64_t any31 = 0x7fffffff;
constexpr std::string_view both = "both";

constexpr auto transports = std::to_array<setters::Word<Sync::Transport>>(
    {{"multicast", Sync::Transport::multicast}, {"relay", Sync::Transport::relay}});

/// What the kernel calls the keys that are its settings.
constexpr std::array<std::pair<std::string_view, std::string_view>, 9> sysctl_names{{
    {"threshold", "sync_threshold"},
    {"refresh", "sync_refresh_period"},
    {"retries", "sync_retries"},
    {"ports", "sync_ports"},
    {"queue", "sync_qlen_max"},
    {"socket_size", "sync_sock_size"},
    {"version", "sync_version"},
    {"persist_mode", "sync_persist_mode"},
    {"backup_only", "backup_only"},
}};

Sync& sync(Sink& sink) { return *sink.draft.config.sync; }

void declare(Sink& sink, const Key& key, std::string value) {
  const auto* const found =
      std::find_if(sysctl_names.begin(), sysctl_names.end(), [&](const auto& one) { return one.first == key.name; });
  sink.draft.config.sysctls[std::string{found->second}] = std::move(value);
}

Fault set_number(Sink& sink, const Key& key, std::string_view value) {
  const auto number = read_number(value, key.low, key.high);
  if (!number) return fmt::format("wants a number from {} to {}", key.low, key.high);
  declare(sink, key, std::to_string(*number));
  return {};
}

/// "3 50", as the kernel tells it: with a tab between.
Fault set_threshold(Sink& sink, const Key& key, std::string_view value) {
  const auto words = read_words(value);
  const auto number = [&](std::size_t i) { return read_number((*words)[i], 0, any31); };
  if (!words || words->size() != 2 || !number(0) || !number(1)) return "wants two numbers, PACKETS PERIOD: 3 50";
  if (*number(1) != 0 && *number(0) >= *number(1))
    return fmt::format("the first must be less than the second: packet {} of every {}", *number(0), *number(1));
  declare(sink, key, fmt::format("{}\t{}", *number(0), *number(1)));
  return {};
}

Fault set_refresh(Sink& sink, const Key& key, std::string_view value) {
  const auto time = read_time(value);
  if (!time || *time > Milliseconds{key.high})
    return fmt::format("wants a time such as 10s, up to {}{}", print_time(Milliseconds{key.high}), unit_hint(value));
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(*time);
  if (seconds != *time) return "wants whole seconds";
  declare(sink, key, std::to_string(seconds.count()));
  return {};
}

Fault set_ports(Sink& sink, const Key& key, std::string_view value) {
  const auto number = read_number(value, key.low, key.high);
  if (!number || !std::has_single_bit(*number))
    return fmt::format("wants a power of two up to {}: 1, 2, 4, 8, 16, 32 or 64", key.high);
  declare(sink, key, std::to_string(*number));
  return {};
}

Fault set_sync_interface(Sink& sink, const Key&, std::string_view value) {
  if (const std::string_view fault = interface_fault(value); !fault.empty()) return std::string{fault};
  sync(sink).daemons.interface = value;
  return {};
}

Fault set_id(Sink& sink, const Key&, std::string_view value) {
  const auto number = read_number(value, 0, 255);
  if (number == 0U) return "wants a number from 1 to 255: with 0 a backup takes what anybody sends";
  if (!number) return "wants a number from 1 to 255";
  sync(sink).daemons.id = {static_cast<std::uint8_t>(*number)};
  return {};
}

Fault set_follow(Sink& sink, const Key&, std::string_view value) {
  Sync& one = sync(sink);
  one.daemons.both = value == both;
  if (!one.daemons.both && !base::ini::is_name(value)) return "wants the name of a [vrrp NAME], or `both'";
  if (!one.daemons.both) one.follow = value;
  return {};
}

Fault set_max_length(Sink& sink, const Key& key, std::string_view value) {
  const auto number = read_number(value, 0, key.high);
  if (!number || (*number != 0 && *number < key.low))
    return fmt::format("wants 0 or a number from {} to {}: a backup takes at least {}", key.low, key.high, key.low);
  sync(sink).daemons.max_length = static_cast<std::uint16_t>(*number);
  return {};
}

Fault set_group(Sink& sink, const Key&, std::string_view value) {
  const auto address = ipvs::Address::parse(value);
  if (!address || !address->is_multicast()) return "wants a multicast address such as 224.0.0.81 or ff02::81";
  sync(sink).daemons.group = *address;
  return {};
}

Fault set_port(Sink& sink, const Key& key, std::string_view value) {
  const auto number = read_number(value, key.low, key.high);
  if (!number) return fmt::format("wants a port from {} to {}", key.low, key.high);
  sync(sink).daemons.port = ipvs::Port{static_cast<std::uint16_t>(*number)};
  return {};
}

/// The kernel's default is the same as none.
Fault set_ttl(Sink& sink, const Key& key, std::string_view value) {
  const auto number = read_number(value, key.low, key.high);
  if (!number) return fmt::format("wants a number from {} to {}", key.low, key.high);
  sync(sink).daemons.ttl = static_cast<std::uint8_t>(number == 1U ? 0 : *number);
  return {};
}

/// A host's address, the agents' port unless it has one.
std::optional<ipvs::Endpoint> read_agent(std::string_view value) {
  auto place = read_place(value);
  if (!place || place->address.is_multicast() || place->address == ipvs::Address::any(place->address.family()))
    return std::nullopt;
  if (place->port.value == 0) place->port = agent_port;
  return place;
}

Fault add_peer(Sink& sink, const Key&, std::string_view value) {
  const auto place = read_agent(value);
  if (!place) return "wants the other director's ADDRESS or ADDRESS:PORT, such as 10.1.0.2:8849";
  auto& peers = sync(sink).peers;
  if (std::find(peers.begin(), peers.end(), *place) != peers.end())
    return fmt::format("{} stands here twice", to_string(*place));
  peers.push_back(*place);
  return {};
}

Fault set_sync_listen(Sink& sink, const Key&, std::string_view value) {
  const auto place = read_agent(value);
  if (!place) return "wants this director's ADDRESS or ADDRESS:PORT, such as 10.1.0.1:8849";
  sync(sink).listen = *place;
  return {};
}

Fault add_key(Sink& sink, const Key&, std::string_view value) {
  const auto path = named_path(value);
  if (!path) return "wants file:/PATH";
  auto read = read_secret(sink.files, *path);
  if (!read) return read.error();
  auto secret = ipvs::sync::secret_of(std::move(*read));
  if (!secret) return secret.error();
  sync(sink).keys.push_back(std::move(*secret));
  return {};
}

// section, name, codec, kind, default, help, types of check, low, high, repeats
constexpr Key sync_rows[] = {
    {"sync", "interface", {&set_sync_interface}, "interface", "", "where the kernel's daemons send and hear"},
    {"sync", "id", {&set_id}, "number", "", "tells these directors from others on the network", "", 1, 255},
    {"sync",
     "follow",
     {&set_follow},
     "name or both",
     "",
     "a [vrrp NAME]: the master daemon runs while it is master, the backup daemon otherwise; both: both always"},
    {"sync",
     "threshold",
     {&set_threshold},
     "two numbers",
     "as the kernel has it",
     "PACKETS PERIOD: a connection is sent at packet PACKETS of every PERIOD (net.ipv4.vs.sync_threshold)"},
    {"sync", "refresh", {&set_refresh}, "time", "as the kernel has it", "net.ipv4.vs.sync_refresh_period", "", 0, day},
    {"sync", "retries", {&set_number}, "number", "as the kernel has it", "net.ipv4.vs.sync_retries", "", 0, 3},
    {"sync",
     "ports",
     {&set_ports},
     "number",
     "as the kernel has it",
     "threads of each daemon, at ports in a row (net.ipv4.vs.sync_ports)",
     "",
     1,
     64},
    {"sync", "queue", {&set_number}, "number", "as the kernel has it", "net.ipv4.vs.sync_qlen_max", "", 1, any31},
    {"sync",
     "socket_size",
     {&set_number},
     "number",
     "as the kernel has it",
     "net.ipv4.vs.sync_sock_size",
     "",
     0,
     any31},
    {"sync", "version", {&set_number}, "number", "as the kernel has it", "net.ipv4.vs.sync_version", "", 0, 1},
    {"sync",
     "persist_mode",
     {&set_number},
     "number",
     "as the kernel has it",
     "net.ipv4.vs.sync_persist_mode",
     "",
     0,
     1},
    {"sync", "backup_only", {&set_number}, "number", "as the kernel has it", "net.ipv4.vs.backup_only", "", 0, 1},
    {"sync",
     "max_length",
     {&set_max_length},
     "number",
     "0",
     "bytes of a datagram's payload; 0: as the kernel has it",
     "",
     ipvs::sync::shortest_of_backup,
     65507},
    {"sync", "group", {&set_group}, "address", "224.0.0.81", "the daemons' multicast group"},
    {"sync", "port", {&set_port}, "port", "8848", "the first one of the daemons", "", 1, 65535},
    {"sync", "ttl", {&set_ttl}, "number", "1", "how many routers their multicast may pass, and one more", "", 1, 255},
    {"sync", "transport", word<&Sync::transport, transports>(), "multicast or relay", "multicast",
     "how messages come to the other director: from kernel to kernel, or through the agents"},
    {"sync", "peer", {&add_peer}, "ADDRESS[:PORT]", "", "the agent of another director", "", 0, 0, true},
    {"sync", "listen", {&set_sync_listen}, "ADDRESS[:PORT]", "", "where this director's agent listens"},
    {"sync",
     "key",
     {&add_key},
     "file:PATH",
     "",
     "at least 32 bytes, the same at the other director; the first is used, all are taken",
     "",
     0,
     0,
     true},
    {"sync", "certificate", file<&Sync::certificate, false, Pem::certificate>(), "file:PATH", "",
     "of this director's agent, instead of a key"},
    {"sync", "certificate_key", file<&Sync::certificate_key, true, Pem::key>(), "file:PATH", "",
     "its private key; only its owner may read the file"},
    {"sync", "ca", file<&Sync::ca, false, Pem::certificate>(), "file:PATH", "", "who signs the agents' certificates"},
    {"sync", "share", number<&Sync::share>(), "number", "99",
     "percent of connections that must agree for failback = when-synced", "", 1, 100},
    {"sync", "resync", flag<&Sync::resync>(), "yes or no", "yes",
     "whether a director that joins is given this one's connections"},
    {"sync", "resync_rate", number<&Sync::resync_rate>(), "number", "50000", "connections that it is given a second",
     "", 100, 10'000'000},
};

}  // namespace

std::span<const Key> sync_keys() { return sync_rows; }

}  // namespace keepalive::config
