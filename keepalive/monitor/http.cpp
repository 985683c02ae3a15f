#include "monitor/http.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <boost/beast/core/error.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>

#include "base/escapes.hpp"
#include "core/json.hpp"
#include "monitor/gzip.hpp"

namespace keepalive::monitor {
namespace {

namespace http = boost::beast::http;

constexpr std::array<std::string_view, 3> cache_controls{"no-store", "no-cache", "max-age=31536000, immutable"};
constexpr std::string_view cookie_name = "__Host-keepalive=";
constexpr std::string_view strict_headers =
    "Content-Security-Policy: default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'\r\n"
    "Strict-Transport-Security: max-age=31536000\r\n"
    "X-Content-Type-Options: nosniff\r\n"
    "X-Frame-Options: DENY\r\n"
    "Referrer-Policy: no-referrer\r\n"
    "Cross-Origin-Opener-Policy: same-origin\r\n"
    "Cross-Origin-Embedder-Policy: require-corp\r\n"
    "Cross-Origin-Resource-Policy: same-origin\r\n"
    "Permissions-Policy: camera=(), geolocation=(), microphone=()\r\n";

constexpr std::size_t least_packed = 1400;  // bytes: one packet is one packet

/// Accept-Encoding: whether "gzip" stands there, and not with a weight of 0.
bool takes_gzip(std::string_view list) {
  while (!list.empty()) {
    const std::string_view one = list.substr(0, list.find(','));
    std::string_view name = one.substr(std::min(one.find_first_not_of(' '), one.size()));
    name = name.substr(0, name.find_first_of(" ;"));
    const std::size_t weight = one.find("q=");
    if (name == "gzip") return weight == one.npos || one.find_first_of("123456789", weight) != one.npos;
    list.remove_prefix(std::min(one.size() + 1, list.size()));
  }
  return false;
}

std::string_view cookie(std::string_view list) {
  while (!list.empty()) {
    const std::size_t end = std::min(list.find(';'), list.size());
    std::string_view one = list.substr(0, end);
    one.remove_prefix(std::min(one.find_first_not_of(' '), one.size()));
    if (one.starts_with(cookie_name)) return one.substr(cookie_name.size());
    list.remove_prefix(std::min(end + 1, list.size()));
  }
  return {};
}

bool printable(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return c > ' ' && c <= '~' && c != '#' && c != '\\'; });
}

HttpFault fault_of(const boost::system::error_code& error) {
  if (error == http::error::header_limit) return {431, "the head of the request is too large"};
  if (error == http::error::body_limit) return {413, "the request is too large"};
  return {400, "this is no HTTP request"};
}

}  // namespace

std::optional<std::string> Request::value(std::string_view name) const {
  std::string_view rest = query;
  while (!rest.empty()) {
    const std::string_view pair = rest.substr(0, rest.find('&'));
    const std::size_t equals = std::min(pair.find('='), pair.size());
    if (pair.substr(0, equals) == name) return base::unescaped(pair.substr(std::min(equals + 1, pair.size())));
    rest.remove_prefix(std::min(pair.size() + 1, rest.size()));
  }
  return std::nullopt;
}

struct RequestReader::Parser : http::request_parser<http::string_body> {};

RequestReader::RequestReader() { begin(); }
RequestReader::~RequestReader() = default;

void RequestReader::begin() {
  parser_ = std::make_unique<Parser>();
  parser_->header_limit(longest_header);
  parser_->body_limit(longest_body);
  parser_->eager(false);
  request_ = {};
  told_ = too_long_ = false;
}

bool RequestReader::begun() const { return parser_->got_some(); }

bool RequestReader::hesitates() const {
  return parser_->get()[http::field::expect] == "100-continue" && !parser_->is_done();
}

RequestReader::Step RequestReader::fail(unsigned status, std::string_view text) {
  fault_ = {status, text};
  return Step::fault;
}

RequestReader::Step RequestReader::take(std::string& bytes) {
  if (!told_) return take_head(bytes);
  if (too_long_) return fail(413, "the request is too large");
  boost::system::error_code error;
  while (!parser_->is_done() && !bytes.empty()) {
    const std::size_t used = parser_->put(boost::asio::buffer(bytes), error);
    bytes.erase(0, used);
    if (error == http::error::need_more) break;
    if (error) return fault_ = fault_of(error), Step::fault;
  }
  if (!parser_->is_done()) return Step::more;
  request_.body = std::move(parser_->get().body());
  return Step::whole;
}

RequestReader::Step RequestReader::take_head(std::string& bytes) {
  boost::system::error_code error;
  while (!parser_->is_header_done() && !bytes.empty()) {
    const std::size_t used = parser_->put(boost::asio::buffer(bytes), error);
    bytes.erase(0, used);
    if (error == http::error::need_more) break;
    if (error) return fault_ = fault_of(error), Step::fault;
  }
  if (!parser_->is_header_done()) return Step::more;
  const auto& head = parser_->get();
  if (parser_->chunked() || head.find(http::field::transfer_encoding) != head.end())
    return fail(411, "a request tells its length");
  if (head.count(http::field::host) > 1 || head.count(http::field::content_length) > 1)
    return fail(400, "a header stands there twice");
  if (head.version() >= 11 && head.count(http::field::host) == 0) return fail(400, "the header Host is missing");
  const std::string_view target = head.target();
  if (!target.starts_with('/') || !printable(target)) return fail(400, "this is no path");
  read_head();
  told_ = true;
  return Step::head;
}

void RequestReader::read_head() {
  const auto& head = parser_->get();
  const std::string_view target = head.target();
  const std::size_t mark = std::min(target.find('?'), target.size());
  const auto field = [&](http::field name) { return std::string{std::string_view{head[name]}}; };
  const std::string authorization = field(http::field::authorization);
  constexpr std::string_view bearer = "Bearer ";
  request_ = {.method = std::string{std::string_view{head.method_string()}},
              .path = std::string{target.substr(0, mark)},
              .query = std::string{target.substr(std::min(mark + 1, target.size()))},
              .host = field(http::field::host),
              .origin = field(http::field::origin),
              .content_type = field(http::field::content_type),
              .session = std::string{cookie(head[http::field::cookie])},
              .csrf = std::string{std::string_view{head["X-CSRF-Token"]}},
              .token = authorization.starts_with(bearer) ? authorization.substr(bearer.size()) : "",
              .by = std::string{std::string_view{head["X-Keepalive-By"]}},
              .if_none_match = field(http::field::if_none_match),
              .last_event = std::string{std::string_view{head["Last-Event-ID"]}},
              .packed = takes_gzip(head[http::field::accept_encoding]),
              .keep = head.keep_alive()};
}

void RequestReader::allow(std::size_t body) {
  parser_->eager(true);
  too_long_ = parser_->content_length().value_or(0) > body;
}

Answer json_answer(std::string body, unsigned status) {
  return {.status = status, .body = std::make_shared<const std::string>(std::move(body))};
}

Answer packed_answer(std::string body, bool wanted, unsigned status) {
  Answer answer = json_answer(std::move(body), status);
  if (wanted && answer.body->size() >= least_packed)
    answer.packed = std::make_shared<const std::string>(gzip(*answer.body, quick_effort));
  return answer;
}

Answer fault_answer(unsigned status, std::string_view text) {
  core::Json json;
  json.object([&] { json.member("error", text); });
  return json_answer(std::move(json).text() + "\n", status);
}

std::string answer_head(const Answer& answer, std::optional<std::size_t> length, bool keep) {
  const std::string_view reason = http::obsolete_reason(http::int_to_status(answer.status));
  std::string head = fmt::format("HTTP/1.1 {} {}\r\nContent-Type: {}\r\nCache-Control: {}\r\n", answer.status, reason,
                                 answer.type, cache_controls.at(static_cast<std::size_t>(answer.kept)));
  if (length) head += fmt::format("Content-Length: {}\r\n", *length);
  if (!keep || !length) head += "Connection: close\r\n";
  for (const auto& [name, value] : answer.headers) {
    if (value.find_first_of(std::string_view{"\r\n\0", 3}) != std::string::npos) continue;
    head += fmt::format("{}: {}\r\n", name, value);
  }
  return head.append(strict_headers).append("\r\n");
}

}  // namespace keepalive::monitor
