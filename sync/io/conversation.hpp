// Messages over one secured connection; every wait ends.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <chrono>
#include <memory>

#include "sync/talk.hpp"

namespace ipvs::sync {

namespace asio = boost::asio;

asio::ip::tcp::endpoint tcp(const Endpoint& endpoint);
/// IPv4 in IPv6's form is IPv4; the interface that a link-local one goes with is left out.
Address plain(const asio::ip::address& address);

class Conversation {
 public:
  Conversation(asio::ip::tcp::socket socket, std::shared_ptr<asio::ssl::context> context)
      : context_{std::move(context)}, stream_{std::move(socket), *context_} {}

  // All throw boost::system::system_error: timed_out when the other side takes longer than `patience`.
  asio::awaitable<void> connect(asio::ip::tcp::endpoint to);
  asio::awaitable<void> shake_hands(asio::ssl::stream_base::handshake_type side,
                                    std::chrono::seconds longest = patience);
  asio::awaitable<void> say(Talk message);
  /// bad_message: what came is none of ours.
  asio::awaitable<Talk> hear(std::chrono::seconds longest = patience);
  asio::awaitable<Talk> ask(Talk message);

  void close();
  std::uint64_t bytes() const { return bytes_; }  // both ways, without what TLS adds

  static constexpr std::chrono::seconds patience{10};

 private:
  template <class Operation>
  asio::awaitable<void> within(std::chrono::seconds longest, Operation operation);

  std::shared_ptr<asio::ssl::context> context_;
  asio::ssl::stream<asio::ip::tcp::socket> stream_;
  std::uint64_t bytes_ = 0;
};

}  // namespace ipvs::sync
