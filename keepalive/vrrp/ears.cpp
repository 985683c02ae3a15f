#include "vrrp/ears.hpp"

#include <fmt/format.h>

#include <cstring>
#include <set>

#include "base/bytes.hpp"
#include "io/log.hpp"

namespace keepalive::vrrp_role {

using namespace core::vrrp;
using io::Level;

void Ears::open(const Router& router, const net::Links& links) {
  std::map<Ear, bool> wanted;  // and whether multicast is heard there
  std::set<Ear> watched;
  for (const auto& [name, one] : router.instances()) {
    const Instance& instance = one.instance;
    wanted[{device_of(instance), instance.family}] |= instance.peers.empty();
    for (const VirtualAddress& address : instance.addresses) {
      const Place place = place_of(instance, address);
      watched.insert({place.interface, place.address.family()});
    }
  }
  std::erase_if(sockets_, [&](const auto& one) {
    const auto found = wanted.find(one.first);
    return found == wanted.end() || found->second != one.second.multicast;
  });
  std::erase_if(watches_, [&](const auto& one) { return !watched.contains(one.first); });
  for (const auto& [ear, multicast] : wanted)
    if (!sockets_.contains(ear) && links.find(ear.first) != nullptr) open_socket(ear, multicast);
  for (const Ear& ear : watched)
    if (!watches_.contains(ear) && links.find(ear.first) != nullptr) open_watch(ear, links);
}

void Ears::open_socket(const Ear& ear, bool multicast) {
  net::VrrpSocket::Setting setting{.interface = ear.first, .family = ear.second};
  if (multicast) setting.group = multicast_group(ear.second);
  auto socket = net::VrrpSocket::open(io_, setting, [this, name = ear.first](const net::Datagram& datagram) {
    hear_(Received{name,
                   {.source = datagram.source, .destination = datagram.destination, .ttl = datagram.ttl},
                   std::string{datagram.bytes.begin(), datagram.bytes.end()}});
  });
  if (socket) {
    deaf_.erase(ear);
    sockets_.emplace(ear, Open{std::move(*socket), multicast});
  } else if (std::exchange(deaf_[ear], socket.error()) != socket.error()) {
    io::log(Level::warning, "VRRP_DEAF",
            fmt::format("interface={} error={}", ear.first, io::quoted(std::strerror(socket.error()))));
  }
}

void Ears::open_watch(const Ear& ear, const net::Links& links) {
  const auto heard = [this, name = ear.first](const net::Neighbour& neighbour) {
    hear_(Seen{{name, neighbour.address}, neighbour.mac});
  };
  auto watch = net::NeighbourWatch::open(io_, links.find(ear.first)->index, ear.second, heard);
  if (watch) watches_.emplace(ear, std::move(*watch));
}

void Ears::lose(const std::string& interface) {
  std::erase_if(sockets_, [&](const auto& one) { return one.first.first == interface; });
  std::erase_if(watches_, [&](const auto& one) { return one.first.first == interface; });
}

void Ears::send(const Transmit& order) const {
  const auto socket = sockets_.find({order.interface, order.envelope.source.family()});
  if (socket == sockets_.end()) return;
  const auto sent = socket->second.socket->send({.source = order.envelope.source,
                                                 .destination = order.envelope.destination,
                                                 .ttl = order.envelope.ttl,
                                                 .bytes = base::as_bytes(order.bytes)});
  if (!sent)
    io::log(Level::info, "VRRP_UNSENT",
            fmt::format("interface={} error={}", order.interface, io::quoted(std::strerror(sent.error()))));
}

}  // namespace keepalive::vrrp_role
