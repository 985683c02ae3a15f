#include "net/frames.hpp"

#include <linux/filter.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <utility>

#include "base/bytes.hpp"
#include "base/fd.hpp"

namespace keepalive::net {
namespace {

using Descriptor = boost::asio::posix::stream_descriptor;

constexpr std::size_t frames_a_call = 64;
constexpr int heard_a_turn = 64;
constexpr std::size_t ether_header = 14;
constexpr std::size_t longest_heard = 512;  // of a neighbour advertisement the first options are enough
constexpr std::uint8_t icmpv6 = 58;
constexpr std::uint8_t neighbour_advertisement = 136;
constexpr std::uint8_t target_mac = 2;

constexpr std::uint16_t network_order(unsigned value) {
  return static_cast<std::uint16_t>((value & 0xffU) << 8U | value >> 8U);
}

sockaddr_ll at(Index interface, std::uint16_t type) {
  sockaddr_ll place{};
  place.sll_family = AF_PACKET;
  place.sll_protocol = type;
  place.sll_ifindex = static_cast<int>(interface);
  return place;
}

constexpr sock_filter load_byte(unsigned at) { return {BPF_LD | BPF_B | BPF_ABS, 0, 0, at}; }
constexpr sock_filter load_word(unsigned at) { return {BPF_LD | BPF_W | BPF_ABS, 0, 0, at}; }
constexpr sock_filter load_half(unsigned at) { return {BPF_LD | BPF_H | BPF_ABS, 0, 0, at}; }
constexpr sock_filter unless_equal(unsigned value, std::uint8_t skip) {
  return {BPF_JMP | BPF_JEQ | BPF_K, 0, skip, value};
}
constexpr sock_filter if_equal(unsigned value, std::uint8_t skip) {
  return {BPF_JMP | BPF_JEQ | BPF_K, skip, 0, value};
}
constexpr sock_filter answer(unsigned length) { return {BPF_RET | BPF_K, 0, 0, length}; }

// A frame of a VLAN that this host has no interface for comes along with the device's own; it still has its tag.
constexpr sock_filter load_tag = {BPF_LD | BPF_B | BPF_ABS, 0, 0,
                                  static_cast<unsigned>(SKF_AD_OFF + SKF_AD_VLAN_TAG_PRESENT)};

// Ethernet and IPv4 in ARP, with a sender's address (a probe has none: RFC 5227).
constexpr std::array arp_only = {load_tag,
                                 unless_equal(0, 7),
                                 load_word(14),
                                 unless_equal(0x00010800, 5),
                                 load_half(18),
                                 unless_equal(0x0604, 3),
                                 load_word(28),
                                 if_equal(0, 1),
                                 answer(longest_heard),
                                 answer(0)};
// ICMPv6 directly behind the IPv6 header; hop limit 255: from this link (RFC 4861, 7.1.2).
constexpr std::array advertisements_only = {load_tag,
                                            unless_equal(0, 7),
                                            load_byte(20),
                                            unless_equal(icmpv6, 5),
                                            load_byte(21),
                                            unless_equal(255, 3),
                                            load_byte(54),
                                            unless_equal(neighbour_advertisement, 1),
                                            answer(longest_heard),
                                            answer(0)};

base::Fd open_watch(Index interface, ipvs::Family family) {
  const bool six = family == ipvs::Family::ipv6;
  auto filter = six ? advertisements_only : arp_only;
  const sock_fprog program{static_cast<unsigned short>(filter.size()), filter.data()};
  // Without a protocol nothing comes in before the filter stands.
  base::Fd fd{socket(AF_PACKET, SOCK_RAW | SOCK_NONBLOCK | SOCK_CLOEXEC, 0)};
  if (!fd || setsockopt(fd.get(), SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof program) != 0) return {};
  const sockaddr_ll place = at(interface, network_order(six ? ETH_P_IPV6 : ETH_P_ARP));
  if (bind(fd.get(), reinterpret_cast<const sockaddr*>(&place), sizeof place) != 0) return {};
  return fd;
}

template <std::size_t size>
std::array<std::uint8_t, size> take(base::ByteReader& reader) {
  std::array<std::uint8_t, size> bytes{};
  const base::Bytes found = reader.bytes(size);
  std::copy(found.begin(), found.end(), bytes.begin());
  return bytes;
}

std::optional<Neighbour> arp_sender(base::ByteReader reader) {
  const bool ethernet = reader.u16() == 1 && reader.u16() == ETH_P_IP && reader.u16() == 0x0604;
  const std::uint16_t operation = reader.u16();
  Neighbour told;
  told.mac = take<6>(reader);
  told.address = ipvs::Address{take<4>(reader)};
  reader.bytes(10);
  const bool known = operation == 1 || operation == 2;
  if (!reader.good() || !ethernet || !known || told.address == ipvs::Address{}) return {};
  return told;
}

/// The MAC stands in an option; where there is none it is the frame's sender's.
std::optional<Neighbour> advertised(base::ByteReader reader, const Mac& sender) {
  const bool version = reader.u8() >> 4U == 6;
  reader.bytes(5);
  const bool next = reader.u8() == icmpv6;
  const bool near = reader.u8() == 255;
  reader.bytes(32);
  const bool type = reader.u8() == neighbour_advertisement;
  reader.bytes(7);
  Neighbour told{ipvs::Address{take<16>(reader)}, sender, 0};
  if (!reader.good() || !version || !next || !near || !type) return {};
  while (reader.left() >= 8) {
    const std::uint8_t option = reader.u8();
    const std::size_t length = std::size_t{reader.u8()} * 8;
    if (length < 8 || length - 2 > reader.left()) break;
    base::ByteReader content{reader.bytes(length - 2)};
    if (option == target_mac && length == 8) told.mac = take<6>(content);
  }
  return told;
}

}  // namespace

Outcome<std::unique_ptr<FrameSender>> FrameSender::open(boost::asio::io_context& io) {
  base::Fd fd{socket(AF_PACKET, SOCK_RAW | SOCK_NONBLOCK | SOCK_CLOEXEC, 0)};
  if (!fd) return tl::unexpected(errno);
  return std::unique_ptr<FrameSender>{new FrameSender{io, fd.release()}};
}

Outcome<std::size_t> FrameSender::send(Index interface, std::span<const Frame> frames) {
  std::array<sockaddr_ll, frames_a_call> places{};
  std::array<iovec, frames_a_call> vectors{};
  std::array<mmsghdr, frames_a_call> headers{};
  std::size_t sent = 0;
  while (sent < frames.size()) {
    const std::size_t count = std::min(frames.size() - sent, frames_a_call);
    for (std::size_t i = 0; i < count; ++i) {
      const Frame frame = frames[sent + i];
      if (frame.size() < ether_header) return sent > 0 ? Outcome<std::size_t>{sent} : tl::unexpected(EINVAL);
      places[i] = at(interface, network_order(frame[12] * 256U + frame[13]));
      vectors[i] = {const_cast<std::uint8_t*>(frame.data()), frame.size()};
      headers[i].msg_hdr = {&places[i], sizeof places[i], &vectors[i], 1, nullptr, 0, 0};
    }
    const int took = sendmmsg(socket_.native_handle(), headers.data(), static_cast<unsigned>(count), MSG_DONTWAIT);
    if (took < 0 && errno == EINTR) continue;
    if (took < 0 && (errno == EAGAIN || errno == ENOBUFS || sent > 0)) return sent;
    if (took < 0) return tl::unexpected(errno);
    sent += static_cast<std::size_t>(took);
  }
  return sent;
}

void FrameSender::wait(std::function<void()> room) {
  socket_.async_wait(Descriptor::wait_write, [room = std::move(room)](const boost::system::error_code& error) {
    if (!error) room();
  });
}

struct NeighbourWatch::State : std::enable_shared_from_this<State> {
  State(boost::asio::io_context& io, base::Fd fd, Index where, Heard its) : socket{io, fd.release()}, interface {
    where
  }, heard{std::move(its)} {
  }

  void listen() {
    socket.async_wait(Descriptor::wait_read, [self = shared_from_this()](const boost::system::error_code& error) {
      if (!error && self->open) self->read();
    });
  }

  void read() {
    for (int i = 0; open && i < heard_a_turn; ++i)
      if (!read_one()) break;
    if (open) listen();
  }

  bool read_one() {
    std::array<std::uint8_t, longest_heard> buffer;  // NOLINT: filled by the kernel
    const ssize_t got = recv(socket.native_handle(), buffer.data(), buffer.size(), MSG_DONTWAIT);
    if (got < 0) return false;
    auto told = neighbour_in(Frame{buffer}.first(static_cast<std::size_t>(got)));
    if (!told) return true;
    told->interface = interface;
    heard(*told);
    return true;
  }

  void close() {
    open = false;
    boost::system::error_code ignored;
    socket.close(ignored);
  }

  Descriptor socket;
  Index interface;
  Heard heard;
  bool open = true;
};

NeighbourWatch::NeighbourWatch(std::shared_ptr<State> state) : state_{std::move(state)} {}

NeighbourWatch::~NeighbourWatch() { state_->close(); }

Outcome<std::unique_ptr<NeighbourWatch>> NeighbourWatch::open(boost::asio::io_context& io, Index interface,
                                                              ipvs::Family family, Heard heard) {
  base::Fd fd = open_watch(interface, family);
  if (!fd) return tl::unexpected(errno);
  auto state = std::make_shared<State>(io, std::move(fd), interface, std::move(heard));
  state->listen();
  return std::unique_ptr<NeighbourWatch>{new NeighbourWatch{std::move(state)}};
}

std::optional<Neighbour> neighbour_in(Frame frame) {
  base::ByteReader reader{frame};
  reader.bytes(6);
  const Mac sender = take<6>(reader);
  const std::uint16_t type = reader.u16();
  if (type == ETH_P_ARP) return arp_sender(reader);
  if (type == ETH_P_IPV6) return advertised(reader, sender);
  return {};
}

}  // namespace keepalive::net
