#include "probe/ping.hpp"

#include <netinet/icmp6.h>
#include <netinet/in.h>
#include <netinet/ip_icmp.h>

#include <array>
#include <cerrno>

#include "probe/datagram.hpp"

namespace keepalive::probe {
namespace {

struct Echo {
  int protocol;
  char request;
  char reply;
};
constexpr Echo echo4{IPPROTO_ICMP, ICMP_ECHO, ICMP_ECHOREPLY};
constexpr Echo echo6{IPPROTO_ICMPV6, static_cast<char>(ICMP6_ECHO_REQUEST), static_cast<char>(ICMP6_ECHO_REPLY)};

const Echo& echo(const ipvs::Endpoint& endpoint) {
  return endpoint.address.family() == ipvs::Family::ipv4 ? echo4 : echo6;
}

}  // namespace

Found PingProbe::start() {
  // Type, code, checksum, identifier and sequence; the kernel fills in what is its own. Then as much as ping(8) sends.
  std::array<char, 64> packet{};
  packet[0] = echo(task().endpoint).request;
  Found refused = ask(fd_, task(), echo(task().endpoint).protocol, {packet.data(), packet.size()});
  if (refused && !fd_ && (refused->number == EACCES || refused->number == EPERM)) return lacking();
  return refused;
}

Found PingProbe::ready(std::uint32_t) {
  Found fault_of_socket;
  const auto answer = next_datagram(fd_.get(), fault_of_socket);
  if (!answer) return fault_of_socket;
  if (answer->empty() || answer->front() != echo(task().endpoint).reply) return std::nullopt;
  return success(Fact::answered);
}

}  // namespace keepalive::probe
