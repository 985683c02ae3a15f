// Random secrets and their digests, as text that goes into headers, cookies and files.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace keepalive::monitor {

using Digest = std::array<std::uint8_t, 32>;

/// SHA-256.
Digest digest(std::string_view text);
/// So many random bytes in lower-case hexadecimal.
std::string random_hex(std::size_t bytes);
std::string hex(std::string_view bytes);
std::string hex(const Digest& bytes);
/// In a time that tells nothing but the lengths.
bool same(std::string_view one, std::string_view other);

}  // namespace keepalive::monitor
