#include "monitor/certificate.hpp"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <ifaddrs.h>
#include <netinet/in.h>
#include <openssl/bn.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <ctime>
#include <memory>
#include <set>
#include <stdexcept>

#include "io/state_file.hpp"
#include "monitor/openssl.hpp"

namespace keepalive::monitor {
namespace {

using openssl::Bio;
using openssl::Certificate;
using openssl::Free;
using openssl::Key;
using openssl::over;
using Number = std::unique_ptr<BIGNUM, Free<BN_free>>;
using Extension = std::unique_ptr<X509_EXTENSION, Free<X509_EXTENSION_free>>;

constexpr int years = 10;
constexpr long day = 24 * 3600;

void need(bool done, const char* what) {
  if (!done) throw std::runtime_error{fmt::format("cannot make a certificate: {}", what)};
}

std::string content(BIO* bio) {
  char* text = nullptr;
  const long size = BIO_get_mem_data(bio, &text);
  return {text, static_cast<std::size_t>(size)};
}

void extend(X509* certificate, int kind, const std::string& value) {
  X509V3_CTX context;
  X509V3_set_ctx_nodb(&context);
  X509V3_set_ctx(&context, certificate, certificate, nullptr, nullptr, 0);
  const Extension made{X509V3_EXT_conf_nid(nullptr, &context, kind, value.c_str())};
  need(made && X509_add_ext(certificate, made.get(), -1) == 1, value.c_str());
}

/// A host's name goes into a list with commas.
bool plain(const std::string& name) {
  return !name.empty() && name.size() < 64 &&
         name.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-") ==
             std::string::npos;
}

std::string alternatives(const CertificateNames& names) {
  std::string list = "DNS:localhost";
  if (plain(names.host) && names.host != "localhost") list += ",DNS:" + names.host;
  for (const std::string& address : names.addresses) list += ",IP:" + address;
  return list;
}

void fill(X509* certificate, const CertificateNames& names, std::int64_t now) {
  const Number serial{BN_new()};
  need(serial && BN_rand(serial.get(), 127, BN_RAND_TOP_ANY, BN_RAND_BOTTOM_ANY) == 1, "serial");
  need(BN_to_ASN1_INTEGER(serial.get(), X509_get_serialNumber(certificate)) != nullptr, "serial");
  X509_set_version(certificate, X509_VERSION_3);
  ASN1_TIME_adj(X509_getm_notBefore(certificate), now, -1, 0);
  ASN1_TIME_adj(X509_getm_notAfter(certificate), now, years * 365, 0);
  X509_NAME* const name = X509_get_subject_name(certificate);
  const std::string common = plain(names.host) ? names.host : "keepalive";
  need(X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8, reinterpret_cast<const unsigned char*>(common.c_str()), -1,
                                  -1, 0) == 1,
       "name");
  X509_set_issuer_name(certificate, name);
  extend(certificate, NID_basic_constraints, "critical,CA:FALSE");
  extend(certificate, NID_key_usage, "critical,digitalSignature");
  extend(certificate, NID_ext_key_usage, "serverAuth");
  extend(certificate, NID_subject_alt_name, alternatives(names));
}

Certificate read_certificate(const std::string& text) {
  return Certificate{PEM_read_bio_X509(over(text).get(), nullptr, nullptr, nullptr)};
}

std::string host_name() {
  std::array<char, 256> name{};
  return ::gethostname(name.data(), name.size() - 1) == 0 ? name.data() : "";
}

}  // namespace

KeyPair make_certificate(const CertificateNames& names, std::int64_t now) {
  const Key key{EVP_EC_gen("P-256")};
  const Certificate certificate{X509_new()};
  need(key && certificate, "key");
  fill(certificate.get(), names, now);
  need(X509_set_pubkey(certificate.get(), key.get()) == 1, "key");
  need(X509_sign(certificate.get(), key.get(), EVP_sha256()) > 0, "signature");
  const Bio certificate_text{BIO_new(BIO_s_mem())};
  const Bio key_text{BIO_new(BIO_s_mem())};
  need(PEM_write_bio_X509(certificate_text.get(), certificate.get()) == 1, "text");
  need(PEM_write_bio_PrivateKey(key_text.get(), key.get(), nullptr, nullptr, 0, nullptr, nullptr) == 1, "text");
  return {content(certificate_text.get()), content(key_text.get())};
}

std::string fingerprint(const std::string& text) { return openssl::fingerprint(read_certificate(text).get()); }

std::string spoken(std::string_view print) {
  std::string text;
  for (std::size_t i = 0; i < print.size(); ++i) {
    if (i > 0 && i % 2 == 0) text += ':';
    const char c = print[i];
    text += c >= 'a' && c <= 'f' ? static_cast<char>(c - 'a' + 'A') : c;
  }
  return text;
}

bool usable(const KeyPair& pair, std::int64_t now) {
  const Certificate certificate = read_certificate(pair.certificate);
  const Key key{PEM_read_bio_PrivateKey(over(pair.key).get(), nullptr, nullptr, nullptr)};
  if (!certificate || !key || X509_check_private_key(certificate.get(), key.get()) != 1) return false;
  std::time_t tomorrow = now + day;
  return X509_cmp_time(X509_get0_notAfter(certificate.get()), &tomorrow) > 0;
}

KeyPair kept_certificate(const std::string& path, const CertificateNames& names, std::int64_t now, std::string& fault) {
  const std::string both = io::read_file(path);
  if (const KeyPair kept{both, both}; usable(kept, now)) return kept;
  KeyPair made = make_certificate(names, now);
  if (!io::write_file(path, made.certificate + made.key)) fault = fmt::format("{}: {}", path, std::strerror(errno));
  return made;
}

CertificateNames own_names() {
  CertificateNames names{.host = host_name()};
  ifaddrs* list = nullptr;
  if (::getifaddrs(&list) != 0) return names;
  std::set<std::string> found;
  for (const ifaddrs* one = list; one != nullptr && found.size() < 64; one = one->ifa_next) {
    std::array<char, INET6_ADDRSTRLEN> text{};
    if (one->ifa_addr == nullptr) continue;
    const int family = one->ifa_addr->sa_family;
    const void* address = nullptr;
    if (family == AF_INET) address = &reinterpret_cast<const sockaddr_in*>(one->ifa_addr)->sin_addr;
    if (family == AF_INET6) address = &reinterpret_cast<const sockaddr_in6*>(one->ifa_addr)->sin6_addr;
    if (address != nullptr && ::inet_ntop(family, address, text.data(), text.size()) != nullptr)
      found.insert(text.data());
  }
  ::freeifaddrs(list);
  names.addresses.assign(found.begin(), found.end());
  return names;
}

}  // namespace keepalive::monitor
