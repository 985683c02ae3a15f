#include "config/heartbeat_keys.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "config/setters.hpp"

namespace keepalive::config {
namespace {

using namespace setters;
using keepalive::vrrp::Heartbeat;
using keepalive::vrrp::Witness;

constexpr std::array<std::uint32_t, 11> speeds{1200,  2400,   4800,   9600,   19200, 38400,
                                               57600, 115200, 230400, 460800, 921600};

Fault fit_host(const ipvs::Address& address) {
  if (address.is_multicast() || address == ipvs::Address::any(address.family()))
    return fmt::format("`{}' is no address of one host", to_string(address));
  return {};
}

/// "192.168.7.1 -> 192.168.7.2:8765 dev eth2".
Fault set_udp(Sink& sink, const Key&, std::string_view value) {
  constexpr std::string_view form =
      "wants OURS -> THEIRS:PORT, perhaps with dev NAME: 10.1.0.1 -> 10.1.0.2:8765 dev eth2";
  const auto words = read_words(value);
  if (!words || (words->size() != 3 && words->size() != 5) || (*words)[1] != "->") return std::string{form};
  const auto local = ipvs::Address::parse((*words)[0]);
  const auto remote = read_place((*words)[2]);
  if (!local || !remote || remote->port.value == 0) return std::string{form};
  Heartbeat& line = sink.heartbeat->heartbeat;
  if (words->size() == 5) {
    const std::string& device = (*words)[4];
    if ((*words)[3] != "dev" || !interface_fault(device).empty()) return std::string{form};
    line.device = device;
  }
  for (const ipvs::Address& one : {*local, remote->address})
    if (Fault fault = fit_host(one); !fault.empty()) return fault;
  if (local->family() != remote->address.family()) return "the two addresses are of different families";
  if (*local == remote->address) return "the two addresses are the same: ours stands left of the arrow";
  line.kind = Heartbeat::Kind::udp;
  line.local = {*local, remote->port};
  line.remote = *remote;
  return {};
}

/// "/dev/ttyS0 115200".
Fault set_tty(Sink& sink, const Key&, std::string_view value) {
  const auto words = read_words(value);
  if (!words || words->size() != 2 || !words->front().starts_with("/dev/"))
    return "wants a device and its speed, such as /dev/ttyS0 115200";
  const auto speed = read_number((*words)[1], speeds.front(), speeds.back());
  if (!speed || std::find(speeds.begin(), speeds.end(), *speed) == speeds.end()) {
    std::string list;
    for (const std::uint32_t one : speeds) list += fmt::format("{}{}", list.empty() ? "" : ", ", one);
    return fmt::format("`{}' is no speed: {}", (*words)[1], list);
  }
  Heartbeat& line = sink.heartbeat->heartbeat;
  line.kind = Heartbeat::Kind::tty;
  line.device = words->front();
  line.speed = static_cast<std::uint32_t>(*speed);
  return {};
}

Fault set_ping(Sink& sink, const Key&, std::string_view value) {
  const auto address = ipvs::Address::parse(value);
  if (!address) return "wants an address such as 10.0.0.254";
  if (Fault fault = fit_host(*address); !fault.empty()) return fault;
  Witness& one = sink.witness->witness;
  one.kind = Witness::Kind::ping;
  one.target = {*address, ipvs::Port{0}};
  return {};
}

Fault set_tcp(Sink& sink, const Key&, std::string_view value) {
  const auto place = read_place(value);
  if (!place || place->port.value == 0) return "wants ADDRESS:PORT, such as 10.0.0.254:22 or [fd00::1]:22";
  if (Fault fault = fit_host(place->address); !fault.empty()) return fault;
  Witness& one = sink.witness->witness;
  one.kind = Witness::Kind::tcp;
  one.target = *place;
  return {};
}

// section, name, codec, kind, default, help
constexpr Key heartbeat_rows[] = {
    {"heartbeat",
     "udp",
     {&set_udp},
     "OURS -> THEIRS:PORT",
     "",
     "datagrams between the two addresses, at this port of both; dev NAME: through this interface"},
    {"heartbeat", "tty", {&set_tty}, "device and speed", "", "a serial line with nothing else on it"},
    {"heartbeat", "key", file<&Heartbeat::key, true>(), "file:PATH", "",
     "at least 32 bytes, the same at the other end; only its owner may read the file"},
    {"witness", "ping", {&set_ping}, "address", "", "answers ICMP echo requests"},
    {"witness", "tcp", {&set_tcp}, "ADDRESS:PORT", "", "takes connections; they are closed at once"},
};

}  // namespace

std::span<const Key> heartbeat_keys() { return heartbeat_rows; }

}  // namespace keepalive::config
