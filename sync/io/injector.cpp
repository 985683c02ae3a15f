#include "sync/io/injector.hpp"

#include <net/if.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <sstream>

namespace ipvs::sync {
namespace {

// A socket takes 208 kB by default, of which a datagram of 1,472 bytes costs 2,304.
constexpr std::uint64_t room = 150'000;
constexpr std::uint64_t cost = 2'304;
constexpr std::uint64_t dearest = 20'000;  // a look is due when there is less credit
constexpr std::chrono::milliseconds longest_unseen{500};
constexpr std::size_t most_queued = 100'000;

std::string hex(std::uint32_t word) {
  std::array<char, 9> text{};
  std::snprintf(text.data(), text.size(), "%08X", word);
  return text.data();
}

/// As the kernel prints it: words in the machine's order.
std::string table_form(const Address& address, Port port) {
  std::string text;
  const auto bytes = address.bytes();
  for (std::size_t i = 0; i < bytes.size(); i += 4) {
    std::uint32_t word = 0;
    std::memcpy(&word, &bytes[i], sizeof word);
    text += hex(word);
  }
  return text + ":" + hex(port.value).substr(4);
}

bool set(int fd, int level, int option, int value) {
  return ::setsockopt(fd, level, option, &value, sizeof value) == 0;
}

}  // namespace

std::optional<KernelQueue> read_queue(std::string_view table, const Address& group, Port port) {
  const std::string wanted = table_form(group, port);
  std::istringstream lines{std::string{table}};
  for (std::string line; std::getline(lines, line);) {
    std::istringstream words{line};
    std::string slot, local, remote, state, queues, timer, retransmits, user, timeout, inode, references, pointer;
    KernelQueue queue;
    words >> slot >> local >> remote >> state >> queues >> timer >> retransmits >> user >> timeout >> inode >>
        references >> pointer >> queue.dropped;
    const std::size_t colon = queues.find(':');
    if (local != wanted || colon == std::string::npos) continue;
    queue.waiting = std::strtoull(queues.c_str() + colon + 1, nullptr, 16);
    return queue;
  }
  return std::nullopt;
}

tl::expected<Injector, std::string> Injector::open(const Line& line) {
  const bool ipv4 = line.group.family() == Family::ipv4;
  const auto fail = [&] {
    return tl::unexpected{"cannot send to " + to_string(line.group) + " on " + line.interface + ": " +
                          std::strerror(errno)};
  };
  const unsigned index = ::if_nametoindex(line.interface.c_str());
  if (index == 0) return fail();
  base::Fd socket{::socket(ipv4 ? AF_INET : AF_INET6, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0)};
  if (!socket) return fail();
  if (ipv4) {
    ip_mreqn interface {};
    interface.imr_ifindex = static_cast<int>(index);
    if (::setsockopt(socket.get(), IPPROTO_IP, IP_MULTICAST_IF, &interface, sizeof interface) != 0 ||
        !set(socket.get(), IPPROTO_IP, IP_MULTICAST_LOOP, 1) || !set(socket.get(), IPPROTO_IP, IP_MULTICAST_TTL, 0))
      return fail();
  } else if (!set(socket.get(), IPPROTO_IPV6, IPV6_MULTICAST_IF, static_cast<int>(index)) ||
             !set(socket.get(), IPPROTO_IPV6, IPV6_MULTICAST_LOOP, 1) ||
             !set(socket.get(), IPPROTO_IPV6, IPV6_MULTICAST_HOPS, 0)) {
    return fail();
  }
  return Injector{std::move(socket), line};
}

void Injector::look() {
  std::ifstream file{line_.group.family() == Family::ipv4 ? "/proc/net/udp" : "/proc/net/udp6"};
  std::ostringstream text;
  text << file.rdbuf();
  const auto queue = read_queue(text.str(), line_.group, line_.port);
  looked_ = std::chrono::steady_clock::now();
  listening_ = queue.has_value();
  queued_there_ = queue ? queue->waiting : 0;
  credit_ = queue && queue->waiting < room ? room - queue->waiting : 0;
  if (queue) dropped_ = queue->dropped;
}

bool Injector::send(const std::string& datagram) {
  sockaddr_storage to{};
  socklen_t size = sizeof(sockaddr_in);
  const auto bytes = line_.group.bytes();
  if (line_.group.family() == Family::ipv4) {
    auto* const address = reinterpret_cast<sockaddr_in*>(&to);
    address->sin_family = AF_INET;
    address->sin_port = htons(line_.port.value);
    std::memcpy(&address->sin_addr, bytes.data(), bytes.size());
  } else {
    auto* const address = reinterpret_cast<sockaddr_in6*>(&to);
    address->sin6_family = AF_INET6;
    address->sin6_port = htons(line_.port.value);
    std::memcpy(&address->sin6_addr, bytes.data(), bytes.size());
    size = sizeof(sockaddr_in6);
  }
  return ::sendto(socket_.get(), datagram.data(), datagram.size(), 0, reinterpret_cast<const sockaddr*>(&to), size) >=
         0;
}

bool Injector::work() {
  while (queue_.size() > most_queued) queue_.pop_front();  // nobody listens, and the oldest is worth the least
  const auto now = std::chrono::steady_clock::now();
  const bool settled = now - sent_ >= pause;  // what was just sent may be on its way to the socket still
  if (settled && (credit_ < dearest || now - looked_ > longest_unseen)) look();
  while (!queue_.empty()) {
    const std::uint64_t size = std::max<std::uint64_t>(cost, queue_.front().size() * 2);
    if (credit_ < size || !send(queue_.front())) return true;
    sent_ = now;
    credit_ -= size;
    ++given_;
    queue_.pop_front();
  }
  return false;
}

}  // namespace ipvs::sync
