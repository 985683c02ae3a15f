#include "sync/io/conversation.hpp"

#include <array>
#include <boost/asio/read.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <string>
#include <utility>

#include "sync/io/deadline.hpp"
#include "sync/io/secure.hpp"

namespace ipvs::sync {

using asio::use_awaitable;
using boost::system::system_error;

asio::ip::tcp::endpoint tcp(const Endpoint& endpoint) {
  return {asio::ip::make_address(to_string(endpoint.address)), endpoint.port.value};
}

Address plain(const asio::ip::address& address) {
  if (address.is_v4()) return Address{address.to_v4().to_bytes()};
  const asio::ip::address_v6 v6 = address.to_v6();
  return v6.is_v4_mapped() ? Address{asio::ip::make_address_v4(asio::ip::v4_mapped, v6).to_bytes()}
                           : Address{v6.to_bytes()};
}

/// Runs `operation`; closes the connection, which ends it, when it takes too long.
template <class Operation>
asio::awaitable<void> Conversation::within(std::chrono::seconds longest, Operation operation) {
  const Deadline deadline{stream_.get_executor(), longest, [this] { close(); }};
  try {
    co_await operation();
  } catch (const system_error&) {
    if (!deadline.late()) throw;
  }
  if (deadline.late()) throw system_error{asio::error::timed_out};
}

asio::awaitable<void> Conversation::connect(asio::ip::tcp::endpoint to) {
  const auto dial = [&] { return stream_.lowest_layer().async_connect(to, use_awaitable); };
  co_await within(patience, dial);
  stream_.lowest_layer().set_option(asio::ip::tcp::no_delay{true});
}

asio::awaitable<void> Conversation::shake_hands(asio::ssl::stream_base::handshake_type side,
                                                std::chrono::seconds longest) {
  const auto shake = [&] { return stream_.async_handshake(side, use_awaitable); };
  co_await within(longest, shake);
  if (!proven(*stream_.native_handle())) throw system_error{make_error_code(boost::system::errc::permission_denied)};
}

asio::awaitable<void> Conversation::say(Talk message) {
  const std::string frame = encode(message);
  const auto write = [&]() -> asio::awaitable<void> {
    co_await asio::async_write(stream_, asio::buffer(frame), use_awaitable);
  };
  co_await within(patience, write);
  bytes_ += frame.size();
}

asio::awaitable<Talk> Conversation::hear(std::chrono::seconds longest) {
  std::string body;
  const auto read = [&]() -> asio::awaitable<void> {
    std::array<std::uint8_t, frame_head> head{};
    co_await asio::async_read(stream_, asio::buffer(head), use_awaitable);
    const std::uint32_t size = base::ByteReader{head}.u32();
    if (size > longest_frame) throw system_error{make_error_code(boost::system::errc::bad_message)};
    body.resize(size);
    co_await asio::async_read(stream_, asio::buffer(body), use_awaitable);
  };
  co_await within(longest, read);
  bytes_ += frame_head + body.size();
  auto message = decode_talk(base::as_bytes(body));
  if (!message) throw system_error{make_error_code(boost::system::errc::bad_message)};
  co_return std::move(*message);
}

asio::awaitable<Talk> Conversation::ask(Talk message) {
  co_await say(std::move(message));
  Talk answer = co_await hear();
  co_return answer;
}

void Conversation::close() {
  boost::system::error_code ignored;
  stream_.lowest_layer().close(ignored);
}

}  // namespace ipvs::sync
