#include "config/vrrp_keys.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/diagnostics.hpp"
#include "base/text.hpp"
#include "config/hmac.hpp"
#include "config/service_setters.hpp"
#include "config/setters.hpp"
#include "config/vrrp_routes.hpp"
#include "config/words.hpp"

namespace keepalive::config {
namespace {

using namespace setters;
using namespace keepalive::vrrp;

constexpr auto protocol_versions = std::to_array<setters::Word<Version>>({{"3", Version::v3}, {"2", Version::v2}});
constexpr auto checksum_words = std::to_array<setters::Word<Checksum>>(
    {{"mirror", Checksum::mirror}, {"pseudo-header", Checksum::pseudo_header}, {"plain", Checksum::plain}});
constexpr auto hmac_words = std::to_array<setters::Word<Hmac::Mode>>(
    {{"receive", Hmac::Mode::receive}, {"permissive", Hmac::Mode::permissive}, {"enforce", Hmac::Mode::enforce}});
constexpr auto track_words = [] {
  using Kind = Track::Kind;
  std::array<setters::Word<Kind>, 6> list{};
  for (std::size_t i = 0; i < list.size(); ++i) list[i] = {to_string(Kind(i)), Kind(i)};
  return list;
}();

Instance& instance(Sink& sink) { return sink.vrrp->vrrp.router; }

Fault set_interface_name(Sink& sink, const Key&, std::string_view value) {
  if (const std::string_view fault = interface_fault(value); !fault.empty()) return std::string{fault};
  instance(sink).interface = value;
  return {};
}

/// "yes", "no", or the name of the interface that is to be made.
Fault set_virtual_mac(Sink& sink, const Key&, std::string_view value) {
  const bool named = value != "yes" && value != "no";
  if (named && !interface_fault(value).empty())
    return "wants `yes', `no' or a name for its interface: at most 15 letters";
  sink.vrrp->virtual_mac = value == "yes";
  instance(sink).virtual_mac = named ? value : "";
  return {};
}

/// "delayed 30s" and so on.
Fault set_failback(Sink& sink, const Key&, std::string_view value) {
  Failback& failback = instance(sink).failback;
  if (value == "immediate") return failback = {Failback::Kind::immediate, {}}, Fault{};
  if (value == "never") return failback = {Failback::Kind::never, {}}, Fault{};
  if (value == "when-synced") return failback = {Failback::Kind::when_synced, {}}, Fault{};
  for (const auto& [word, kind] : {std::pair{std::string_view{"delayed "}, Failback::Kind::delayed},
                                   std::pair{std::string_view{"when-synced limit "}, Failback::Kind::when_synced}}) {
    const auto time = value.starts_with(word) ? read_time(value.substr(word.size())) : std::nullopt;
    if (time && *time <= Milliseconds{day}) return failback = {kind, *time}, Fault{};
  }
  return "wants `immediate', `never', `delayed TIME' such as delayed 30s, or `when-synced', perhaps with `limit TIME'";
}

/// A word and its value behind it, taken out of the list; nothing: it is not there.
std::optional<std::string> take_option(std::vector<std::string>& words, std::string_view name) {
  const auto found = std::find(words.begin() + 1, words.end(), name);
  if (found == words.end() || found + 1 == words.end()) return std::nullopt;
  std::string value = *(found + 1);
  words.erase(found, found + 2);
  return value;
}
bool take_word(std::vector<std::string>& words, std::string_view name) {
  const auto found = std::find(words.begin() + 1, words.end(), name);
  if (found == words.end()) return false;
  words.erase(found);
  return true;
}

/// Where the kernel holds it, and how.
Fault take_place(std::vector<std::string>& words, VirtualAddress& one) {
  struct Option {
    std::string_view word;
    std::string VirtualAddress::*member;
    std::string_view (*fault)(std::string_view);
  };
  constexpr Option options[] = {{"dev", &VirtualAddress::interface, &interface_fault},
                                {"label", &VirtualAddress::label, &label_fault},
                                {"scope", &VirtualAddress::scope, &scope_fault}};
  for (const Option& option : options) {
    auto value = take_option(words, option.word);
    if (!value) continue;
    if (const std::string_view fault = option.fault(*value); !fault.empty())
      return fmt::format("`{} {}' {}", option.word, *value, fault);
    one.*option.member = std::move(*value);
  }
  return {};
}

/// "peer 10.0.0.1", with a prefix perhaps, and "brd 10.0.0.255".
Fault take_ends(std::vector<std::string>& words, const ipvs::Address& address, std::size_t count, VirtualAddress& one) {
  if (const auto text = take_option(words, "peer")) {
    const auto peer = read_prefix(*text);
    if (!peer || peer->address.family() != address.family()) return fmt::format("`{}' can be no peer of it", *text);
    if (count > 1) return "a range has no peer";
    one.peer = peer->address;
    if (text->find('/') != std::string::npos) one.prefix = peer->length;
  }
  const auto text = take_option(words, "brd");
  if (!text) return {};
  one.broadcast = ipvs::Address::parse(*text);
  if (!one.broadcast || one.broadcast->family() != ipvs::Family::ipv4 || address.family() != ipvs::Family::ipv4)
    return fmt::format("`{}' is no broadcast address of IPv4", *text);
  return {};
}

/// "10.0.0.100/24 dev eth1 label eth1:1": addresses with what they share.
Fault read_virtual(std::string_view item, bool excluded, std::vector<VirtualAddress>& list) {
  constexpr std::uint64_t ipv4_bits = 32;
  constexpr std::uint64_t ipv6_bits = 128;
  auto words = read_words(item);
  if (!words || words->empty()) return "wants an address such as 10.0.0.100/24";
  const std::string_view text = words->front();
  const std::size_t slash = text.find('/');
  const auto range = read_range(text.substr(0, slash));
  if (!range || range->front().port.value != 0)
    return fmt::format("`{}' is no address such as 10.0.0.100/24 or fd00::100/64", text);
  const std::uint64_t bits = range->front().address.family() == ipvs::Family::ipv4 ? ipv4_bits : ipv6_bits;
  const auto prefix =
      slash == std::string_view::npos ? std::optional{bits} : read_number(text.substr(slash + 1), 1, bits);
  if (!prefix) return fmt::format("`{}': a prefix is a number from 1 to {}", text, bits);
  VirtualAddress one{.prefix = static_cast<std::uint8_t>(*prefix), .excluded = excluded};
  if (Fault fault = take_place(*words, one); !fault.empty()) return fault;
  one.preferred = !take_word(*words, "deprecated");
  one.prefix_route = !take_word(*words, "noprefixroute");
  if (Fault fault = take_ends(*words, range->front().address, range->size(), one); !fault.empty()) return fault;
  if (words->size() > 1)
    return fmt::format(
        "`{}' is no option of an address: dev NAME, peer ADDRESS, brd ADDRESS, label TEXT, scope WORD, deprecated, "
        "noprefixroute",
        (*words)[1]);
  for (const ipvs::Endpoint& each : *range) {
    one.address = each.address;
    list.push_back(one);
  }
  return {};
}

template <bool excluded>
Fault add_addresses(Sink& sink, const Key&, std::string_view value) {
  for (const std::string_view one : split(value))
    if (Fault fault = read_virtual(one, excluded, instance(sink).addresses); !fault.empty())
      sink.complain(value, one, std::move(fault));
  return {};
}

std::optional<std::int32_t> read_weight(std::string_view text) {
  constexpr std::int32_t most = 254;
  const auto number = base::read_number<std::int32_t>(text);
  return number && *number >= -most && *number <= most ? number : std::nullopt;
}

/// "interface eth1 weight -50".
Fault read_track(std::string_view item, Track& track) {
  auto words = read_words(item);
  if (!words || words->size() < 2) return "wants a thing to watch, such as interface eth1 or service web weight -50";
  const auto* const kind = std::find_if(track_words.begin(), track_words.end(),
                                        [&](const auto& word) { return word.word == words->front(); });
  if (kind == track_words.end()) return wanted(track_words, words->front());
  track.kind = kind->value;
  track.name = (*words)[1];
  if (track.kind == Track::Kind::route && !read_prefix(track.name)) return "wants a prefix after route: 0.0.0.0/0";
  if (words->size() == 2) return {};
  const auto weight = words->size() == 4 && (*words)[2] == "weight" ? read_weight((*words)[3]) : std::nullopt;
  if (!weight || *weight == 0) return "after its name wants `weight NUMBER', from -254 to 254 but not 0, or nothing";
  track.weight = *weight;
  return {};
}

Fault add_tracks(Sink& sink, const Key&, std::string_view value) {
  for (const std::string_view one : split(value)) {
    Track track;
    if (Fault fault = read_track(one, track); !fault.empty()) {
      sink.complain(value, one, std::move(fault));
      continue;
    }
    instance(sink).track.push_back(track);
    sink.vrrp->tracks.push_back(sink.spot(value, one));
  }
  return {};
}

/// "10.0.0.2" or "10.0.0.2 ttl 254-255".
Fault read_peer(std::string_view item, Peer& peer) {
  auto words = read_words(item);
  const auto address = words && !words->empty() ? ipvs::Address::parse(words->front()) : std::nullopt;
  if (!address || address->is_multicast()) return "wants a router's address such as 10.0.0.2";
  peer.address = *address;
  if (words->size() == 1) return {};
  const std::string_view range = words->size() == 3 && (*words)[1] == "ttl" ? std::string_view{(*words)[2]} : "";
  const std::size_t dash = range.find('-');
  const auto least = read_number(range.substr(0, dash), 0, 255);
  const auto most = dash == std::string_view::npos ? least : read_number(range.substr(dash + 1), 0, 255);
  if (!least || !most || *least > *most) return "after its address wants `ttl NUMBER' or `ttl LEAST-MOST', or nothing";
  peer.least_ttl = static_cast<std::uint8_t>(*least);
  peer.most_ttl = static_cast<std::uint8_t>(*most);
  return {};
}

Fault add_peers(Sink& sink, const Key&, std::string_view value) {
  for (const std::string_view one : split(value)) {
    Peer peer;
    if (Fault fault = read_peer(one, peer); !fault.empty())
      sink.complain(value, one, std::move(fault));
    else
      instance(sink).peers.push_back(peer);
  }
  return {};
}

template <auto list, auto read>
Fault add_each(Sink& sink, const Key&, std::string_view value) {
  for (const std::string_view one : split(value)) {
    typename std::decay_t<decltype(instance(sink).*list)>::value_type next;
    if (Fault fault = read(one, next); !fault.empty())
      sink.complain(value, one, std::move(fault));
    else
      (instance(sink).*list).push_back(std::move(next));
  }
  return {};
}

Fault read_interface(std::string_view item, std::string& name) {
  if (!interface_fault(item).empty()) return "wants interfaces' names: at most 15 letters each";
  name = item;
  return {};
}

Fault set_source(Sink& sink, const Key&, std::string_view value) {
  const auto read = ipvs::Address::parse(value);
  if (!read || read->is_multicast()) return "wants an address such as 10.0.0.1 or fe80::1";
  instance(sink).source = *read;
  return {};
}

Fault set_password(Sink& sink, const Key&, std::string_view value) {
  constexpr std::size_t longest = 8;
  if (value.empty() || value.size() > longest) return "wants 1 to 8 letters";
  instance(sink).password = value;
  return {};
}

// section, name, codec, kind, default, help, types of check, low, high, repeats
constexpr Key vrrp_rows[] = {
    {"global", "realtime", number<&Global::realtime>(), "number", "0",
     "priority in real time of the process that speaks VRRP; counts at its start; 0: none", "", 0, 99},

    {"pool",
     "check_when",
     {&set_check_when},
     "always or master of NAME",
     "always",
     "whether its servers are probed only while this [vrrp] is master"},
    {"virtual_server",
     "when",
     {&set_when},
     "always or master of NAME",
     "always",
     "whether it is in the table only while this [vrrp] is master"},
    {"vrrp", "interface", {&set_interface_name}, "interface", "", "where it speaks, and its addresses live"},
    {"vrrp", "id", number<&Instance::id>(), "number", "", "VRID: the same on all routers of one virtual router", "", 1,
     255},
    {"vrrp", "priority", number<&Instance::priority>(), "number", "100",
     "the highest is master; 255 owns the addresses", "", 1, 255},
    {"vrrp", "version", word<&Instance::version, protocol_versions>(), "3 or 2", "3", "of the protocol"},
    {"vrrp", "family", word<&VrrpDraft::family, families>(), "ipv4 or ipv6", "the first address's",
     "what is spoken; addresses of the other family are held too, but not advertised"},
    {"vrrp", "advertise", time<&Instance::advertise>(), "time", "1s", "from one advertisement to the next", "", 10,
     255'000},
    {"vrrp",
     "addresses",
     {&add_addresses<false>},
     "addresses",
     "",
     "what the master holds: ADDRESS/PREFIX with dev, peer, brd, label, scope, deprecated or noprefixroute; ranges",
     "",
     0,
     0,
     true},
    {"vrrp",
     "excluded",
     {&add_addresses<true>},
     "addresses",
     "",
     "held as well, but not in the packet",
     "",
     0,
     0,
     true},
    {"vrrp",
     "failback",
     {&set_failback},
     "immediate, never, delayed TIME or when-synced",
     "immediate",
     "when the router of the highest priority takes over from a master that is alive"},
    {"vrrp", "start_delay", time<&Instance::start_delay>(), "time", "0", "listens so much longer after its start", "",
     0, hour},
    {"vrrp", "down_after", number<&Instance::down_after>(), "number", "3",
     "advertisements missed until the master counts as down", "", 1, 100},
    {"vrrp",
     "track",
     {&add_tracks},
     "list",
     "",
     "interface, script, service, process, route or file, a name, and weight NUMBER; without a weight it is a fault",
     "",
     0,
     0,
     true},
    {"vrrp", "group", text<&Instance::group>(), "name", "", "instances of one group move as one"},
    {"vrrp",
     "peers",
     {&add_peers},
     "addresses",
     "",
     "the other routers, spoken to one by one; without them: multicast",
     "",
     0,
     0,
     true},
    {"vrrp", "source", {&set_source}, "address", "the interface's", "address that it speaks from"},
    {"vrrp", "ttl", number<&Instance::ttl>(), "number", "255", "of packets to peers", "", 1, 255},
    {"vrrp",
     "password",
     {&set_password},
     "text",
     "",
     "version 2: in clear text in every packet; keeps out accidents only"},
    {"vrrp",
     "hmac_key",
     {&add_hmac_keys},
     "keys",
     "",
     "ID file:/PATH: secrets that prove advertisements; the first one signs",
     "",
     0,
     0,
     true},
    {"vrrp", "hmac", word<&Hmac::mode, hmac_words>(), "receive, permissive or enforce", "",
     "whether advertisements are signed, and heard without; unproven against keepalived 2.4"},
    {"vrrp",
     "hmac_window",
     {&set_hmac_window},
     "time",
     "3 x advertise, at least 5s",
     "by how much the routers' clocks may differ; 0: only the order of advertisements counts",
     "",
     1000,
     300'000},
    {"vrrp", "checksum", word<&Instance::checksum, checksum_words>(), "mirror, pseudo-header or plain", "mirror",
     "version 3 over IPv4: how packets are summed up; mirror: as the other router does"},
    {"vrrp", "announce_repeat", number<&Announcing::repeat>(), "number", "5",
     "how often an address is announced to neighbours, at once and again after announce_delay", "", 1, 100},
    {"vrrp", "announce_delay", time<&Announcing::delay>(), "time", "5s", "0: not again", "", 0, hour},
    {"vrrp", "announce_refresh", time<&Announcing::refresh>(), "time", "0", "announces once in so often; 0: never", "",
     0, day},
    {"vrrp", "announce_gap", time<&Announcing::gap>(), "time", "0", "least time between two on an interface", "", 0,
     1000},
    {"vrrp", "ask_witness", flag<&Instance::ask_witness>(), "yes or no", "no",
     "a backup that hears nobody takes over only where most of the witnesses answer"},
    {"vrrp",
     "announce_on",
     {&add_each<&Instance::announce_on, read_interface>},
     "interfaces",
     "",
     "where the addresses are announced, too",
     "",
     0,
     0,
     true},
    {"vrrp",
     "routes",
     {&add_each<&Instance::routes, read_route>},
     "routes",
     "",
     "what the master has, as ip route takes them: PREFIX via ADDRESS dev NAME table NUMBER",
     "",
     0,
     0,
     true},
    {"vrrp",
     "rules",
     {&add_each<&Instance::rules, read_rule>},
     "rules",
     "",
     "what the master has, as ip rule takes them: from PREFIX table NUMBER priority NUMBER",
     "",
     0,
     0,
     true},
    {"vrrp", "accept", flag<&Instance::accept>(), "yes or no", "yes",
     "whether packets to its addresses are taken that are for no virtual service"},
    {"vrrp", "up_delay", time<&Instance::up_delay>(), "time", "0", "so long its interface works before it counts", "",
     0, hour},
    {"vrrp", "down_delay", time<&Instance::down_delay>(), "time", "0", "so long it is down before that counts", "", 0,
     hour},
    {"vrrp",
     "virtual_mac",
     {&set_virtual_mac},
     "yes, no or an interface",
     "no",
     "whether the MAC of the virtual router moves with its addresses, on an interface of its own"},
    {"vrrp", "on_master", command<&Vrrp::on_master>(), "program", "", "runs when it becomes master"},
    {"vrrp", "on_backup", command<&Vrrp::on_backup>(), "program", "", "runs when it becomes backup"},
    {"vrrp", "on_fault", command<&Vrrp::on_fault>(), "program", "", "runs when it cannot work"},
    {"vrrp", "on_stop", command<&Vrrp::on_stop>(), "program", "", "runs when it is stopped"},
    {"vrrp", "script_attempts", number<&Vrrp::script_attempts>(), "number", "1",
     "how often the program of a state is run until it succeeds, at most; not once the state is another one", "", 1,
     1000},
    {"vrrp", "script_delay", time<&Vrrp::script_delay>(), "time", "5s", "from one that failed to the next attempt", "",
     0, hour},
    {"vrrp", "script_timeout", time<&Vrrp::script_timeout>(), "time", "30s",
     "each of these programs is killed after so long, and has failed", "", 100, hour},
    {"vrrp", "verify", command<&Vrrp::verify>(), "program", "",
     "must succeed after on_master, which has failed otherwise: whether it had its effect"},
    {"vrrp", "verify_interval", time<&Vrrp::verify_interval>(), "time", "0",
     "verifies again in so often while it is master, and runs on_master again if that fails; 0: never", "", 0, day},
};

}  // namespace

std::span<const Key> vrrp_keys() { return vrrp_rows; }

}  // namespace keepalive::config
