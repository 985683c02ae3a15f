#include "net/vrrp_socket.hpp"

#include <linux/filter.h>
#include <net/if.h>
#include <netinet/in.h>
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

constexpr int vrrp = 112;
constexpr int internetwork_control = 0xc0;
constexpr int control_priority = 7;  // TC_PRIO_CONTROL: ahead of all else in the device's queue
constexpr std::size_t longest = 8192;
constexpr std::size_t longest_header = 60;
constexpr int datagrams_a_turn = 16;

struct Option {
  int level = 0;
  int name = 0;
  int value = 0;
};

constexpr std::array hearing_v4 = {Option{IPPROTO_IP, IP_PKTINFO, 1}, Option{IPPROTO_IP, IP_MULTICAST_ALL, 0}};
constexpr std::array hearing_v6 = {Option{IPPROTO_IPV6, IPV6_RECVPKTINFO, 1},
                                   Option{IPPROTO_IPV6, IPV6_RECVHOPLIMIT, 1},
                                   Option{IPPROTO_IPV6, IPV6_MULTICAST_ALL, 0}};
// Transparent: IPv4 looks up the route of a datagram whose source is not ours only then; IP_FREEBIND is not enough.
// The priority comes last: setting IP_TOS changes it.
constexpr std::array speaking_v4 = {Option{IPPROTO_IP, IP_TOS, internetwork_control},
                                    Option{IPPROTO_IP, IP_MTU_DISCOVER, IP_PMTUDISC_DONT},
                                    Option{IPPROTO_IP, IP_MULTICAST_LOOP, 0}, Option{IPPROTO_IP, IP_TRANSPARENT, 1},
                                    Option{SOL_SOCKET, SO_PRIORITY, control_priority}};
constexpr std::array speaking_v6 = {
    Option{IPPROTO_IPV6, IPV6_TCLASS, internetwork_control},
    Option{IPPROTO_IPV6, IPV6_MTU_DISCOVER, IPV6_PMTUDISC_DONT}, Option{IPPROTO_IPV6, IPV6_MULTICAST_LOOP, 0},
    Option{IPPROTO_IPV6, IPV6_TRANSPARENT, 1}, Option{SOL_SOCKET, SO_PRIORITY, control_priority}};

template <class T>
bool set(const base::Fd& fd, int level, int name, const T& value) {
  return setsockopt(fd.get(), level, name, &value, sizeof value) == 0;
}

bool six(const VrrpSocket::Setting& setting) { return setting.family == ipvs::Family::ipv6; }

bool bind_to(const base::Fd& fd, const std::string& device) {
  return setsockopt(fd.get(), SOL_SOCKET, SO_BINDTODEVICE, device.c_str(), static_cast<socklen_t>(device.size())) == 0;
}

base::Fd raw_socket(const VrrpSocket::Setting& setting) {
  return base::Fd{socket(six(setting) ? AF_INET6 : AF_INET, SOCK_RAW | SOCK_NONBLOCK | SOCK_CLOEXEC, vrrp)};
}

bool set_all(const base::Fd& fd, std::span<const Option> options) {
  return std::all_of(options.begin(), options.end(),
                     [&](const Option& option) { return set(fd, option.level, option.name, option.value); });
}

in_addr four(const ipvs::Address& address) {
  in_addr bytes{};
  std::memcpy(&bytes, address.bytes().data(), std::min(sizeof bytes, address.bytes().size()));
  return bytes;
}

in6_addr sixteen(const ipvs::Address& address) {
  in6_addr bytes{};
  std::memcpy(&bytes, address.bytes().data(), std::min(sizeof bytes, address.bytes().size()));
  return bytes;
}

ipvs::Address address_of(const in6_addr& bytes) {
  std::array<std::uint8_t, 16> copy{};
  std::memcpy(copy.data(), &bytes, copy.size());
  return ipvs::Address{copy};
}

bool join(const base::Fd& fd, const ipvs::Address& group, Index interface) {
  if (group.family() == ipvs::Family::ipv6)
    return set(fd, IPPROTO_IPV6, IPV6_JOIN_GROUP, ipv6_mreq{sixteen(group), interface});
  return set(fd, IPPROTO_IP, IP_ADD_MEMBERSHIP, ip_mreqn{four(group), {}, static_cast<int>(interface)});
}

/// Whatever the kernel would deliver is dropped at once.
bool drop_all(const base::Fd& fd) {
  sock_filter nothing{BPF_RET | BPF_K, 0, 0, 0};
  return set(fd, SOL_SOCKET, SO_ATTACH_FILTER, sock_fprog{1, &nothing});
}

bool drop_no_more(const base::Fd& fd) { return set(fd, SOL_SOCKET, SO_DETACH_FILTER, 0); }

/// Empty with errno set: refused. Until it is bound, a raw socket hears all interfaces.
base::Fd open_hearing(const VrrpSocket::Setting& setting, Index interface) {
  base::Fd fd = raw_socket(setting);
  const auto options = six(setting) ? std::span<const Option>{hearing_v6} : std::span<const Option>{hearing_v4};
  const bool ready = fd && drop_all(fd) && bind_to(fd, setting.interface) && set_all(fd, options) && drop_no_more(fd);
  if (!ready || (setting.group && !join(fd, *setting.group, interface))) return {};
  return fd;
}

base::Fd open_speaking(const VrrpSocket::Setting& setting, const std::string& device) {
  base::Fd fd = raw_socket(setting);
  const auto options = six(setting) ? std::span<const Option>{speaking_v6} : std::span<const Option>{speaking_v4};
  const bool ready = fd && drop_all(fd) && bind_to(fd, device) && set_all(fd, options);
  return ready ? std::move(fd) : base::Fd{};
}

union Control {
  cmsghdr header;
  std::array<char, 128> bytes;
};

/// Puts a part of control data behind those that are there.
template <class T>
void put(msghdr& message, int level, int type, const T& value) {
  auto* part = reinterpret_cast<cmsghdr*>(static_cast<char*>(message.msg_control) + message.msg_controllen);
  part->cmsg_level = level;
  part->cmsg_type = type;
  part->cmsg_len = CMSG_LEN(sizeof value);
  std::memcpy(CMSG_DATA(part), &value, sizeof value);
  message.msg_controllen += CMSG_SPACE(sizeof value);
}

template <class T>
T value_of(const cmsghdr* part) {
  T value{};
  if (part->cmsg_len >= CMSG_LEN(sizeof value)) std::memcpy(&value, CMSG_DATA(part), sizeof value);
  return value;
}

/// What the kernel tells beside the bytes: where they came in, and for IPv6 what the header said.
void read_control(msghdr& message, Datagram& datagram) {
  for (cmsghdr* part = CMSG_FIRSTHDR(&message); part != nullptr; part = CMSG_NXTHDR(&message, part)) {
    if (part->cmsg_level == IPPROTO_IP && part->cmsg_type == IP_PKTINFO)
      datagram.interface = static_cast<Index>(value_of<in_pktinfo>(part).ipi_ifindex);
    if (part->cmsg_level == IPPROTO_IPV6 && part->cmsg_type == IPV6_PKTINFO) {
      const auto info = value_of<in6_pktinfo>(part);
      datagram.interface = info.ipi6_ifindex;
      datagram.destination = address_of(info.ipi6_addr);
    }
    if (part->cmsg_level == IPPROTO_IPV6 && part->cmsg_type == IPV6_HOPLIMIT) datagram.ttl = value_of<int>(part);
  }
}

}  // namespace

struct VrrpSocket::State : std::enable_shared_from_this<State> {
  State(boost::asio::io_context& io, base::Fd in, base::Fd out, Index through, Heard its)
      : hearing{io, in.release()}, speaking{std::move(out)}, output{through}, heard{std::move(its)} {}

  void listen() {
    hearing.async_wait(boost::asio::posix::stream_descriptor::wait_read,
                       [self = shared_from_this()](const boost::system::error_code& error) {
                         if (!error && self->open) self->read();
                       });
  }

  void read() {
    for (int i = 0; open && i < datagrams_a_turn; ++i)
      if (!read_one()) break;
    if (open) listen();
  }

  /// False: nothing is left. Errors of the device are no datagrams; sending meets them too.
  bool read_one() {
    Control control{};
    sockaddr_in6 from{};
    iovec vector{buffer.data(), buffer.size()};
    msghdr message{&from, sizeof from, &vector, 1, &control, sizeof control, 0};
    const ssize_t got = recvmsg(hearing.native_handle(), &message, MSG_DONTWAIT);
    if (got < 0) return false;
    const std::span<const std::uint8_t> bytes{buffer.data(), static_cast<std::size_t>(got)};
    auto datagram =
        from.sin6_family == AF_INET6 ? Datagram{address_of(from.sin6_addr), {}, -1, 0, bytes} : without_header(bytes);
    if (!datagram) return true;
    read_control(message, *datagram);
    datagram->bytes = datagram->bytes.first(std::min(datagram->bytes.size(), longest));
    heard(*datagram);
    return true;
  }

  int send(const Advert& advert) const {
    Control control{};
    sockaddr_in6 to6{AF_INET6, 0, 0, sixteen(advert.destination), output};
    sockaddr_in to4{AF_INET, 0, four(advert.destination), {}};
    iovec vector{const_cast<std::uint8_t*>(advert.bytes.data()), advert.bytes.size()};
    msghdr message{&to4, sizeof to4, &vector, 1, &control, 0, 0};
    if (advert.destination.family() == ipvs::Family::ipv6) {
      message.msg_name = &to6;
      message.msg_namelen = sizeof to6;
      put(message, IPPROTO_IPV6, IPV6_PKTINFO, in6_pktinfo{sixteen(advert.source), output});
      put(message, IPPROTO_IPV6, IPV6_HOPLIMIT, advert.ttl);
    } else {
      put(message, IPPROTO_IP, IP_PKTINFO, in_pktinfo{static_cast<int>(output), four(advert.source), {}});
      put(message, IPPROTO_IP, IP_TTL, advert.ttl);
    }
    return sendmsg(speaking.get(), &message, MSG_DONTWAIT | MSG_NOSIGNAL) < 0 ? errno : 0;
  }

  void close() {
    open = false;
    boost::system::error_code ignored;
    hearing.close(ignored);
  }

  boost::asio::posix::stream_descriptor hearing;
  base::Fd speaking;
  Index output;
  Heard heard;
  bool open = true;
  std::array<std::uint8_t, longest_header + longest> buffer = {};
};

VrrpSocket::VrrpSocket(std::shared_ptr<State> state) : state_{std::move(state)} {}

VrrpSocket::~VrrpSocket() { state_->close(); }

Outcome<std::unique_ptr<VrrpSocket>> VrrpSocket::open(boost::asio::io_context& io, const Setting& setting,
                                                      Heard heard) {
  const std::string& device = setting.output.empty() ? setting.interface : setting.output;
  const Index interface = if_nametoindex(setting.interface.c_str());
  const Index output = if_nametoindex(device.c_str());
  if (interface == 0 || output == 0) return tl::unexpected(ENODEV);
  base::Fd hearing = open_hearing(setting, interface);
  if (!hearing) return tl::unexpected(errno);
  base::Fd speaking = open_speaking(setting, device);
  if (!speaking) return tl::unexpected(errno);
  auto state = std::make_shared<State>(io, std::move(hearing), std::move(speaking), output, std::move(heard));
  state->listen();
  return std::unique_ptr<VrrpSocket>{new VrrpSocket{std::move(state)}};
}

Outcome<void> VrrpSocket::send(const Advert& advert) {
  if (const int error = state_->send(advert); error != 0) return tl::unexpected(error);
  return {};
}

std::optional<Datagram> without_header(std::span<const std::uint8_t> packet) {
  base::ByteReader reader{packet};
  const std::uint8_t first = reader.u8();
  const std::size_t length = std::size_t{first & 0xfU} * 4;
  reader.bytes(7);
  const int ttl = reader.u8();
  reader.bytes(3);
  const auto address = [&] {
    std::array<std::uint8_t, 4> bytes{};
    for (std::uint8_t& byte : bytes) byte = reader.u8();
    return ipvs::Address{bytes};
  };
  const ipvs::Address source = address();
  const ipvs::Address destination = address();
  if (!reader.good() || first >> 4U != 4 || length < 20 || length > packet.size()) return {};
  return Datagram{source, destination, ttl, 0, packet.subspan(length)};
}

}  // namespace keepalive::net
