#include "probe/url.hpp"

#include <fmt/format.h>

#include <cerrno>

#include "probe/http_parser.hpp"
#include "probe/socket.hpp"
#include "probe/url_words.hpp"

namespace keepalive::probe {

UrlProbe::~UrlProbe() { stop(); }

void UrlProbe::stop() {
  // Else libcurl says goodbye in some protocols, and waits for the answer.
  curl_socket_t socket = CURL_SOCKET_BAD;
  curl_easy_getinfo(easy_.get(), CURLINFO_ACTIVESOCKET, &socket);
  if (socket != CURL_SOCKET_BAD && !speaks_http(check())) shutdown(socket, SHUT_RDWR);
  urls_.remove(easy_.get());
}

Found UrlProbe::start() {
  if (check().type == CheckType::tcp && check().security == Security::starttls)
    return unable("cannot probe: type = tcp knows no STARTTLS");
  transfer_ = {.token = task().token};
  head_ = 0;
  body_.emplace(*task().plan);
  if (url_ == 0) {
    set_up(easy_, task());
    easy_.set(CURLOPT_PRIVATE, static_cast<void*>(&transfer_));
    easy_.set(CURLOPT_ERRORBUFFER, words_.data());
    easy_.set(CURLOPT_OPENSOCKETFUNCTION, &UrlProbe::open);
    easy_.set(CURLOPT_OPENSOCKETDATA, static_cast<void*>(this));
    easy_.set(CURLOPT_WRITEFUNCTION, &UrlProbe::take_body);
    easy_.set(CURLOPT_WRITEDATA, static_cast<void*>(this));
    easy_.set(CURLOPT_HEADERFUNCTION, &UrlProbe::take_header);
    easy_.set(CURLOPT_HEADERDATA, static_cast<void*>(this));
  }
  const std::string url = make_url(task(), url_);
  easy_.set(CURLOPT_URL, url);
  if (check().type == CheckType::rtsp) easy_.set(CURLOPT_RTSP_STREAM_URI, url);
  urls_.add(easy_.get(), check().type == CheckType::ldap ? Pace::clock : Pace::events);
  return std::nullopt;
}

Found UrlProbe::ready(std::uint32_t) {
  if (talks_) return converse();
  if (!transfer_.result) return std::nullopt;
  Found found = done();
  if (!found || !found->good) return found;
  if (connects_only(check()) || ++url_ >= check().urls.size()) return with_expiry(*std::move(found));
  stop();
  return start();
}

Found UrlProbe::done() {
  const auto code = static_cast<CURLcode>(*transfer_.result);
  if (found_) return found_;
  if (code != CURLE_OK && transfer_.unwatched != 0) return unwatched(transfer_.unwatched);
  // Who gave no login has asked whether the server talks, and it does.
  if (code == CURLE_LOGIN_DENIED && check().login.empty()) return success(Fact::answered);
  if (code != CURLE_OK) return transfer_fault(easy_.get(), code, words_.data());
  long status = 0;
  curl_easy_getinfo(easy_.get(), CURLINFO_RESPONSE_CODE, &status);
  if (speaks_http(check())) return done_http(status);
  if (check().type == CheckType::rtsp && status != 200) return fault(fmt::format("RTSP status {}, wanted 200", status));
  if (check().type == CheckType::ldap && body_size_ == 0) return fault("no entry found");
  if (check().type != CheckType::tcp) return success(Fact::answered);
  if (check().send.empty() && !task().plan->expect) return success(Fact::connected);
  return converse();
}

Found UrlProbe::done_http(long status) {
  if (auto wrong = judge_status(check(), static_cast<int>(status))) return wrong;
  if (auto wrong = body_->end(*task().plan)) return wrong;
  long version = 0;
  curl_easy_getinfo(easy_.get(), CURLINFO_HTTP_VERSION, &version);
  if (check().http_version == "2" && version != CURL_HTTP_VERSION_2_0) return fault("the server does not speak HTTP/2");
  return success(Fact::status, static_cast<std::int32_t>(status));
}

/// tcp with TLS: what is said and heard on the standing connection.
Found UrlProbe::converse() {
  constexpr std::uint32_t events = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET;
  curl_socket_t socket = CURL_SOCKET_BAD;
  curl_easy_getinfo(easy_.get(), CURLINFO_ACTIVESOCKET, &socket);
  if (!talks_) {
    talks_ = true;
    unsent_ = check().send;
    if (const int error = task().poller->watch(socket, events, task().token); error != 0) return unwatched(error);
  }
  while (!unsent_.empty()) {
    std::size_t sent = 0;
    const CURLcode code = curl_easy_send(easy_.get(), unsent_.data(), unsent_.size(), &sent);
    if (code == CURLE_AGAIN) return std::nullopt;
    if (code != CURLE_OK) return transfer_fault(easy_.get(), code, words_.data());
    unsent_.remove_prefix(sent);
  }
  if (!task().plan->expect) return success(Fact::connected);
  static std::array<char, 16384> buffer;
  for (int portion = 0; portion < 16; ++portion) {
    std::size_t got = 0;
    const CURLcode code = curl_easy_recv(easy_.get(), buffer.data(), buffer.size(), &got);
    if (code == CURLE_AGAIN) return std::nullopt;
    if (code != CURLE_OK) return transfer_fault(easy_.get(), code, words_.data());
    if (got == 0) return answer_.end(*task().plan);
    if (Found found = answer_.take(*task().plan, {buffer.data(), got})) return found;
  }
  const int error = task().poller->change(socket, events, task().token);
  return error == 0 ? std::nullopt : Found{unwatched(error)};
}

Finding UrlProbe::expired() {
  if (transfer_.unwatched != 0) return unwatched(transfer_.unwatched);
  if (talks_) return answer_.empty() ? Probe::expired() : answer_.end(*task().plan);
  const std::string time = print_duration(check().timeout);
  long status = 0;
  curl_easy_getinfo(easy_.get(), CURLINFO_RESPONSE_CODE, &status);
  if (status == 0) return Probe::expired();
  if (speaks_http(check()))
    return fault(fmt::format("HTTP status {}, but the answer is not complete within {}", status, time));
  return fault(fmt::format("answered {}, and then nothing within {}", status, time));
}

Finding UrlProbe::with_expiry(Finding finding) const {
  tell_expiry(easy_.get(), check().expiry_days, finding);
  return finding;
}

int UrlProbe::open(void* self, curlsocktype, curl_sockaddr* address) {
  auto& probe = *static_cast<UrlProbe*>(self);
  Fd fd;
  probe.found_ = open_socket(fd, probe.task(), address->family, address->socktype, address->protocol);
  if (probe.found_) return CURL_SOCKET_BAD;
  const linger reset{1, 0};
  setsockopt(fd.get(), SOL_SOCKET, SO_LINGER, &reset, sizeof reset);
  return fd.release();
}

std::size_t UrlProbe::take_body(const char* bytes, std::size_t size, std::size_t count, void* self) {
  auto& probe = *static_cast<UrlProbe*>(self);
  const std::string_view piece{bytes, size * count};
  long status = 0;
  curl_easy_getinfo(probe.easy_.get(), CURLINFO_RESPONSE_CODE, &status);
  if (speaks_http(probe.check())) probe.found_ = judge_status(probe.check(), static_cast<int>(status));
  if (!probe.found_) probe.found_ = probe.body_->take(*probe.task().plan, piece);
  probe.body_size_ += piece.size();
  return probe.found_ ? 0 : piece.size();
}

std::size_t UrlProbe::take_header(const char* bytes, std::size_t size, std::size_t count, void* self) {
  auto& probe = *static_cast<UrlProbe*>(self);
  const std::string_view line{bytes, size * count};
  if (line.starts_with("HTTP/") && probe.check().follow) probe.head_ = 0;
  probe.head_ += line.size();
  if (probe.head_ <= HttpParser::longest_head) return line.size();
  probe.found_ = fault(fmt::format("headers longer than {} bytes", HttpParser::longest_head));
  return 0;
}

}  // namespace keepalive::probe
