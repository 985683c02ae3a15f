#include "net/guard.hpp"

#include <cerrno>

#include "net/address_request.hpp"
#include "net/netlink.hpp"

namespace keepalive::net {

std::size_t remove_now(std::span<const HeldAddress> addresses) {
  auto fd = netlink::Requests::socket();
  if (!fd) return errno = fd.error(), addresses.size();
  netlink::Requests requests{std::move(*fd)};
  std::size_t left = 0;
  int first = 0;
  requests.run(
      addresses.size(),
      [&](netlink::Writer& writer, std::uint32_t sequence, std::size_t i) {
        return write_remove(writer, sequence, addresses[i]);
      },
      [&](std::size_t, int error) {
        if (left_of_removing(error) == 0) return;
        if (left++ == 0) first = error;
      });
  if (left > 0) errno = first;
  return left;
}

}  // namespace keepalive::net
