// What an advertisement says that our configuration says otherwise. It is heard all the same, but told of: RFC 9568
// section 7.1 with erratum 8298, section 8.3.2.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "config/vrrp.hpp"
#include "core/vrrp/packet.hpp"

namespace keepalive::core::vrrp {

struct Difference {
  enum class Kind : std::uint8_t { interval, addresses, second_owner, link_local };
  Kind kind = Kind::interval;
  std::string text = "";

  friend bool operator==(const Difference&, const Difference&) = default;
};

/// `ours`: the addresses that we advertise.
std::vector<Difference> differences(const Instance& instance, const std::vector<ipvs::Address>& ours,
                                    const Advertisement& told);

/// fe80::/10.
bool is_link_local(const ipvs::Address& address);

}  // namespace keepalive::core::vrrp
