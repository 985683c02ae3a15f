#include "datagrams.hpp"

#include <netinet/in.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>

#include <array>

#include "server.hpp"

namespace probe_test {

Datagrams::Datagrams(Reply reply)
    : reply_{std::move(reply)}, stop_{eventfd(0, EFD_CLOEXEC)}, socket_{bound(SOCK_DGRAM, port_)} {
  thread_ = std::thread{[this] { serve(); }};
}

Datagrams::~Datagrams() {
  eventfd_write(stop_.get(), 1);
  thread_.join();
}

void Datagrams::serve() {
  std::array<pollfd, 2> list{{{socket_.get(), POLLIN, 0}, {stop_.get(), POLLIN, 0}}};
  while (poll(list.data(), list.size(), -1) > 0 && list[1].revents == 0) {
    std::array<char, 4096> buffer{};
    sockaddr_in from{};
    socklen_t size = sizeof from;
    auto* const any = reinterpret_cast<sockaddr*>(&from);
    const ssize_t got = recvfrom(socket_.get(), buffer.data(), buffer.size(), MSG_DONTWAIT, any, &size);
    if (got < 0) continue;
    for (const std::string& text : reply_({buffer.data(), static_cast<std::size_t>(got)}))
      sendto(socket_.get(), text.data(), text.size(), 0, any, size);
  }
}

}  // namespace probe_test
