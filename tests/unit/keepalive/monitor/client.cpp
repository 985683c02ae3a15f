#include "client.hpp"

#include <netinet/in.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <chrono>
#include <thread>

#include "monitor/secret.hpp"

namespace monitor_test {
namespace {

void present(SSL_CTX* context, const std::string& text) {
  const std::unique_ptr<BIO, decltype(&BIO_free)> one{BIO_new_mem_buf(text.data(), static_cast<int>(text.size())),
                                                      &BIO_free};
  const std::unique_ptr<BIO, decltype(&BIO_free)> two{BIO_new_mem_buf(text.data(), static_cast<int>(text.size())),
                                                      &BIO_free};
  const std::unique_ptr<X509, decltype(&X509_free)> certificate{PEM_read_bio_X509(one.get(), nullptr, nullptr, nullptr),
                                                                &X509_free};
  const std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> key{
      PEM_read_bio_PrivateKey(two.get(), nullptr, nullptr, nullptr), &EVP_PKEY_free};
  SSL_CTX_use_certificate(context, certificate.get());
  SSL_CTX_use_PrivateKey(context, key.get());
}

using Key = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;
using Certificate = std::unique_ptr<X509, decltype(&X509_free)>;

void extend(X509* certificate, int kind, const std::string& value) {
  X509_EXTENSION* const made = X509V3_EXT_conf_nid(nullptr, nullptr, kind, value.c_str());
  X509_add_ext(certificate, made, -1);
  X509_EXTENSION_free(made);
}

Certificate certify(EVP_PKEY* key, const std::string& name, EVP_PKEY* by, X509* issuer, const Issue& how = {}) {
  Certificate made{X509_new(), &X509_free};
  X509_set_version(made.get(), X509_VERSION_3);
  ASN1_INTEGER_set(X509_get_serialNumber(made.get()), issuer == nullptr ? 1 : 2);
  X509_gmtime_adj(X509_getm_notBefore(made.get()), -7200);
  X509_gmtime_adj(X509_getm_notAfter(made.get()), how.until);
  X509_NAME_add_entry_by_txt(X509_get_subject_name(made.get()), "CN", MBSTRING_UTF8,
                             reinterpret_cast<const unsigned char*>(name.data()), static_cast<int>(name.size()), -1, 0);
  X509_set_issuer_name(made.get(), X509_get_subject_name(issuer == nullptr ? made.get() : issuer));
  extend(made.get(), NID_basic_constraints, issuer == nullptr ? "critical,CA:TRUE" : "critical,CA:FALSE");
  if (!how.purpose.empty()) extend(made.get(), NID_ext_key_usage, how.purpose);
  X509_set_pubkey(made.get(), key);
  X509_sign(made.get(), by, EVP_sha256());
  return made;
}

std::string text_of(X509* certificate, EVP_PKEY* key) {
  const std::unique_ptr<BIO, decltype(&BIO_free)> bio{BIO_new(BIO_s_mem()), &BIO_free};
  PEM_write_bio_X509(bio.get(), certificate);
  if (key != nullptr) PEM_write_bio_PrivateKey(bio.get(), key, nullptr, nullptr, 0, nullptr, nullptr);
  char* text = nullptr;
  const long size = BIO_get_mem_data(bio.get(), &text);
  return {text, static_cast<std::size_t>(size)};
}

std::string list_of(X509* ca, EVP_PKEY* by, X509* revoked) {
  const std::unique_ptr<X509_CRL, decltype(&X509_CRL_free)> list{X509_CRL_new(), &X509_CRL_free};
  const std::unique_ptr<ASN1_TIME, decltype(&ASN1_TIME_free)> before{X509_gmtime_adj(nullptr, -60), &ASN1_TIME_free};
  const std::unique_ptr<ASN1_TIME, decltype(&ASN1_TIME_free)> after{X509_gmtime_adj(nullptr, 3600), &ASN1_TIME_free};
  X509_CRL_set_version(list.get(), X509_CRL_VERSION_2);
  X509_CRL_set_issuer_name(list.get(), X509_get_subject_name(ca));
  X509_CRL_set1_lastUpdate(list.get(), before.get());
  X509_CRL_set1_nextUpdate(list.get(), after.get());
  if (revoked != nullptr) {
    X509_REVOKED* const one = X509_REVOKED_new();
    X509_REVOKED_set_serialNumber(one, X509_get_serialNumber(revoked));
    X509_REVOKED_set_revocationDate(one, before.get());
    X509_CRL_add0_revoked(list.get(), one);
  }
  X509_CRL_sign(list.get(), by, EVP_sha256());
  const std::unique_ptr<BIO, decltype(&BIO_free)> bio{BIO_new(BIO_s_mem()), &BIO_free};
  PEM_write_bio_X509_CRL(bio.get(), list.get());
  char* text = nullptr;
  const long size = BIO_get_mem_data(bio.get(), &text);
  return {text, static_cast<std::size_t>(size)};
}

}  // namespace

Issued issue(const std::string& name, const Issue& how) {
  const Key ca_key{EVP_EC_gen("P-256"), &EVP_PKEY_free};
  const Key key{EVP_EC_gen("P-256"), &EVP_PKEY_free};
  const Certificate ca = certify(ca_key.get(), "authority", ca_key.get(), nullptr);
  const Certificate certificate = certify(key.get(), name, ca_key.get(), ca.get(), how);
  const Certificate fellow = certify(key.get(), "olaf", ca_key.get(), ca.get());
  ASN1_INTEGER_set(X509_get_serialNumber(fellow.get()), 3);
  X509_sign(fellow.get(), ca_key.get(), EVP_sha256());
  Issued made{text_of(ca.get(), nullptr), text_of(certificate.get(), key.get()), text_of(fellow.get(), key.get())};
  if (how.lists) made.ca += list_of(ca.get(), ca_key.get(), how.revoked ? certificate.get() : nullptr);
  return made;
}

int Client::dial(std::uint16_t port) {
  sockaddr_in to{};
  to.sin_family = AF_INET;
  to.sin_port = htons(port);
  to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  for (int tries = 0; tries < 3000; ++tries) {
    const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (::connect(fd, reinterpret_cast<const sockaddr*>(&to), sizeof to) == 0) {
      const timeval patience{60, 0};
      ::setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
      ::setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
      return fd;
    }
    ::close(fd);
    std::this_thread::sleep_for(std::chrono::milliseconds{10});
  }
  return -1;
}

Client::Client(std::uint16_t port, const Tls& tls)
    : fd_{dial(port)}, context_{SSL_CTX_new(TLS_client_method()), &SSL_CTX_free} {
  if (tls.version != 0) {
    SSL_CTX_set_min_proto_version(context_.get(), tls.version);
    SSL_CTX_set_max_proto_version(context_.get(), tls.version);
    if (tls.version < TLS1_2_VERSION) SSL_CTX_set_security_level(context_.get(), 0);
  }
  if (!tls.ciphers.empty()) SSL_CTX_set_cipher_list(context_.get(), tls.ciphers.c_str());
  if (!tls.certificate.empty()) present(context_.get(), tls.certificate);
  tls_ = {SSL_new(context_.get()), &SSL_free};
  SSL_set_fd(tls_.get(), fd_);
  secure_ = SSL_connect(tls_.get()) == 1;
  ERR_clear_error();
}

Client::~Client() { ::close(fd_); }

std::string Client::version() const { return SSL_get_version(tls_.get()); }

std::string Client::fingerprint() const {
  const std::unique_ptr<X509, decltype(&X509_free)> certificate{SSL_get1_peer_certificate(tls_.get()), &X509_free};
  keepalive::monitor::Digest found{};
  unsigned size = 0;
  X509_digest(certificate.get(), EVP_sha256(), found.data(), &size);
  return keepalive::monitor::hex(found);
}

bool Client::renegotiation_refused() {
  SSL_renegotiate(tls_.get());
  const bool refused = SSL_do_handshake(tls_.get()) != 1;
  ERR_clear_error();
  return refused;
}

bool Client::say(const std::string& text) {
  ERR_clear_error();
  return SSL_write(tls_.get(), text.data(), static_cast<int>(text.size())) > 0;
}

bool Client::more() {
  std::array<char, 16384> room{};
  ERR_clear_error();
  const int size = SSL_read(tls_.get(), room.data(), static_cast<int>(room.size()));
  if (size > 0) in_.append(room.data(), static_cast<std::size_t>(size));
  return size > 0;
}

std::string Client::hear(const std::string& until) {
  while (in_.find(until) == std::string::npos && more()) {
  }
  const std::size_t at = in_.find(until);
  const std::size_t size = at == std::string::npos ? in_.size() : at + until.size();
  std::string heard = in_.substr(0, size);
  in_.erase(0, size);
  return heard;
}

bool Client::closed() {
  while (more()) {
  }
  return true;
}

std::optional<Heard> Client::answer(bool head_only) {
  const std::string head = hear("\r\n\r\n");
  if (!head.starts_with("HTTP/1.1 ")) return std::nullopt;
  Heard heard{.status = static_cast<unsigned>(std::stoul(head.substr(9, 3)))};
  for (std::size_t at = head.find("\r\n") + 2; at + 2 < head.size();) {
    const std::size_t end = head.find("\r\n", at);
    const std::size_t colon = head.find(": ", at);
    std::string name = head.substr(at, colon - at);
    std::transform(name.begin(), name.end(), name.begin(), [](unsigned char c) { return std::tolower(c); });
    heard.headers[name] = head.substr(colon + 2, end - colon - 2);
    at = end + 2;
  }
  const auto length = heard.headers.find("content-length");
  const std::size_t size =
      length == heard.headers.end() || head_only || heard.status == 304 ? 0 : std::stoul(length->second);
  while (in_.size() < size && more()) {
  }
  heard.body = in_.substr(0, size);
  in_.erase(0, size);
  return heard;
}

}  // namespace monitor_test
