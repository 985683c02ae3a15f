#include "sync/io/capture.hpp"

#include <linux/filter.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <cerrno>
#include <cstring>
#include <utility>
#include <vector>

#include "base/fd.hpp"

namespace ipvs::sync {
namespace {

constexpr int receive_buffer = 8 << 20;
constexpr int heard_a_turn = 64;
constexpr std::size_t longest = 65'536;
constexpr std::uint8_t udp = 17;

std::string fault(std::string_view what, const Line& line) {
  const int code = errno;
  return "cannot " + std::string{what} + " on " + line.interface + ": " + std::strerror(code) +
         (code == EPERM    ? " (it takes CAP_NET_RAW)"
          : code == ENODEV ? " (ip link shows what there is)"
                           : "");
}

constexpr sock_filter statement(unsigned code, unsigned value) {
  return {static_cast<std::uint16_t>(code), 0, 0, value};
}
constexpr sock_filter jump(unsigned code, unsigned value, unsigned yes, unsigned no) {
  return {static_cast<std::uint16_t>(BPF_JMP | BPF_K | code), static_cast<std::uint8_t>(yes),
          static_cast<std::uint8_t>(no), value};
}

/// Whole UDP datagrams to the ports, of either family; the packet begins with its IP header.
std::array<sock_filter, 17> filter(const Line& line) {
  const unsigned last = line.port.value + line.ports - 1U;
  return {statement(BPF_LD | BPF_B | BPF_ABS, 0),   // 0: version
          statement(BPF_ALU | BPF_RSH | BPF_K, 4),  // 1
          jump(BPF_JEQ, 4, 0, 6),                   // 2: else 9
          statement(BPF_LD | BPF_B | BPF_ABS, 9),   // 3: IPv4, protocol
          jump(BPF_JEQ, udp, 0, 11),                // 4: else 16
          statement(BPF_LD | BPF_H | BPF_ABS, 6),   // 5: fragments
          jump(BPF_JSET, 0x3fff, 9, 0),             // 6: 16 if one
          statement(BPF_LDX | BPF_B | BPF_MSH, 0),  // 7
          jump(BPF_JA, 4, 0, 0),                    // 8: to 13
          jump(BPF_JEQ, 6, 0, 6),                   // 9: else 16
          statement(BPF_LD | BPF_B | BPF_ABS, 6),   // 10: IPv6, next header
          jump(BPF_JEQ, udp, 0, 4),                 // 11: else 16
          statement(BPF_LDX | BPF_IMM, 40),         // 12
          statement(BPF_LD | BPF_H | BPF_IND, 2),   // 13: port
          jump(BPF_JGE, line.port.value, 0, 1),     // 14
          jump(BPF_JGT, last, 0, 1),                // 15: 17 if not beyond
          statement(BPF_RET | BPF_K, 0)};           // 16
}

base::Fd open_packets(const Line& line, unsigned index) {
  base::Fd packets{::socket(AF_PACKET, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0)};
  if (!packets) return packets;
  const auto body = filter(line);
  std::array<sock_filter, body.size() + 1> program{};
  std::copy(body.begin(), body.end(), program.begin());
  program.back() = statement(BPF_RET | BPF_K, longest);
  const sock_fprog loaded{static_cast<std::uint16_t>(program.size()), program.data()};
  sockaddr_ll place{};
  place.sll_family = AF_PACKET;
  place.sll_protocol = htons(ETH_P_ALL);  // only so are packets seen that leave
  place.sll_ifindex = static_cast<int>(index);
  if (::setsockopt(packets.get(), SOL_SOCKET, SO_RCVBUFFORCE, &receive_buffer, sizeof receive_buffer) != 0)
    ::setsockopt(packets.get(), SOL_SOCKET, SO_RCVBUF, &receive_buffer, sizeof receive_buffer);
  const bool good = ::setsockopt(packets.get(), SOL_SOCKET, SO_ATTACH_FILTER, &loaded, sizeof loaded) == 0 &&
                    ::bind(packets.get(), reinterpret_cast<const sockaddr*>(&place), sizeof place) == 0;
  return good ? std::move(packets) : base::Fd{};
}

/// A member of the group, that never reads: what it is for is that the network sends the group here.
base::Fd open_member(const Line& line, unsigned index) {
  const bool ipv4 = line.group.family() == Family::ipv4;
  base::Fd member{::socket(ipv4 ? AF_INET : AF_INET6, SOCK_DGRAM | SOCK_CLOEXEC, 0)};
  group_req request{};
  request.gr_interface = index;
  const auto bytes = line.group.bytes();
  if (ipv4) {
    auto* const address = reinterpret_cast<sockaddr_in*>(&request.gr_group);
    address->sin_family = AF_INET;
    std::memcpy(&address->sin_addr, bytes.data(), bytes.size());
  } else {
    auto* const address = reinterpret_cast<sockaddr_in6*>(&request.gr_group);
    address->sin6_family = AF_INET6;
    std::memcpy(&address->sin6_addr, bytes.data(), bytes.size());
  }
  const int level = ipv4 ? IPPROTO_IP : IPPROTO_IPV6;
  const bool good = member && ::setsockopt(member.get(), level, MCAST_JOIN_GROUP, &request, sizeof request) == 0;
  return good ? std::move(member) : base::Fd{};
}

template <std::size_t size>
Address address(base::ByteReader& in) {
  std::array<std::uint8_t, size> bytes{};
  const base::Bytes raw = in.bytes(size);
  if (in.good()) std::copy(raw.begin(), raw.end(), bytes.begin());
  return Address{bytes};
}

/// The IP and UDP headers in front of `packet`; what is behind them is the datagram.
bool read_headers(base::Bytes packet, Heard& heard, Address& group) {
  base::ByteReader in{packet};
  const std::uint8_t first = in.u8();
  if (first >> 4U == 4) {
    in.bytes(11);
    heard.source.address = address<4>(in);
    group = address<4>(in);
    in.bytes((first & 15U) * 4U - 20U);
  } else {
    in.bytes(7);
    heard.source.address = address<16>(in);
    group = address<16>(in);
  }
  heard.source.port = {in.u16()};
  heard.port = {in.u16()};
  const std::size_t length = in.u16();
  in.u16();
  if (!in.good() || length < 8 || length - 8 > in.left()) return false;
  heard.datagram = in.bytes(length - 8);
  return true;
}

}  // namespace

struct Capture::Reader : std::enable_shared_from_this<Reader> {
  Reader(boost::asio::io_context& io, base::Fd socket, base::Fd joined, Address of)
      : packets{io, socket.release()}, member{std::move(joined)}, group{of} {}

  void wait() {
    packets.async_wait(boost::asio::posix::stream_descriptor::wait_read,
                       [self = shared_from_this()](const boost::system::error_code& error) {
                         if (error || !self->hear) return;
                         self->read();
                         if (self->hear) self->wait();
                       });
  }
  void read() {
    for (int i = 0; i < heard_a_turn && hear; ++i) {
      sockaddr_ll from{};
      socklen_t size = sizeof from;
      const ssize_t got = ::recvfrom(packets.native_handle(), buffer.data(), buffer.size(), 0,
                                     reinterpret_cast<sockaddr*>(&from), &size);
      if (got < 0) return;
      Heard heard{.own = from.sll_pkttype == PACKET_OUTGOING};
      Address to;
      if (read_headers({buffer.data(), static_cast<std::size_t>(got)}, heard, to) && to == group) hear(heard);
    }
  }

  boost::asio::posix::stream_descriptor packets;
  base::Fd member;
  Address group;
  Hear hear = {};
  std::vector<std::uint8_t> buffer = std::vector<std::uint8_t>(longest);
};

Capture::Capture(std::shared_ptr<Reader> reader) : reader_{std::move(reader)} {}

Capture::~Capture() {
  if (!reader_) return;
  reader_->hear = {};
  reader_->packets.close();
}

tl::expected<Capture, std::string> Capture::open(boost::asio::io_context& io, const Line& line) {
  const unsigned index = ::if_nametoindex(line.interface.c_str());
  if (index == 0) return tl::unexpected{fault("listen", line)};
  base::Fd packets = open_packets(line, index);
  if (!packets) return tl::unexpected{fault("listen", line)};
  base::Fd member = open_member(line, index);
  if (!member) return tl::unexpected{fault("join " + to_string(line.group), line)};
  return Capture{std::make_shared<Reader>(io, std::move(packets), std::move(member), line.group)};
}

void Capture::start(Hear hear) {
  reader_->hear = std::move(hear);
  reader_->wait();
}

std::uint64_t Capture::missed() {
  tpacket_stats stats{};
  socklen_t size = sizeof stats;
  const bool told = ::getsockopt(reader_->packets.native_handle(), SOL_PACKET, PACKET_STATISTICS, &stats, &size) == 0;
  return told ? stats.tp_drops : 0;
}

}  // namespace ipvs::sync
