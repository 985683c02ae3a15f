#include "vrrp/asker.hpp"

#include <net/if.h>
#include <netinet/icmp6.h>
#include <netinet/ip_icmp.h>
#include <sys/socket.h>

#include <array>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <cerrno>
#include <chrono>
#include <optional>

#include "base/bytes.hpp"
#include "base/fd.hpp"
#include "core/vrrp/packet.hpp"
#include "vrrp/reading.hpp"
#include "vrrp/sockaddr.hpp"

namespace keepalive::vrrp_role {
namespace {

using boost::asio::posix::stream_descriptor;
using boost::system::error_code;
using vrrp::Witness;

constexpr std::chrono::seconds longest_call{1};
constexpr std::size_t echo_size = 16;  // type, code, checksum, identifier, sequence, token

struct Echo {
  int protocol;
  std::uint8_t request;
  std::uint8_t reply;
};
constexpr Echo echo4{IPPROTO_ICMP, ICMP_ECHO, ICMP_ECHOREPLY};
constexpr Echo echo6{IPPROTO_ICMPV6, ICMP6_ECHO_REQUEST, ICMP6_ECHO_REPLY};
const Echo& echo(ipvs::Family family) { return family == ipvs::Family::ipv4 ? echo4 : echo6; }

bool bind_to(const base::Fd& fd, const std::string& device) {
  return setsockopt(fd.get(), SOL_SOCKET, SO_BINDTODEVICE, device.c_str(), static_cast<socklen_t>(device.size())) == 0;
}

/// Of all ICMP only answers come in.
bool filter(const base::Fd& fd, ipvs::Family family) {
  constexpr int raw_level = 255;    // SOL_RAW
  constexpr int filter_option = 1;  // ICMP_FILTER, linux/icmp.h
  if (family == ipvs::Family::ipv4) {
    const std::uint32_t blocked = ~(std::uint32_t{1} << ICMP_ECHOREPLY);
    return setsockopt(fd.get(), raw_level, filter_option, &blocked, sizeof blocked) == 0;
  }
  icmp6_filter blocked{};
  ICMP6_FILTER_SETBLOCKALL(&blocked);
  ICMP6_FILTER_SETPASS(ICMP6_ECHO_REPLY, &blocked);
  return setsockopt(fd.get(), IPPROTO_ICMPV6, ICMP6_FILTER, &blocked, sizeof blocked) == 0;
}

std::string request(ipvs::Family family, std::uint64_t token) {
  const auto with = [&](std::uint16_t sum) {
    base::ByteWriter out;
    out.u8(echo(family).request);
    out.u8(0);
    out.u16(sum);
    out.u32(static_cast<std::uint32_t>(token));  // identifier and sequence
    out.u64(token);
    return std::move(out).take();
  };
  // ICMPv6's is the kernel's work.
  return family == ipvs::Family::ipv6 ? with(0) : with(core::vrrp::internet_checksum(base::as_bytes(with(0))));
}

/// Without IPv4's header.
base::Bytes message(base::Bytes packet, ipvs::Family family) {
  if (family == ipvs::Family::ipv6 || packet.empty()) return packet;
  const std::size_t header = std::size_t{packet[0] & 0xfU} * 4;
  return header <= packet.size() ? packet.subspan(header) : base::Bytes{};
}

}  // namespace

/// One socket for all witnesses of a family behind an interface.
class Asker::Pinger : public std::enable_shared_from_this<Pinger> {
 public:
  using Heard = std::function<void(const ipvs::Address& source)>;
  Pinger(boost::asio::io_context& io, std::string interface, ipvs::Family family, std::uint64_t token, Heard heard)
      : interface_{std::move(interface)}, family_{family}, token_{token}, heard_{std::move(heard)}, descriptor_{io} {}

  void ask(const ipvs::Address& target) {
    if (!descriptor_.is_open() && !open()) return;
    const std::string bytes = request(family_, token_);
    const SocketAddress to = kernels({target, {}}, if_nametoindex(interface_.c_str()));
    static_cast<void>(::sendto(descriptor_.native_handle(), bytes.data(), bytes.size(), MSG_DONTWAIT | MSG_NOSIGNAL,
                               to.get(), to.size));
  }

  void close() {
    error_code ignored;
    descriptor_.close(ignored);
  }

 private:
  bool open() {
    const int domain = family_ == ipvs::Family::ipv4 ? AF_INET : AF_INET6;
    base::Fd fd{socket(domain, SOCK_RAW | SOCK_NONBLOCK | SOCK_CLOEXEC, echo(family_).protocol)};
    if (!fd || !bind_to(fd, interface_) || !filter(fd, family_)) return false;
    descriptor_.assign(fd.release());
    keep_reading(shared_from_this(), descriptor_, &Pinger::read_one);
    return true;
  }

  bool read_one() {
    std::array<std::uint8_t, 256> buffer{};
    SocketAddress from;
    const ssize_t got =
        ::recvfrom(descriptor_.native_handle(), buffer.data(), buffer.size(), MSG_DONTWAIT, from.get(), &from.size);
    if (got < 0) return errno != EAGAIN;
    base::ByteReader in{message({buffer.data(), static_cast<std::size_t>(got)}, family_)};
    const bool reply = in.u8() == echo(family_).reply;
    in.bytes(echo_size - sizeof token_ - 1);
    if (reply && in.u64() == token_ && in.good()) heard_(endpoint_of(from).address);
    return true;
  }

  std::string interface_;
  ipvs::Family family_;
  std::uint64_t token_;
  Heard heard_;
  stream_descriptor descriptor_;
};

/// One connection under way.
class Asker::Caller : public std::enable_shared_from_this<Caller> {
 public:
  Caller(boost::asio::io_context& io, std::function<void()> answered)
      : answered_{std::move(answered)}, descriptor_{io} {}

  void ask(const ipvs::Endpoint& target, const std::string& interface) {
    const auto now = std::chrono::steady_clock::now();
    if (descriptor_.is_open() && now - since_ < longest_call) return;
    close();
    since_ = now;
    const int domain = target.address.family() == ipvs::Family::ipv4 ? AF_INET : AF_INET6;
    base::Fd fd{socket(domain, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0)};
    const SocketAddress to = kernels(target, if_nametoindex(interface.c_str()));
    if (!fd || !bind_to(fd, interface)) return;
    if (::connect(fd.get(), to.get(), to.size) != 0 && errno != EINPROGRESS) return;
    descriptor_.assign(fd.release());
    descriptor_.async_wait(stream_descriptor::wait_write,
                           [self = shared_from_this(), call = ++calls_](const error_code& error) {
                             if (!error && call == self->calls_ && self->descriptor_.is_open()) self->finish();
                           });
  }

  void close() {
    error_code ignored;
    descriptor_.close(ignored);
  }

 private:
  void finish() {
    int error = 0;
    socklen_t size = sizeof error;
    const bool told = getsockopt(descriptor_.native_handle(), SOL_SOCKET, SO_ERROR, &error, &size) == 0;
    close();
    if (told && error == 0) answered_();
  }

  std::function<void()> answered_;
  stream_descriptor descriptor_;
  std::chrono::steady_clock::time_point since_ = {};
  std::uint64_t calls_ = 0;
};

Asker::Asker(boost::asio::io_context& io, std::uint64_t token, Answered answered)
    : io_{io}, token_{token}, answered_{std::move(answered)} {}

Asker::~Asker() { want({}); }

void Asker::want(const std::vector<Witness>& witnesses) {
  witnesses_.clear();
  for (const Witness& one : witnesses) witnesses_.emplace(one.name, one);
  for (const auto& [key, one] : pingers_) one->close();
  for (const auto& [key, one] : callers_) one->close();
  pingers_.clear();
  callers_.clear();
}

void Asker::ask(const std::string& witness, const std::string& interface) {
  const auto found = witnesses_.find(witness);
  if (found == witnesses_.end()) return;
  if (found->second.kind == Witness::Kind::ping) return ping(found->second, interface);
  call(found->second, interface);
}

void Asker::ping(const Witness& witness, const std::string& interface) {
  auto& pinger = pingers_[{interface, witness.target.address.family()}];
  if (pinger == nullptr)
    pinger = std::make_shared<Pinger>(io_, interface, witness.target.address.family(), token_,
                                      [this, interface](const ipvs::Address& source) { hear_echo(source, interface); });
  pinger->ask(witness.target.address);
}

void Asker::hear_echo(const ipvs::Address& source, const std::string& interface) {
  for (const auto& [name, one] : witnesses_)
    if (one.kind == Witness::Kind::ping && one.target.address == source) answered_(name, interface);
}

void Asker::call(const Witness& witness, const std::string& interface) {
  auto& caller = callers_[{witness.name, interface}];
  if (caller == nullptr)
    caller = std::make_shared<Caller>(io_, [this, name = witness.name, interface] { answered_(name, interface); });
  caller->ask(witness.target, interface);
}

void Asker::lose(const std::string& interface) {
  for (const auto& [key, one] : pingers_)
    if (key.first == interface) one->close();
  for (const auto& [key, one] : callers_)
    if (key.second == interface) one->close();
}

}  // namespace keepalive::vrrp_role
