// flood ADDRESS PORT COUNT: sends COUNT UDP datagrams, each from an endpoint of its own (10.64.0.0/10 must be local),
// so that a virtual service at ADDRESS:PORT gets COUNT connections.
#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <array>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>

namespace {

constexpr std::uint32_t first_source = 0x0a400001;  // 10.64.0.1

struct Control {
  alignas(cmsghdr) std::array<std::byte, CMSG_SPACE(sizeof(in_pktinfo))> bytes = {};
};

// One socket will do: IP_PKTINFO names the source address of each datagram.
bool send_from(int socket, const sockaddr_in& to, std::uint32_t source) {
  Control control;
  msghdr message{};
  auto target = to;
  message.msg_name = &target;
  message.msg_namelen = sizeof target;
  message.msg_control = control.bytes.data();
  message.msg_controllen = control.bytes.size();
  cmsghdr* header = CMSG_FIRSTHDR(&message);
  header->cmsg_level = IPPROTO_IP;
  header->cmsg_type = IP_PKTINFO;
  header->cmsg_len = CMSG_LEN(sizeof(in_pktinfo));
  in_pktinfo info{};
  info.ipi_spec_dst.s_addr = htonl(source);
  std::memcpy(CMSG_DATA(header), &info, sizeof info);
  return sendmsg(socket, &message, 0) >= 0;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 4) return 2;
  sockaddr_in to{};
  to.sin_family = AF_INET;
  to.sin_port = htons(static_cast<std::uint16_t>(std::atoi(argv[2])));
  if (inet_pton(AF_INET, argv[1], &to.sin_addr) != 1) return 2;
  const int udp = socket(AF_INET, SOCK_DGRAM, 0);
  const auto count = static_cast<std::uint32_t>(std::atol(argv[3]));
  for (std::uint32_t i = 0; i < count; ++i) {
    if (!send_from(udp, to, first_source + i)) {
      std::perror("flood");
      return 1;
    }
  }
}
