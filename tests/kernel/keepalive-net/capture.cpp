#include "capture.hpp"

#include <arpa/inet.h>
#include <linux/if_packet.h>
#include <poll.h>
#include <sys/socket.h>

#include <array>

namespace keepalive::net::test {

Capture::Capture(const std::string& interface, unsigned type)
    : fd_{socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, htons(static_cast<std::uint16_t>(type)))} {
  const int room = 4 << 20;
  setsockopt(fd_.get(), SOL_SOCKET, SO_RCVBUFFORCE, &room, sizeof room);
  sockaddr_ll place{};
  place.sll_family = AF_PACKET;
  place.sll_protocol = htons(static_cast<std::uint16_t>(type));
  place.sll_ifindex = static_cast<int>(index_of(interface));
  REQUIRE(bind(fd_.get(), reinterpret_cast<const sockaddr*>(&place), sizeof place) == 0);
}

std::string Capture::next() {
  pollfd wait{fd_.get(), POLLIN, 0};
  if (poll(&wait, 1, 5000) <= 0) return {};
  std::array<char, 65536> buffer{};
  const ssize_t got = recv(fd_.get(), buffer.data(), buffer.size(), MSG_DONTWAIT);
  return {buffer.data(), got < 0 ? 0 : static_cast<std::size_t>(got)};
}

std::size_t Capture::count() {
  std::size_t frames = 0;
  std::array<char, 2048> buffer{};
  while (recv(fd_.get(), buffer.data(), buffer.size(), MSG_DONTWAIT) >= 0) ++frames;
  return frames;
}

}  // namespace keepalive::net::test
