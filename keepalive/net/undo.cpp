#include "net/undo.hpp"

#include <algorithm>
#include <array>
#include <cerrno>

#include "base/bytes.hpp"
#include "net/link_request.hpp"
#include "net/netlink.hpp"
#include "net/route_request.hpp"

namespace keepalive::net {
namespace {

/// `write(writer)` as a text of its own.
template <class Write>
std::string request(Write write) {
  std::array<std::uint8_t, 1024> storage{};
  netlink::Writer writer{storage};
  write(writer);
  const netlink::Bytes bytes = writer.bytes();
  return {bytes.begin(), bytes.end()};
}

bool is_gone(int error) {
  constexpr std::array gone = {ESRCH, ENOENT, ENODEV, EADDRNOTAVAIL};
  return std::find(gone.begin(), gone.end(), error) != gone.end();
}

}  // namespace

std::string removal(const Route& route) {
  return request([&](netlink::Writer& writer) { write(writer, RTM_DELROUTE, 0, 0, route); });
}

std::string removal(const Rule& rule) {
  return request([&](netlink::Writer& writer) { write(writer, RTM_DELRULE, 0, 0, rule); });
}

std::string removal_of_link(Index link) {
  return request([&](netlink::Writer& writer) { write_remove_link(writer, 0, link); });
}

std::string restoring(Index link, const ArpSettings& settings) {
  return request([&](netlink::Writer& writer) { write_settings(writer, 0, link, settings_of(settings)); });
}

std::size_t undo_now(std::span<const std::string> requests) {
  auto fd = netlink::Requests::socket();
  if (!fd) return requests.size();
  netlink::Requests all{std::move(*fd)};
  std::size_t refused = 0;
  all.run(
      requests.size(),
      [&](netlink::Writer& writer, std::uint32_t sequence, std::size_t i) {
        return writer.copy(base::as_bytes(requests[i]), sequence);
      },
      [&](std::size_t, int error) { refused += is_gone(error) ? 0 : 1; });
  return refused;
}

}  // namespace keepalive::net
