#include "net/link_request.hpp"

#include <linux/if_link.h>

namespace keepalive::net {

bool write_settings(netlink::Writer& writer, std::uint32_t sequence, Index link, std::span<const Setting> settings) {
  return writer.message(RTM_SETLINK, 0, sequence, link_header(link), [&] {
    writer.nested(IFLA_AF_SPEC, [&] {
      writer.nested(AF_INET, [&] {
        writer.nested(IFLA_INET_CONF, [&] {
          for (const auto& [number, value] : settings) writer.put(number, value);
        });
      });
    });
  });
}

bool write_remove_link(netlink::Writer& writer, std::uint32_t sequence, Index link) {
  return writer.message(RTM_DELLINK, 0, sequence, link_header(link), [] {});
}

}  // namespace keepalive::net
