// Addresses as the kernel's sockets have them.
#pragma once

#include <netinet/in.h>
#include <sys/socket.h>

#include "ipvs++/service.hpp"

namespace keepalive::vrrp_role {

struct SocketAddress {
  sockaddr_storage storage = {};
  socklen_t size = sizeof(sockaddr_storage);

  sockaddr* get() { return reinterpret_cast<sockaddr*>(&storage); }
  const sockaddr* get() const { return reinterpret_cast<const sockaddr*>(&storage); }
};

/// `scope`: the interface's index, for IPv6's link-local addresses.
SocketAddress kernels(const ipvs::Endpoint& endpoint, unsigned int scope);
ipvs::Endpoint endpoint_of(const SocketAddress& address);

}  // namespace keepalive::vrrp_role
