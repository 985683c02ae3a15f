// What a browser or another may send to the monitor, behind TLS: every connection comes to its end, all that is
// answered is HTTP, and nobody without a token is let in.
#define DOCTEST_CONFIG_DISABLE
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <boost/asio/io_context.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <cerrno>
#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "io/channel.hpp"
#include "io/control.hpp"
#include "io/log.hpp"
#include "monitor/desk.hpp"

namespace {

using namespace keepalive;
using namespace keepalive::monitor;

constexpr std::string_view reached = "{\"reached\":true}";

/// A desk whose director answers everything; one for all inputs, since its thread takes time to start.
struct Place {
  Place() {
    io::set_log({.most = io::Level::error});
    directors.use("a", {});
    Users users{.tokens = {{"a", Role::administrator, token_hash("kal_a")}}};
    desk.use({.allow = Monitor::Allow::configure, .history = 0}, std::move(users));
  }
  int connect() {
    const auto [ours, theirs] = io::socket_pair();
    using Protocol = boost::asio::local::stream_protocol;
    io::serve(Protocol::socket{io, Protocol{}, theirs}, [](const io::ControlRequest&, const auto& reply) {
      reply->give(200, "application/json", std::string{reached});
    });
    return ours;
  }

  boost::asio::io_context io = {};
  Directors directors{io, [this] { return connect(); }};
  Hub hub{io, directors};
  Desk desk{io, directors, hub};
};

std::string talk(std::string_view request) {
  static Place place;
  const auto [ours, theirs] = io::socket_pair();
  const auto handler = std::make_shared<Handler>(Handler{
      .longest_body = [](const Request& asked) { return place.desk.longest_body(asked); },
      .answer = [](Request asked, const Visitor& visitor,
                   const std::shared_ptr<Reply>& reply) { place.desk.answer(std::move(asked), visitor, reply); }});
  std::make_shared<Connection>(place.io, theirs, nullptr, Visitor{}, handler, nullptr)->start();
  std::string heard;
  std::array<char, 65536> buffer{};
  bool sending = true;
  for (int idle = 0;; ++idle) {
    if (idle == 20'000) std::abort();  // nobody goes on
    const ssize_t sent =
        request.empty() ? 0 : ::send(ours, request.data(), request.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
    if (sent > 0) request.remove_prefix(static_cast<std::size_t>(sent)), idle = 0;
    if (sent < 0 && errno != EAGAIN) request = {};
    if (request.empty() && std::exchange(sending, false)) ::shutdown(ours, SHUT_WR);
    if (place.io.stopped()) place.io.restart();
    place.io.run_one_for(std::chrono::milliseconds{1});
    const ssize_t got = ::recv(ours, buffer.data(), buffer.size(), MSG_DONTWAIT);
    if (got == 0 || (got < 0 && errno != EAGAIN)) break;
    if (got > 0) heard.append(buffer.data(), static_cast<std::size_t>(got)), idle = 0;
  }
  ::close(ours);
  return heard;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view request{reinterpret_cast<const char*>(data), size};
  const std::string heard = talk(request);
  if (!heard.empty() && !heard.starts_with("HTTP/1.1 ")) std::abort();
  if (heard.find(reached) != std::string::npos && request.find("kal_a") == std::string_view::npos) std::abort();
  return 0;
}
