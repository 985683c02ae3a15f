// Why a packet is not heard.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace keepalive::core::vrrp {

/// In the order in which it is looked at.
enum class Drop : std::uint8_t {
  too_short,
  version,
  type,
  interval,  // 0: erratum 8301
  too_long,
  checksum,
  authentication,
  // What an instance does not take:
  own_address,
  ttl,
  not_a_peer,
  other_version,
  other_interval,
  password,
  unknown_id,
  no_address,  // erratum 8299; where we have some to advertise
  hmac_missing,
  hmac_key,
  hmac,
  hmac_time,
  hmac_replayed,
};
constexpr std::size_t drops = 20;
std::string_view to_string(Drop drop);

}  // namespace keepalive::core::vrrp
