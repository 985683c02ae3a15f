#include "sync/io/secure.hpp"

#include <openssl/err.h>
#include <openssl/ssl.h>

#include <algorithm>
#include <boost/asio/buffer.hpp>
#include <vector>

#include "sync/cipher.hpp"

namespace ipvs::sync {
namespace {

namespace ssl = boost::asio::ssl;

struct Shared {
  std::string name = "";  // that the other side finds it by
  CipherKey key = {};
};
using SharedKeys = std::vector<Shared>;

/// Where a context keeps its keys; OpenSSL frees them with it.
int key_index() {
  static const int index = CRYPTO_get_ex_new_index(
      CRYPTO_EX_INDEX_SSL_CTX, 0, nullptr, nullptr, nullptr,
      [](void*, void* keys, CRYPTO_EX_DATA*, int, long, void*) { delete static_cast<SharedKeys*>(keys); });
  return index;
}

const SharedKeys& keys_of(SSL* connection) {
  return *static_cast<const SharedKeys*>(SSL_CTX_get_ex_data(SSL_get_SSL_CTX(connection), key_index()));
}

unsigned copied(const CipherKey& key, unsigned char* to, unsigned room) {
  if (room < key.size()) return 0;
  std::copy(key.begin(), key.end(), to);
  return static_cast<unsigned>(key.size());
}

unsigned our_key(SSL* connection, const char*, char* name, unsigned name_room, unsigned char* key, unsigned key_room) {
  const Shared& first = keys_of(connection).front();
  if (first.name.size() >= name_room) return 0;
  std::copy_n(first.name.c_str(), first.name.size() + 1, name);
  return copied(first.key, key, key_room);
}

unsigned their_key(SSL* connection, const char* name, unsigned char* key, unsigned key_room) {
  for (const Shared& shared : keys_of(connection))
    if (name != nullptr && shared.name == name) return copied(shared.key, key, key_room);
  return 0;
}

void use_secrets(ssl::context& context, const std::vector<std::string>& secrets, Side side) {
  auto keys = std::make_unique<SharedKeys>();
  for (const std::string& secret : secrets)
    keys->push_back({"ipvs-sync-" + std::to_string(key_number(secret)), derive(secret, "ipvs-sync channel")});
  SSL_CTX* const native = context.native_handle();
  SSL_CTX_set_ex_data(native, key_index(), keys.release());
  if (side == Side::asks)
    SSL_CTX_set_psk_client_callback(native, our_key);
  else
    SSL_CTX_set_psk_server_callback(native, their_key);
  SSL_CTX_set_ciphersuites(native, "TLS_AES_128_GCM_SHA256:TLS_CHACHA20_POLY1305_SHA256");
}

std::string use_certificates(ssl::context& context, const AgentSettings& settings) {
  boost::system::error_code error;
  context.use_certificate_chain(boost::asio::buffer(settings.certificate), error);
  if (error) return "certificate: " + error.message();
  context.use_private_key(boost::asio::buffer(settings.certificate_key), ssl::context::pem, error);
  if (error) return "certificate_key: " + error.message();
  context.add_certificate_authority(boost::asio::buffer(settings.ca), error);
  if (error) return "ca: " + error.message();
  context.set_verify_mode(ssl::verify_peer | ssl::verify_fail_if_no_peer_cert);
  return {};
}

}  // namespace

tl::expected<std::shared_ptr<ssl::context>, std::string> secure_context(const AgentSettings& settings, Side side) {
  auto context =
      std::make_shared<ssl::context>(side == Side::asks ? ssl::context::tls_client : ssl::context::tls_server);
  SSL_CTX_set_min_proto_version(context->native_handle(), TLS1_3_VERSION);
  SSL_CTX_set_session_cache_mode(context->native_handle(), SSL_SESS_CACHE_OFF);
  SSL_CTX_set_num_tickets(context->native_handle(), 0);
  if (!settings.certificate.empty()) {
    std::string fault = use_certificates(*context, settings);
    if (!fault.empty()) return tl::unexpected{std::move(fault)};
  } else if (!settings.secrets.empty()) {
    use_secrets(*context, settings.secrets, side);
    // RFC 8446 4.2.11: a server need not take the secret that it is offered. A certificate instead has no authority.
    if (side == Side::asks) context->set_verify_mode(ssl::verify_peer);
  } else {
    return tl::unexpected{std::string{"a channel wants a key or certificates"}};
  }
  return context;
}

bool proven(const SSL& connection) {
  const bool secret = SSL_CTX_get_ex_data(SSL_get_SSL_CTX(&connection), key_index()) != nullptr;
  return !secret || SSL_session_reused(&connection) == 1;
}

}  // namespace ipvs::sync
