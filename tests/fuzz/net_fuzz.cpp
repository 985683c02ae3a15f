// What networks and the kernel give to the rim of VRRP: frames that announce addresses, IPv4 packets with their header,
// netlink messages of links. Any bytes give a value or none, and what is taken out of them lies within them.
#include <cstdint>
#include <vector>

#include "fuzz.hpp"
#include "net/frames.hpp"
#include "net/link_message.hpp"
#include "net/vrrp_socket.hpp"

using namespace keepalive::net;
using fuzz::must;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::vector<std::uint8_t> copy{data, data + size};  // ends where the bytes end
  if (const auto told = neighbour_in(copy)) must(told->interface == 0);
  if (const auto datagram = without_header(copy)) {
    must(datagram->bytes.size() + 20 <= copy.size());
    must(datagram->bytes.data() + datagram->bytes.size() == copy.data() + copy.size());
  }
  if (const auto link = link_in(copy)) must(link->index > 0);
  static_cast<void>(setting_in(copy, 1));
  return 0;
}
