#include "vrrp/wires.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <net/if.h>
#include <sys/socket.h>
#include <termios.h>
#include <unistd.h>

#include <array>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <cerrno>
#include <cstring>
#include <utility>

#include "base/fd.hpp"
#include "io/log.hpp"
#include "vrrp/reading.hpp"
#include "vrrp/sockaddr.hpp"

namespace keepalive::vrrp_role {
namespace {

using boost::asio::posix::stream_descriptor;
using boost::system::error_code;
using vrrp::Heartbeat;

constexpr int control_priority = 7;  // TC_PRIO_CONTROL: ahead of all else in the device's queue
constexpr std::size_t longest = 16385;

bool set(const base::Fd& fd, int level, int name, int value) {
  return setsockopt(fd.get(), level, name, &value, sizeof value) == 0;
}

/// Empty with errno set: refused. An address may come later than the line.
base::Fd open_udp(const Heartbeat& line) {
  const bool six = line.local.address.family() == ipvs::Family::ipv6;
  base::Fd fd{socket(six ? AF_INET6 : AF_INET, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0)};
  const unsigned int index = if_nametoindex(line.device.c_str());
  const auto length = static_cast<socklen_t>(line.device.size());
  const bool ready =
      fd &&
      (six ? set(fd, IPPROTO_IPV6, IPV6_FREEBIND, 1) && set(fd, IPPROTO_IPV6, IPV6_V6ONLY, 1)
           : set(fd, IPPROTO_IP, IP_FREEBIND, 1)) &&
      set(fd, SOL_SOCKET, SO_PRIORITY, control_priority) &&
      (line.device.empty() || setsockopt(fd.get(), SOL_SOCKET, SO_BINDTODEVICE, line.device.c_str(), length) == 0);
  const SocketAddress local = kernels(line.local, index);
  return ready && bind(fd.get(), local.get(), local.size) == 0 ? std::move(fd) : base::Fd{};
}

speed_t speed_of(std::uint32_t bits) {
  constexpr std::pair<std::uint32_t, speed_t> speeds[] = {
      {1200, B1200},   {2400, B2400},     {4800, B4800},     {9600, B9600},     {19200, B19200},  {38400, B38400},
      {57600, B57600}, {115200, B115200}, {230400, B230400}, {460800, B460800}, {921600, B921600}};
  for (const auto& [number, speed] : speeds)
    if (number == bits) return speed;
  return B9600;  // the configuration knows no others
}

/// Raw, eight bits, no parity, no flow control, without a modem's wires. Empty with errno set: refused.
base::Fd open_tty(const Heartbeat& line) {
  base::Fd fd{::open(line.device.c_str(), O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC)};
  termios setting{};
  if (!fd || tcgetattr(fd.get(), &setting) != 0) return {};
  cfmakeraw(&setting);
  setting.c_cflag |= CLOCAL | CREAD;
  setting.c_cflag &= ~static_cast<tcflag_t>(CRTSCTS);
  const speed_t speed = speed_of(line.speed);
  const bool ready = cfsetspeed(&setting, speed) == 0 && tcsetattr(fd.get(), TCSANOW, &setting) == 0 &&
                     tcflush(fd.get(), TCIOFLUSH) == 0;
  return ready ? std::move(fd) : base::Fd{};
}

}  // namespace

class Wires::Wire : public std::enable_shared_from_this<Wire> {
 public:
  Wire(boost::asio::io_context& io, Heartbeat line, const Heard& heard)
      : line_{std::move(line)}, descriptor_{io}, heard_{heard} {}

  const Heartbeat& line() const { return line_; }

  void open() {
    if (descriptor_.is_open()) return;
    base::Fd fd = is_tty() ? open_tty(line_) : open_udp(line_);
    if (!fd) return complain(errno);
    complaint_ = 0;
    rest_.clear();
    next_.clear();
    descriptor_.assign(fd.release());
    keep_reading(shared_from_this(), descriptor_, &Wire::read_one);
  }

  /// Opened again by the next open(), unless nobody has it any more.
  void close() {
    error_code ignored;
    descriptor_.close(ignored);
  }

  void send(std::string_view bytes) {
    if (!descriptor_.is_open()) return;
    if (!is_tty()) {
      const SocketAddress to = kernels(line_.remote, if_nametoindex(line_.device.c_str()));
      // What does not go is missed at the other end.
      static_cast<void>(::sendto(descriptor_.native_handle(), bytes.data(), bytes.size(), MSG_DONTWAIT | MSG_NOSIGNAL,
                                 to.get(), to.size));
      return;
    }
    if (!rest_.empty()) return static_cast<void>(next_ = bytes);
    rest_ = bytes;
    write();
  }

 private:
  bool is_tty() const { return line_.kind == Heartbeat::Kind::tty; }

  void complain(int error) {
    if (std::exchange(complaint_, error) == error) return;
    io::log(io::Level::warning, "HEARTBEAT_DEAF",
            fmt::format("heartbeat={} {}={} error={}", line_.name, is_tty() ? "tty" : "udp",
                        is_tty() ? line_.device : to_string(line_.local), io::quoted(std::strerror(error))));
  }

  bool read_one() {
    static std::array<char, longest> buffer;
    SocketAddress from;
    const int fd = descriptor_.native_handle();
    const ssize_t got = is_tty() ? ::read(fd, buffer.data(), buffer.size())
                                 : ::recvfrom(fd, buffer.data(), buffer.size(), MSG_DONTWAIT, from.get(), &from.size);
    if (got < 0 && (errno == EAGAIN || errno == EINTR)) return false;
    if (is_tty() && got <= 0) return close(), false;  // hung up
    if (got < 0) return true;                         // an error of the network that the socket remembered
    if (is_tty() || endpoint_of(from) == line_.remote)
      heard_(line_.name, {buffer.data(), static_cast<std::size_t>(got)});
    return true;
  }

  void write() {
    const ssize_t gone = ::write(descriptor_.native_handle(), rest_.data(), rest_.size());
    if (gone < 0 && errno != EAGAIN && errno != EINTR) return close();
    if (gone > 0) rest_.erase(0, static_cast<std::size_t>(gone));
    if (rest_.empty()) rest_ = std::exchange(next_, {});
    if (rest_.empty()) return;
    descriptor_.async_wait(stream_descriptor::wait_write, [self = shared_from_this()](const error_code& error) {
      if (!error && self->descriptor_.is_open()) self->write();
    });
  }

  Heartbeat line_;
  stream_descriptor descriptor_;
  Heard heard_;
  int complaint_ = 0;
  std::string rest_ = "";  // tty: of what is being written
  std::string next_ = "";  // tty: what comes after it
};

Wires::Wires(boost::asio::io_context& io, Heard heard) : io_{io}, heard_{std::move(heard)} {}

Wires::~Wires() { want({}); }

void Wires::want(const std::vector<Heartbeat>& lines) {
  std::map<std::string, std::shared_ptr<Wire>> before = std::exchange(wires_, {});
  for (const Heartbeat& line : lines) {
    const auto known = before.find(line.name);
    if (known != before.end() && known->second->line() == line)
      wires_.insert(before.extract(known));
    else
      wires_.emplace(line.name, std::make_shared<Wire>(io_, line, heard_));
  }
  for (const auto& [name, wire] : before) wire->close();
  open();
}

void Wires::open() {
  for (const auto& [name, wire] : wires_) wire->open();
}

void Wires::lose(const std::string& interface) {
  for (const auto& [name, wire] : wires_)
    if (wire->line().kind == Heartbeat::Kind::udp && wire->line().device == interface) wire->close();
}

void Wires::send(const std::string& line, std::string_view bytes) {
  if (const auto found = wires_.find(line); found != wires_.end()) found->second->send(bytes);
}

}  // namespace keepalive::vrrp_role
