#include "monitor/server.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "io/clock.hpp"
#include "monitor/lockout.hpp"

namespace keepalive::monitor {
namespace {

using boost::asio::ip::tcp;
using boost::system::error_code;

constexpr std::chrono::seconds look_pause{1};
constexpr io::Listener::Ids ids{
    .listens = "MONITOR_LISTEN", .cannot = "MONITOR_CANNOT_LISTEN", .closed = "MONITOR_CLOSED"};

ipvs::Address address_of(const boost::asio::ip::address& address) {
  if (address.is_v4()) return ipvs::Address{address.to_v4().to_bytes()};
  const auto six = address.to_v6();
  if (!six.is_v4_mapped()) return ipvs::Address{six.to_bytes()};
  return ipvs::Address{boost::asio::ip::make_address_v4(boost::asio::ip::v4_mapped, six).to_bytes()};
}

}  // namespace

Server::Server(boost::asio::io_context& io, Handler handler)
    : io_{io}, handler_{std::make_shared<Handler>(std::move(handler))}, tick_{io} {
  look();
}

Server::~Server() {
  while (!connections_.empty()) connections_.front()->close();
}

void Server::use(const std::vector<ipvs::Endpoint>& at, TlsContext context) {
  context_ = std::move(context);
  std::erase_if(listeners_, [&](const auto& one) { return std::find(at.begin(), at.end(), one.first) == at.end(); });
  for (const ipvs::Endpoint& endpoint : at)
    if (auto& listener = listeners_[endpoint]; !listener)
      listener = std::make_unique<io::Listener>(io_, endpoint, ids,
                                                [this](tcp::socket socket) { welcome(std::move(socket)); });
}

void Server::welcome(tcp::socket socket) {
  error_code error;
  const auto from = socket.remote_endpoint(error);
  if (error) return;
  Visitor visitor{.address = address_of(from.address())};
  if (!make_room(origin(visitor.address))) return;
  socket.set_option(tcp::no_delay{true}, error);
  socket.set_option(tcp::socket::keep_alive{true}, error);
  const int fd = socket.release(error);
  if (error) return;
  const auto gone = [this](Connection& which) {
    const auto found =
        std::find_if(connections_.begin(), connections_.end(), [&](const auto& one) { return one.get() == &which; });
    if (found != connections_.end()) connections_.erase(found);
  };
  const auto connection = std::make_shared<Connection>(io_, fd, context_, std::move(visitor), handler_, gone);
  connections_.push_back(connection);
  connection->start();
}

bool Server::make_room(const std::string& from) {
  const auto of_origin = [&](const Connection& one) { return !one.known() && one.origin() == from; };
  const auto stranger = [](const Connection& one) { return !one.known(); };
  const auto count = [this](const auto& counts) {
    return static_cast<std::size_t>(
        std::count_if(connections_.begin(), connections_.end(), [&](const auto& one) { return counts(*one); }));
  };
  const auto drop = [this](const auto& counts) {
    const auto found = std::find_if(connections_.begin(), connections_.end(),
                                    [&](const auto& one) { return counts(*one) && !one->busy(); });
    if (found == connections_.end()) return false;
    const auto oldest = *found;
    oldest->close();
    return true;
  };
  if (count(of_origin) >= most_of_origin) return drop(of_origin);
  const auto idle = [](const Connection& one) { return one.idle(); };
  if (count(stranger) >= most_strangers) return drop(stranger);
  return connections_.size() < most_connections || drop(stranger) || drop(idle);
}

void Server::look() {
  const core::Time now = io::now();
  const std::vector<std::shared_ptr<Connection>> all{connections_.begin(), connections_.end()};
  for (const auto& one : all) one->look(now);
  tick_.expires_after(look_pause);
  tick_.async_wait([this](const error_code& error) {
    if (!error) look();
  });
}

}  // namespace keepalive::monitor
