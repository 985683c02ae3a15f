// A client of the monitor that does as it is told, well or badly: TLS on 127.0.0.1, blocking, never for ever.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>

struct ssl_st;
struct ssl_ctx_st;

namespace monitor_test {

struct Heard {
  unsigned status = 0;
  std::map<std::string, std::string> headers = {};  // names in lower case
  std::string body = "";
};

struct Tls {
  int version = 0;               // the highest; 0: any
  std::string certificate = "";  // PEM text, with its key
  std::string ciphers = "";      // of TLS 1.2
};

/// How a certificate is made.
struct Issue {
  long until = 3600;         // seconds from now
  std::string purpose = "";  // "serverAuth"; empty: any
  bool lists = false;        // what the authority has revoked, beside its own certificate
  bool revoked = false;
};
/// An authority, and a certificate with its key that it gave to this name; PEM text.
struct Issued {
  std::string ca = "";
  std::string certificate = "";
  std::string fellow = "";  // a good one of the same authority, for olaf
};
Issued issue(const std::string& name, const Issue& how = {});

class Client {
 public:
  /// Connects, and shakes hands unless it is to be plain.
  explicit Client(std::uint16_t port, const Tls& tls = {});
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;
  ~Client();

  /// TCP alone.
  static int dial(std::uint16_t port);

  bool secure() const { return secure_; }
  std::string version() const;
  std::string fingerprint() const;
  /// Asks for another handshake; whether it was refused.
  bool renegotiation_refused();
  bool say(const std::string& text);
  /// Until this is in it, or there is no more; what was heard so far and not taken.
  std::string hear(const std::string& until);
  /// The next whole answer; nothing: the other side closed before.
  std::optional<Heard> answer(bool head_only = false);
  /// Nothing more comes: the other side has closed.
  bool closed();

 private:
  bool more();

  int fd_ = -1;
  std::shared_ptr<ssl_ctx_st> context_ = nullptr;
  std::shared_ptr<ssl_st> tls_ = nullptr;
  bool secure_ = false;
  std::string in_ = "";
};

}  // namespace monitor_test
