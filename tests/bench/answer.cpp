// answer PORT answer|mute: accepts connections of all addresses; answers each request with 200, or never.
#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string_view>

namespace {

constexpr std::string_view reply =
    "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 3\r\nConnection: close\r\n\r\nok\n";

void watch(int epoll, int fd) {
  epoll_event event{};
  event.events = EPOLLIN;
  event.data.fd = fd;
  epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event);
}

void serve(int fd, bool mute) {
  std::array<char, 4096> request;  // NOLINT: filled by the kernel
  if (read(fd, request.data(), request.size()) > 0) {
    if (mute) return;
    [[maybe_unused]] const auto written = write(fd, reply.data(), reply.size());
  }
  close(fd);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) return 2;
  const bool mute = std::string_view{argv[2]} == "mute";
  const rlimit many{65536, 65536};
  setrlimit(RLIMIT_NOFILE, &many);
  const int listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
  const int yes = 1;
  setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(std::atoi(argv[1])));
  if (bind(listener, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 || listen(listener, 4096) != 0)
    return std::perror("answer"), 1;
  const int epoll = epoll_create1(0);
  watch(epoll, listener);
  std::array<epoll_event, 256> events;  // NOLINT: filled by the kernel
  for (;;) {
    const int count = epoll_wait(epoll, events.data(), static_cast<int>(events.size()), -1);
    for (int i = 0; i < count; ++i) {
      if (events[static_cast<std::size_t>(i)].data.fd != listener) {
        serve(events[static_cast<std::size_t>(i)].data.fd, mute);
        continue;
      }
      for (int fd = 0; (fd = accept4(listener, nullptr, nullptr, SOCK_NONBLOCK)) >= 0;) watch(epoll, fd);
    }
  }
}
