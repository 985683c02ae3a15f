// Authenticated encryption for the relay: ChaCha20-Poly1305 under keys that HKDF-SHA256 makes of a shared secret.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/bytes.hpp"

namespace ipvs::sync {

using CipherKey = std::array<std::uint8_t, 32>;

constexpr std::size_t tag_size = 16;

/// A key of its own for each `purpose`. RFC 5869, without salt.
CipherKey derive(std::string_view secret, std::string_view purpose);
/// Tells secrets apart without giving them away.
std::uint32_t key_number(std::string_view secret);
/// From the kernel's random source; never 0.
std::uint64_t random_number();

/// One key, for many packets. Move-only; one thread at a time.
class Cipher {
 public:
  explicit Cipher(const CipherKey& key);
  Cipher(Cipher&&) noexcept;
  Cipher& operator=(Cipher&&) noexcept;
  ~Cipher();

  /// `plain` in cipher and a tag over it and `head`. A `number` must not be used twice with one key.
  std::string seal(std::uint64_t number, std::string_view head, std::string_view plain);
  /// Nothing if it is not what seal() made of the same number and head.
  std::optional<std::string> open(std::uint64_t number, std::string_view head, std::string_view sealed);

 private:
  struct Context;
  std::unique_ptr<Context> context_;
};

}  // namespace ipvs::sync
