#include "monitor/directors.hpp"

#include <fmt/format.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

namespace keepalive::monitor {
namespace {

constexpr unsigned dead_after_ms = 20'000;

struct SocketAddress {
  sockaddr_storage storage = {};
  socklen_t size = 0;
};

SocketAddress socket_address(const ipvs::Endpoint& at) {
  SocketAddress made;
  if (at.address.family() == ipvs::Family::ipv4) {
    auto* const four = reinterpret_cast<sockaddr_in*>(&made.storage);
    four->sin_family = AF_INET;
    four->sin_port = htons(at.port.value);
    std::copy_n(at.address.bytes().begin(), 4, reinterpret_cast<std::uint8_t*>(&four->sin_addr));
    made.size = sizeof *four;
    return made;
  }
  auto* const six = reinterpret_cast<sockaddr_in6*>(&made.storage);
  six->sin6_family = AF_INET6;
  six->sin6_port = htons(at.port.value);
  std::copy_n(at.address.bytes().begin(), 16, six->sin6_addr.s6_addr);
  made.size = sizeof *six;
  return made;
}

/// One who is gone without a word is noticed, also while nothing is to be said.
void notice_death(int fd) {
  const int on = 1;
  const int seconds = 5;
  ::setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof on);
  ::setsockopt(fd, IPPROTO_TCP, TCP_KEEPIDLE, &seconds, sizeof seconds);
  ::setsockopt(fd, IPPROTO_TCP, TCP_KEEPINTVL, &seconds, sizeof seconds);
  ::setsockopt(fd, IPPROTO_TCP, TCP_USER_TIMEOUT, &dead_after_ms, sizeof dead_after_ms);
  ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
}

/// As we tell it: "AB:CD" is abcd.
std::string plain_fingerprint(const std::string& text) {
  std::string plain;
  for (const char c : text)
    if (c != ':') plain += c >= 'A' && c <= 'F' ? static_cast<char>(c - 'A' + 'a') : c;
  return plain;
}

}  // namespace

int dial(const ipvs::Endpoint& at) {
  const SocketAddress to = socket_address(at);
  const int fd = ::socket(to.storage.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (fd < 0) return -1;
  notice_death(fd);
  if (::connect(fd, reinterpret_cast<const sockaddr*>(&to.storage), to.size) == 0 || errno == EINPROGRESS) return fd;
  const int error = errno;
  ::close(fd);
  errno = error;
  return -1;
}

Directors::Directors(boost::asio::io_context& io, std::function<int()> connect)
    : io_{io}, connect_{std::move(connect)} {}

std::vector<std::string> Directors::use(const std::string& local, const std::vector<Monitor::Peer>& peers) {
  std::vector<std::string> faults;
  names_ = {local.empty() ? "local" : local};
  peers_.clear();
  for (const Monitor::Peer& peer : peers) {
    auto context = client_context(peer.ca);
    if (!context) faults.push_back(fmt::format("peer {}: {}", peer.name, context.error()));
    if (std::find(names_.begin(), names_.end(), peer.name) != names_.end())
      faults.push_back(fmt::format("peer {}: another director has this name", peer.name));
    else if (context)
      names_.push_back(peer.name), peers_[peer.name] = {.settings = peer, .context = std::move(*context)};
  }
  return faults;
}

std::string Directors::known(const std::string& name) const {
  if (name == "local") return names_.front();
  return std::find(names_.begin(), names_.end(), name) == names_.end() ? std::string{} : name;
}

std::string Directors::way_to(const std::string& name, Way& way) {
  if (is_local(name)) {
    way.fd = connect_();
    return way.fd < 0 ? "no connection to the director" : "";
  }
  const Peer& peer = peers_.at(name);
  way = {.fd = dial(peer.settings.at),
         .context = peer.context,
         .host = "",
         .host_is_address = peer.settings.host.empty(),
         .fingerprint = plain_fingerprint(peer.settings.fingerprint),
         .token = peer.settings.token,
         .session = peer.session};
  if (!peer.settings.ca.empty())
    way.host = peer.settings.host.empty() ? to_string(peer.settings.at.address) : peer.settings.host;
  return way.fd < 0 ? std::strerror(errno) : "";
}

std::shared_ptr<Call> Directors::ask(const std::string& name, Order order, Hearer hearer) {
  auto& running = running_[{name, order.follow}];
  if (!running) running = std::make_shared<int>();
  const long most = order.follow ? most_followers : most_calls;
  Way way;
  const std::string fault = running.use_count() > most ? "it has too much to do" : way_to(name, way);
  if (!fault.empty()) return hearer.end(fault), nullptr;
  if (!is_local(name)) order.target = "/api/d/local" + order.target;
  hearer.end = [end = std::move(hearer.end), ticket = running](const std::string& why) { end(why); };
  const auto call = std::make_shared<Call>(io_, std::move(way), std::move(hearer));
  call->start(order);
  return call;
}

}  // namespace keepalive::monitor
