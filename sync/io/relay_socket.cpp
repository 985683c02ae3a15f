#include "sync/io/relay_socket.hpp"

#include <linux/sock_diag.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <boost/asio/buffer.hpp>
#include <boost/asio/ip/udp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "sync/io/store.hpp"

namespace ipvs::sync {
namespace {

namespace asio = boost::asio;
using asio::ip::udp;

constexpr int buffer_size = 8 << 20;
constexpr int relayed_a_turn = 64;
constexpr std::size_t longest_datagram = 65'536;

udp::endpoint place(const Endpoint& endpoint) {
  return {asio::ip::make_address(to_string(endpoint.address)), endpoint.port.value};
}

}  // namespace

struct RelaySocket::Desk : std::enable_shared_from_this<Desk> {
  Desk(asio::io_context& io, Deliver to) : socket{io}, timer{io}, deliver{std::move(to)} {}

  void take(const udp::endpoint& peer, const RelayEnd::Output& output) {
    boost::system::error_code ignored;  // what the network does not take is lost as on its way
    for (const std::string& packet : output.packets) socket.send_to(asio::buffer(packet), peer, 0, ignored);
    for (const std::string& datagram : output.datagrams) deliver(datagram);
  }

  void wait_for_packets() {
    socket.async_wait(udp::socket::wait_read, [self = shared_from_this()](const boost::system::error_code& error) {
      if (error || !self->socket.is_open()) return;
      for (int i = 0; i < relayed_a_turn && self->hear(); ++i) continue;
      self->set_timer();
      self->wait_for_packets();
    });
  }

  bool hear() {
    udp::endpoint from;
    boost::system::error_code error;
    const std::size_t size = socket.receive_from(asio::buffer(buffer), from, 0, error);
    if (error == asio::error::would_block) return false;
    if (error) return true;  // an ICMP error of what was sent before
    const auto found = ends.find(from);
    if (found == ends.end()) {
      ++strangers;
      return true;
    }
    take(from, found->second.hear({reinterpret_cast<const char*>(buffer.data()), size}, micros_now()));
    return true;
  }

  void tick() {
    armed.reset();
    for (int i = 0; i < relayed_a_turn && hear(); ++i) continue;  // what waits may be what is missing
    const Micros at = micros_now();
    for (auto& [peer, end] : ends)
      if (end.due() <= at) take(peer, end.tick(at));
    set_timer();
  }

  void set_timer() {
    if (!socket.is_open() || ends.empty()) return;
    Micros due = Micros::max();
    for (const auto& [peer, end] : ends) due = std::min(due, end.due());
    if (armed == due) return;
    armed = due;
    timer.expires_at(std::chrono::steady_clock::time_point{due});
    timer.async_wait([self = shared_from_this()](const boost::system::error_code& error) {
      if (!error && self->socket.is_open()) self->tick();
    });
  }

  udp::socket socket;
  asio::steady_timer timer;
  Deliver deliver;
  std::map<udp::endpoint, RelayEnd> ends = {};
  std::vector<std::uint8_t> buffer = std::vector<std::uint8_t>(longest_datagram);
  std::uint64_t strangers = 0;
  std::optional<Micros> armed = std::nullopt;  // when the timer is due
};

tl::expected<std::unique_ptr<RelaySocket>, std::string> RelaySocket::open(asio::io_context& io,
                                                                          const AgentSettings& settings,
                                                                          Deliver deliver) {
  const auto desk = std::make_shared<Desk>(io, std::move(deliver));
  try {
    const auto at = place(*settings.listen);
    desk->socket.open(at.protocol());
    // Beyond net.core.rmem_max it takes CAP_NET_ADMIN.
    if (::setsockopt(desk->socket.native_handle(), SOL_SOCKET, SO_RCVBUFFORCE, &buffer_size, sizeof buffer_size) != 0)
      desk->socket.set_option(asio::socket_base::receive_buffer_size{buffer_size});
    desk->socket.bind(at);
    desk->socket.non_blocking(true);
  } catch (const boost::system::system_error& fault) {
    return tl::unexpected{"cannot bind " + to_string(*settings.listen) + ": " + fault.code().message()};
  }
  for (const Endpoint& peer : settings.peers)
    desk->ends.emplace(place(peer), RelayEnd{settings.secrets, random_number(), random_number()});
  desk->wait_for_packets();
  desk->set_timer();
  return std::unique_ptr<RelaySocket>{new RelaySocket{desk}};
}

RelaySocket::~RelaySocket() {
  desk_->socket.close();
  desk_->timer.cancel();
}

void RelaySocket::send(base::Bytes datagram) {
  const std::string_view text{reinterpret_cast<const char*>(datagram.data()), datagram.size()};
  for (auto& [peer, end] : desk_->ends) desk_->take(peer, end.send(text, micros_now()));
  desk_->set_timer();
}

void RelaySocket::use(const std::vector<std::string>& secrets) {
  for (auto& [peer, end] : desk_->ends) end.use(secrets);
}

const RelayEnd& RelaySocket::end(const Endpoint& peer) const { return desk_->ends.at(place(peer)); }

std::uint64_t RelaySocket::strangers() const { return desk_->strangers; }

std::uint64_t RelaySocket::overrun() const {
  std::array<std::uint32_t, SK_MEMINFO_VARS> told{};
  socklen_t size = sizeof told;
  const bool good = ::getsockopt(desk_->socket.native_handle(), SOL_SOCKET, SO_MEMINFO, told.data(), &size) == 0;
  return good ? told[SK_MEMINFO_DROPS] : 0;
}

}  // namespace ipvs::sync
