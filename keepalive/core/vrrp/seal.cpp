#include "core/vrrp/seal.hpp"

#include <openssl/crypto.h>
#include <openssl/hmac.h>

#include <new>

namespace keepalive::core::vrrp {

Seal seal(base::Bytes bytes, std::string_view key) {
  Seal result{};
  unsigned int size = 0;
  if (HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()), bytes.data(), bytes.size(), result.data(), &size) ==
      nullptr)
    throw std::bad_alloc{};  // it knows no other reason
  return result;
}

bool same(base::Bytes one, base::Bytes other) {
  return other.size() == one.size() && CRYPTO_memcmp(one.data(), other.data(), one.size()) == 0;
}

}  // namespace keepalive::core::vrrp
