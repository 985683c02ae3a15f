// HMAC-SHA256, which tells the words of those who have the key from all others.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "base/bytes.hpp"

namespace keepalive::core::vrrp {

using Seal = std::array<std::uint8_t, 32>;

/// Of these bytes. RFC 2104 with SHA-256; any length of key.
Seal seal(base::Bytes bytes, std::string_view key);
/// In a time that does not depend on where they differ.
bool same(base::Bytes one, base::Bytes other);

}  // namespace keepalive::core::vrrp
