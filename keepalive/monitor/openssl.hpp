// OpenSSL's objects as values that somebody owns, and what is asked of a certificate.
#pragma once

#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/x509.h>

#include <memory>
#include <string>

#include "monitor/secret.hpp"

namespace keepalive::monitor::openssl {

template <auto free>
struct Free {
  template <class T>
  void operator()(T* one) const {
    free(one);
  }
};
using Bio = std::unique_ptr<BIO, Free<BIO_free>>;
using Certificate = std::unique_ptr<X509, Free<X509_free>>;
using Key = std::unique_ptr<EVP_PKEY, Free<EVP_PKEY_free>>;

/// Reads a text, which must outlive it.
inline Bio over(const std::string& text) { return Bio{BIO_new_mem_buf(text.data(), static_cast<int>(text.size()))}; }

/// SHA-256, as 64 hexadecimal digits; empty: there is none.
inline std::string fingerprint(const X509* certificate) {
  Digest found{};
  unsigned size = 0;
  if (certificate == nullptr || X509_digest(certificate, EVP_sha256(), found.data(), &size) != 1) return {};
  return hex(found);
}

}  // namespace keepalive::monitor::openssl
