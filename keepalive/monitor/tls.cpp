#include "monitor/tls.hpp"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/pemerr.h>
#include <openssl/ssl.h>
#include <openssl/x509err.h>

#include <array>

#include "monitor/openssl.hpp"

namespace keepalive::monitor {
namespace {

using openssl::Bio;
using openssl::Certificate;
using openssl::Key;
using openssl::over;
using Revocations = std::unique_ptr<X509_CRL, openssl::Free<X509_CRL_free>>;

Certificate next(BIO* bio) { return Certificate{PEM_read_bio_X509(bio, nullptr, nullptr, nullptr)}; }

std::string reason() {
  std::array<char, 256> text{};
  ERR_error_string_n(ERR_peek_last_error(), text.data(), text.size());
  ERR_clear_error();
  return text.data();
}

/// `path`: of the file that this key names, empty: of none. `kind`: what should stand in it.
tl::unexpected<std::string> fault(const std::string& key, const std::string& path = "",
                                  const std::string& kind = "certificate") {
  const unsigned long last = ERR_peek_last_error();
  const auto is = [&](int library, int why) { return ERR_GET_LIB(last) == library && ERR_GET_REASON(last) == why; };
  const bool none = last == 0 || is(ERR_LIB_PEM, PEM_R_NO_START_LINE) || is(ERR_LIB_OSSL_DECODER, ERR_R_UNSUPPORTED);
  const bool foreign = is(ERR_LIB_X509, X509_R_KEY_VALUES_MISMATCH) || is(ERR_LIB_X509, X509_R_KEY_TYPE_MISMATCH);
  const std::string why = reason();
  return tl::unexpected{key + (path.empty() ? "" : " " + path) + ": " +
                        (none      ? "no PEM " + kind + " in it"
                         : foreign ? "does not belong to the certificate"
                                   : why)};
}

TlsContext bare(const SSL_METHOD* method) {
  TlsContext context{SSL_CTX_new(method), &SSL_CTX_free};
  SSL_CTX* const native = context.get();
  SSL_CTX_set_min_proto_version(native, TLS1_2_VERSION);
  SSL_CTX_set_options(native, SSL_OP_NO_COMPRESSION | SSL_OP_NO_RENEGOTIATION | SSL_OP_CIPHER_SERVER_PREFERENCE |
                                  SSL_OP_IGNORE_UNEXPECTED_EOF);
  SSL_CTX_set_mode(native,
                   SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER | SSL_MODE_RELEASE_BUFFERS);
  SSL_CTX_set_cipher_list(native, "ECDHE+AESGCM:ECDHE+CHACHA20");
  SSL_CTX_set_session_cache_mode(native, SSL_SESS_CACHE_OFF);
  SSL_CTX_set_session_id_context(native, reinterpret_cast<const unsigned char*>("keepalive"), 9);
  return context;
}

bool use_chain(SSL_CTX* context, const std::string& text) {
  const Bio bio = over(text);
  const Certificate own = next(bio.get());
  if (!own || SSL_CTX_use_certificate(context, own.get()) != 1) return false;
  for (Certificate more = next(bio.get()); more; more = next(bio.get()))
    if (SSL_CTX_add1_chain_cert(context, more.get()) != 1) return false;
  ERR_clear_error();  // the end of the text
  return true;
}

bool use_key(SSL_CTX* context, const std::string& text) {
  const Key key{PEM_read_bio_PrivateKey(over(text).get(), nullptr, nullptr, nullptr)};
  return key && SSL_CTX_use_PrivateKey(context, key.get()) == 1 && SSL_CTX_check_private_key(context) == 1;
}

bool trust(SSL_CTX* context, const std::string& text) {
  const Bio bio = over(text);
  bool any = false;
  for (Certificate one = next(bio.get()); one; one = next(bio.get())) {
    any = true;
    X509_STORE_add_cert(SSL_CTX_get_cert_store(context), one.get());
    SSL_CTX_add_client_CA(context, one.get());
  }
  if (any) ERR_clear_error();
  return any;
}

/// Lists of what was revoked, if the text has any: then each authority must have one that is not outdated.
void revoke(SSL_CTX* context, const std::string& text) {
  const Bio bio = over(text);
  X509_STORE* const store = SSL_CTX_get_cert_store(context);
  const auto next_list = [&] { return Revocations{PEM_read_bio_X509_CRL(bio.get(), nullptr, nullptr, nullptr)}; };
  for (auto one = next_list(); one; one = next_list()) {
    X509_STORE_add_crl(store, one.get());
    X509_STORE_set_flags(store, X509_V_FLAG_CRL_CHECK);
  }
  ERR_clear_error();
}

}  // namespace

MadeContext server_context(const ServerTls& settings) {
  TlsContext context = bare(TLS_server_method());
  if (!use_chain(context.get(), settings.certificate)) return fault("[monitor] certificate", settings.certificate_path);
  if (!use_key(context.get(), settings.key)) return fault("[monitor] certificate_key", settings.key_path, "key");
  if (settings.client_ca.empty()) return context;
  if (!trust(context.get(), settings.client_ca)) return fault("[monitor] client_ca", settings.client_ca_path);
  revoke(context.get(), settings.client_ca);
  SSL_CTX_set_options(context.get(), SSL_OP_NO_TICKET);  // each handshake looks at the certificate
  SSL_CTX_set_num_tickets(context.get(), 0);
  SSL_CTX_set_verify(context.get(), SSL_VERIFY_PEER, nullptr);
  return context;
}

MadeContext client_context(const std::string& ca) {
  TlsContext context = bare(TLS_client_method());
  if (ca.empty()) return context;
  if (!trust(context.get(), ca)) return fault("ca");
  SSL_CTX_set_verify(context.get(), SSL_VERIFY_PEER, nullptr);
  return context;
}

}  // namespace keepalive::monitor
