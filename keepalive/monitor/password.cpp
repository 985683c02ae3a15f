#include "monitor/password.hpp"

#include <crypt.h>

#include <array>
#include <memory>
#include <stdexcept>

#include "monitor/secret.hpp"

namespace keepalive::monitor {
namespace {

/// Empty: refused.
std::string crypted(const std::string& password, const std::string& setting) {
  const auto room = std::make_unique<crypt_data>();
  const char* const made = crypt_rn(password.c_str(), setting.c_str(), room.get(), sizeof(crypt_data));
  return made == nullptr ? "" : made;
}

}  // namespace

std::string hash_password(const std::string& password) {
  std::array<char, CRYPT_GENSALT_OUTPUT_SIZE> setting{};
  if (crypt_gensalt_rn("$y$", 0, nullptr, 0, setting.data(), static_cast<int>(setting.size())) == nullptr)
    throw std::runtime_error{"this libcrypt has no yescrypt"};
  std::string hash = crypted(password, setting.data());
  if (hash.empty()) throw std::runtime_error{"this password cannot be hashed"};
  return hash;
}

bool fits(const std::string& password, const std::string& hash) {
  if (password.find('\0') != std::string::npos) return false;
  const std::string made = crypted(password, hash);
  return !made.empty() && same(made, hash);
}

const std::string& nobodys_hash() {
  static const std::string hash = hash_password(random_hex(32));
  return hash;
}

}  // namespace keepalive::monitor
