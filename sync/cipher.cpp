#include "sync/cipher.hpp"

#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/kdf.h>
#include <openssl/params.h>
#include <openssl/rand.h>

#include <stdexcept>

namespace ipvs::sync {
namespace {

/// Of what fails only without memory or without OpenSSL's algorithms.
void must(bool good) {
  if (!good) throw std::runtime_error{"OpenSSL refuses ChaCha20-Poly1305, HKDF or random numbers"};
}

const std::uint8_t* raw(std::string_view text) { return reinterpret_cast<const std::uint8_t*>(text.data()); }
std::uint8_t* raw(std::string& text) { return reinterpret_cast<std::uint8_t*>(text.data()); }
int length(std::string_view text) { return static_cast<int>(text.size()); }

std::array<std::uint8_t, 12> nonce(std::uint64_t number) {
  std::array<std::uint8_t, 12> bytes{};
  for (std::size_t i = 0; i < 8; ++i) bytes[11 - i] = static_cast<std::uint8_t>(number >> (8 * i));
  return bytes;
}

template <auto free>
struct Free {
  template <class T>
  void operator()(T* handle) const {
    free(handle);
  }
};

}  // namespace

CipherKey derive(std::string_view secret, std::string_view purpose) {
  const std::unique_ptr<EVP_KDF, Free<EVP_KDF_free>> kdf{EVP_KDF_fetch(nullptr, "HKDF", nullptr)};
  must(kdf != nullptr);
  const std::unique_ptr<EVP_KDF_CTX, Free<EVP_KDF_CTX_free>> context{EVP_KDF_CTX_new(kdf.get())};
  must(context != nullptr);
  std::string hash = "SHA256";
  std::string key{secret};
  std::string info{purpose};
  const std::array parameters{OSSL_PARAM_construct_utf8_string(OSSL_KDF_PARAM_DIGEST, hash.data(), 0),
                              OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_KEY, key.data(), key.size()),
                              OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_INFO, info.data(), info.size()),
                              OSSL_PARAM_construct_end()};
  CipherKey result{};
  must(EVP_KDF_derive(context.get(), result.data(), result.size(), parameters.data()) == 1);
  return result;
}

std::uint32_t key_number(std::string_view secret) {
  const CipherKey key = derive(secret, "ipvs-sync key number");
  return base::ByteReader{key}.u32();
}

std::uint64_t random_number() {
  std::array<std::uint8_t, 8> bytes{};
  std::uint64_t number = 0;
  while (number == 0) {
    must(RAND_bytes(bytes.data(), bytes.size()) == 1);
    number = base::ByteReader{bytes}.u64();
  }
  return number;
}

struct Cipher::Context {
  std::unique_ptr<EVP_CIPHER_CTX, Free<EVP_CIPHER_CTX_free>> seal{EVP_CIPHER_CTX_new()};
  std::unique_ptr<EVP_CIPHER_CTX, Free<EVP_CIPHER_CTX_free>> open{EVP_CIPHER_CTX_new()};
};

Cipher::Cipher(const CipherKey& key) : context_{std::make_unique<Context>()} {
  must(context_->seal && context_->open);
  must(EVP_EncryptInit_ex(context_->seal.get(), EVP_chacha20_poly1305(), nullptr, key.data(), nullptr) == 1);
  must(EVP_DecryptInit_ex(context_->open.get(), EVP_chacha20_poly1305(), nullptr, key.data(), nullptr) == 1);
}

Cipher::Cipher(Cipher&&) noexcept = default;
Cipher& Cipher::operator=(Cipher&&) noexcept = default;
Cipher::~Cipher() = default;

std::string Cipher::seal(std::uint64_t number, std::string_view head, std::string_view plain) {
  EVP_CIPHER_CTX* const context = context_->seal.get();
  std::string sealed(plain.size() + tag_size, '\0');
  int size = 0;
  must(EVP_EncryptInit_ex(context, nullptr, nullptr, nullptr, nonce(number).data()) == 1);
  must(EVP_EncryptUpdate(context, nullptr, &size, raw(head), length(head)) == 1);
  must(EVP_EncryptUpdate(context, raw(sealed), &size, raw(plain), length(plain)) == 1);
  must(EVP_EncryptFinal_ex(context, raw(sealed) + size, &size) == 1);
  must(EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_GET_TAG, tag_size, raw(sealed) + plain.size()) == 1);
  return sealed;
}

std::optional<std::string> Cipher::open(std::uint64_t number, std::string_view head, std::string_view sealed) {
  if (sealed.size() < tag_size) return std::nullopt;
  EVP_CIPHER_CTX* const context = context_->open.get();
  std::string plain(sealed.size() - tag_size, '\0');
  std::string tag{sealed.substr(plain.size())};
  int size = 0;
  must(EVP_DecryptInit_ex(context, nullptr, nullptr, nullptr, nonce(number).data()) == 1);
  must(EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_SET_TAG, tag_size, tag.data()) == 1);
  must(EVP_DecryptUpdate(context, nullptr, &size, raw(head), length(head)) == 1);
  must(EVP_DecryptUpdate(context, raw(plain), &size, raw(sealed), length(plain)) == 1);
  if (EVP_DecryptFinal_ex(context, raw(plain) + size, &size) != 1) return std::nullopt;
  return plain;
}

}  // namespace ipvs::sync
