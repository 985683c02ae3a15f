// mirror PORT: sends every UDP datagram back from the address that it was sent to, until it is killed.
#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <array>
#include <cstdint>
#include <cstdio>
#include <cstdlib>

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  const int fd = socket(AF_INET, SOCK_DGRAM, 0);
  const int yes = 1;
  setsockopt(fd, IPPROTO_IP, IP_PKTINFO, &yes, sizeof yes);
  sockaddr_in here{};
  here.sin_family = AF_INET;
  here.sin_port = htons(static_cast<std::uint16_t>(std::atoi(argv[1])));
  if (bind(fd, reinterpret_cast<const sockaddr*>(&here), sizeof here) != 0) return std::perror("mirror"), 1;
  for (;;) {
    std::array<char, 64> bytes;
    alignas(cmsghdr) std::array<char, CMSG_SPACE(sizeof(in_pktinfo))> extra;
    sockaddr_in peer{};
    iovec part{bytes.data(), bytes.size()};
    msghdr message{&peer, sizeof peer, &part, 1, extra.data(), extra.size(), 0};
    const ssize_t got = recvmsg(fd, &message, 0);
    if (got < 0) return 1;
    // The same control message, sent back, sets the source; the route decides on the interface.
    auto* const info = reinterpret_cast<in_pktinfo*>(CMSG_DATA(CMSG_FIRSTHDR(&message)));
    info->ipi_spec_dst = info->ipi_addr;
    info->ipi_ifindex = 0;
    part.iov_len = static_cast<std::size_t>(got);
    message.msg_flags = 0;
    if (sendmsg(fd, &message, 0) < 0) std::perror("mirror: not sent");
  }
}
