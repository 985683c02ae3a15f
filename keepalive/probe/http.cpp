#include "probe/http.hpp"

#include <fmt/format.h>

#include "probe/socket.hpp"
#include "probe/stream.hpp"

namespace keepalive::probe {
namespace {

std::string request(const Task& task, std::string_view path) {
  const Check& check = task.check();
  return fmt::format("{} {} HTTP/{}\r\nHost: {}\r\nUser-Agent: keepalive\r\nAccept: */*\r\nConnection: close\r\n\r\n",
                     check.method, path, check.http_version, host_header(task));
}

}  // namespace

std::string host_header(const Task& task) {
  const std::uint16_t usual = task.check().type == CheckType::https ? 443 : 80;
  if (!task.check().host.empty()) return task.check().host;
  if (!task.host.empty()) return task.host;
  if (task.endpoint.port.value != usual) return to_string(task.endpoint);
  const std::string address = to_string(task.endpoint.address);
  return task.endpoint.address.family() == ipvs::Family::ipv4 ? address : "[" + address + "]";
}

std::string_view url_path(const Check& check, std::size_t index) {
  return check.urls.empty() ? std::string_view{"/"} : check.urls[index];
}

Found HttpProbe::start() {
  connected_ = false;
  request_ = request(task(), url_path(check(), url_));
  unsent_ = request_;
  parser_.emplace(check().method == "HEAD" ? HttpParser::Method::head : HttpParser::Method::other);
  body_.emplace(*task().plan);
  return open_tcp(fd_, task());
}

Found HttpProbe::ready(std::uint32_t events) {
  if (!connected_) {
    if ((events & (EPOLLERR | EPOLLHUP)) != 0) return socket_fault(fd_.get());
    if ((events & EPOLLOUT) == 0) return std::nullopt;
    connected_ = true;
  }
  const bool asking = !unsent_.empty();
  if (auto failed = transmit(fd_.get(), unsent_)) return failed;
  // An answer does not come with the event that says the connection stands.
  if (asking && (events & (EPOLLIN | EPOLLRDHUP)) == 0) return std::nullopt;
  Found found = receive(
      fd_.get(), task(), events, [&](std::string_view bytes) { return take(bytes); },
      [&] { return take(parser_->end()); });
  if (found && found->good && ++url_ < check().urls.size()) return start();
  return found;
}

Finding HttpProbe::expired() {
  if (!parser_ || parser_->status() == 0) return Probe::expired();
  return fault(fmt::format("HTTP status {}, but the answer is not complete within {}", parser_->status(),
                           print_duration(check().timeout)));
}

Found HttpProbe::take(std::string_view bytes) {
  while (true) {
    const HttpParser::Step step = parser_->next(bytes);
    if (step.kind == HttpParser::Kind::more) return std::nullopt;
    if (auto found = take(step)) return found;
  }
}

Found HttpProbe::take(HttpParser::Step step) {
  switch (step.kind) {
    case HttpParser::Kind::head:
      if (auto wrong = judge_status(check(), parser_->status())) return wrong;
      if (parser_->left() > check().body_limit) return too_long(check());
      return std::nullopt;
    case HttpParser::Kind::body:
      return body_->take(*task().plan, step.text);
    case HttpParser::Kind::done:
      return body_->end(*task().plan).value_or(success(Fact::status, parser_->status()));
    default:
      return fault(std::string{step.text});
  }
}

}  // namespace keepalive::probe
