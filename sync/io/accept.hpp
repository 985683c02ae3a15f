// Takes the next one who knocks, of any protocol.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/basic_socket_acceptor.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <chrono>
#include <optional>

namespace ipvs::sync {

/// Nothing once the acceptor is closed. A fault, such as that no descriptor is free, is waited out by the second: at once it
/// would be the same. The caller keeps the acceptor alive.
template <class Protocol>
boost::asio::awaitable<std::optional<typename Protocol::socket>> accepted(
    boost::asio::basic_socket_acceptor<Protocol>& acceptor) {
  namespace asio = boost::asio;
  while (acceptor.is_open()) {
    typename Protocol::socket socket{acceptor.get_executor()};
    boost::system::error_code error;
    co_await acceptor.async_accept(socket, asio::redirect_error(asio::use_awaitable, error));
    if (!acceptor.is_open()) break;
    if (!error) co_return std::optional{std::move(socket)};
    asio::steady_timer pause{acceptor.get_executor(), std::chrono::seconds{1}};
    co_await pause.async_wait(asio::redirect_error(asio::use_awaitable, error));
  }
  co_return std::nullopt;
}

}  // namespace ipvs::sync
