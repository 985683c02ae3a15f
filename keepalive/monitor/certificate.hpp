// The monitor's own certificate, where none is configured: made once, kept, told by its fingerprint.
#pragma once

#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <vector>

namespace keepalive::monitor {

struct KeyPair {
  std::string certificate = "";  // PEM text
  std::string key = "";          // PEM text

  friend bool operator==(const KeyPair&, const KeyPair&) = default;
};

struct CertificateNames {
  std::string host = "";
  std::vector<std::string> addresses = {};
};

/// EC P-256, valid from `now` (seconds since 1970) for ten years. Throws std::runtime_error when OpenSSL cannot.
KeyPair make_certificate(const CertificateNames& names, std::int64_t now);
/// SHA-256 of the first certificate of a PEM text, as 64 hexadecimal digits; empty: there is none.
std::string fingerprint(const std::string& certificate);
/// "AB:CD:…": as browsers show it.
std::string spoken(std::string_view fingerprint);
/// Both belong together, and the certificate is valid for a day from `now` at least.
bool usable(const KeyPair& pair, std::int64_t now);

/// The one in the file, or a new one, which is written there. What cannot be kept is told in `fault`.
KeyPair kept_certificate(const std::string& path, const CertificateNames& names, std::int64_t now, std::string& fault);
/// What this host is called, and its addresses.
CertificateNames own_names();

}  // namespace keepalive::monitor
