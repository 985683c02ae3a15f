#include "sync/io/answerer.hpp"

#include <doctest/doctest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <memory>

#include "sync/io/secure.hpp"

namespace answerer_test {

using namespace ipvs;
using namespace ipvs::sync;
using boost::system::system_error;

namespace {

/// A port of this host that is free.
Port free_port(asio::io_context& io) {
  const asio::ip::tcp::acceptor any{io, {asio::ip::address_v4::loopback(), 0}};
  return {any.local_endpoint().port()};
}

}  // namespace

TEST_CASE("who was proven by a secret of before gets no answer once the answerer is gone") {
  asio::io_context io;
  const AgentSettings settings{.listen = Endpoint{Address{std::array<std::uint8_t, 4>{127, 0, 0, 1}}, free_port(io)},
                               .secrets = {"secret"}};
  const auto store = std::make_shared<Store>(settings.line);
  int told = 0;
  auto answerer = Answerer::open(io, settings, store, [&] {
    ++told;
    return Facts{};
  });
  REQUIRE(answerer);
  std::string end;
  asio::co_spawn(
      io,
      [&]() -> asio::awaitable<void> {
        Conversation peer{asio::ip::tcp::socket{io}, *secure_context(settings, Side::asks)};
        try {
          co_await peer.connect(tcp(*settings.listen));
          co_await peer.shake_hands(asio::ssl::stream_base::client);
          Talk first = Hello{};
          const Talk answer = co_await peer.ask(std::move(first));
          CHECK(std::holds_alternative<Hello>(answer));
          answerer->reset();
          Talk second = Hello{};
          const Talk late = co_await peer.ask(std::move(second));
          end = "answered";
        } catch (const system_error&) {
          end = "closed";
        }
      },
      asio::detached);
  io.run();
  CHECK(end == "closed");
  CHECK(told == 1);
}

}  // namespace answerer_test
