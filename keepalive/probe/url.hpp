// Checks that libcurl carries out: http with TLS, HTTP/2, a login or redirections; smtp, imap, pop3, ftp, ldap, rtsp;
// tcp with TLS.
#pragma once

#include <array>
#include <optional>
#include <string_view>

#include "probe/answer.hpp"
#include "probe/easy.hpp"
#include "probe/probe.hpp"
#include "probe/urls.hpp"

namespace keepalive::probe {

class UrlProbe final : public Probe {
 public:
  UrlProbe(Urls& urls, Task task) : Probe{std::move(task)}, urls_{urls} {}
  UrlProbe(const UrlProbe&) = delete;
  UrlProbe& operator=(const UrlProbe&) = delete;
  ~UrlProbe() override;

  Found start() override;
  /// Called when the transfer is done as well.
  Found ready(std::uint32_t events) override;
  Finding expired() override;

 private:
  static int open(void* self, curlsocktype purpose, curl_sockaddr* address);
  static std::size_t take_body(const char* bytes, std::size_t size, std::size_t count, void* self);
  static std::size_t take_header(const char* bytes, std::size_t size, std::size_t count, void* self);

  void stop();
  Found done();
  Found done_http(long status);
  Found converse();
  Finding with_expiry(Finding finding) const;

  Urls& urls_;
  Transfer transfer_ = {};
  Easy easy_ = {};
  std::array<char, CURL_ERROR_SIZE> words_ = {};
  std::optional<Body> body_ = std::nullopt;
  Found found_ = std::nullopt;  // in a callback, which ends the transfer
  std::size_t url_ = 0;
  std::size_t head_ = 0;  // bytes of headers
  std::size_t body_size_ = 0;
  bool talks_ = false;  // tcp: the connection stands
  std::string_view unsent_ = {};
  Expectation answer_ = {};
};

}  // namespace keepalive::probe
