#include "names.hpp"

#include <arpa/inet.h>
#include <netdb.h>
#include <sys/socket.h>

#include "lookup.hpp"

namespace ipvsadm {
namespace {

std::optional<std::string> find_host(const ipvs::Address& address) {
  const auto bytes = address.bytes();
  const int family = address.family() == ipvs::Family::ipv4 ? AF_INET : AF_INET6;
  const hostent* host = gethostbyaddr(bytes.data(), static_cast<socklen_t>(bytes.size()), family);
  if (!host) return std::nullopt;
  return host->h_name;
}

std::optional<std::string> find_port(ipvs::Port port, ipvs::Protocol protocol) {
  const servent* service = getservbyport(htons(port.value), database_name(protocol));
  if (!service) return std::nullopt;
  return service->s_name;
}

}  // namespace

const std::optional<std::string>& Names::of(const ipvs::Address& address) {
  auto place = hosts_.find(address);
  if (place == hosts_.end()) place = hosts_.emplace(address, find_host(address)).first;
  return place->second;
}

const std::optional<std::string>& Names::of(ipvs::Port port, ipvs::Protocol protocol) {
  const std::pair key{port, protocol};
  auto place = ports_.find(key);
  if (place == ports_.end()) place = ports_.emplace(key, find_port(port, protocol)).first;
  return place->second;
}

}  // namespace ipvsadm
