// TLS between two ends in one thread.
#include "monitor/wire.hpp"

#include <doctest/doctest.h>
#include <sys/socket.h>

#include <array>

#include "client.hpp"

using namespace keepalive::monitor;

namespace {

struct Pair {
  Pair(boost::asio::io_context& io, const TlsContext& server, const TlsContext& client, const TlsSession& session) {
    std::array<int, 2> ends{};
    REQUIRE(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) == 0);
    theirs = std::make_unique<Wire>(io, ends[0], server, Wire::Side::server);
    ours = std::make_unique<Wire>(io, ends[1], client, Wire::Side::client);
    ours->resume(session);
    for (int i = 0; i < 4; ++i) ours->shake(), theirs->shake();
  }

  /// An answer: what the server says beside the handshake comes with it.
  std::string hear(std::string_view text) {
    CHECK(theirs->write(text).size == text.size());
    std::array<char, 100> room{};
    const Wire::Done done = ours->read(room.data(), room.size());
    return {room.data(), done.size};
  }

  std::unique_ptr<Wire> theirs = nullptr;
  std::unique_ptr<Wire> ours = nullptr;
};

}  // namespace

TEST_CASE("a client goes on with the session of its last connection, and still sees whose certificate it is") {
  boost::asio::io_context io;
  const monitor_test::Issued issued = monitor_test::issue("m");
  const auto server = server_context({issued.certificate, issued.certificate, ""});
  const auto client = client_context("");
  REQUIRE(server.has_value());
  REQUIRE(client.has_value());
  Pair first{io, *server, *client, nullptr};
  CHECK(first.hear("one") == "one");
  CHECK_FALSE(first.ours->resumed());
  const TlsSession session = first.ours->keep_session();
  REQUIRE(session);
  Pair second{io, *server, *client, session};
  CHECK(second.hear("two") == "two");
  CHECK(second.ours->resumed());
  CHECK(second.ours->fingerprint() == first.ours->fingerprint());
  const auto another = server_context({issued.certificate, issued.certificate, ""});  // restarted: other ticket keys
  Pair third{io, *another, *client, second.ours->keep_session()};
  CHECK(third.hear("three") == "three");
  CHECK_FALSE(third.ours->resumed());
}
