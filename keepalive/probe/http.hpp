// The http check over plain HTTP/1: a connection for each url, one after the other. What needs more (TLS, HTTP/2, a
// login, redirections) is libcurl's: url.hpp.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "probe/answer.hpp"
#include "probe/fd.hpp"
#include "probe/http_parser.hpp"
#include "probe/probe.hpp"

namespace keepalive::probe {

class HttpProbe final : public Probe {
 public:
  using Probe::Probe;
  Found start() override;
  Found ready(std::uint32_t events) override;
  Finding expired() override;

 private:
  Found take(std::string_view bytes);
  Found take(HttpParser::Step step);

  Fd fd_ = {};
  std::size_t url_ = 0;
  bool connected_ = false;
  std::string request_ = "";
  std::string_view unsent_ = {};
  std::optional<HttpParser> parser_ = std::nullopt;
  std::optional<Body> body_ = std::nullopt;
};

/// "example.net:8080": the Host header.
std::string host_header(const Task& task);
/// The `index`th url of the check; "/" unless it names any.
std::string_view url_path(const Check& check, std::size_t index);

}  // namespace keepalive::probe
