// What a peer of the control socket may send: every connection comes to its end, and all that is answered is HTTP.
#define DOCTEST_CONFIG_DISABLE
#include <array>
#include <boost/asio/local/connect_pair.hpp>
#include <boost/asio/write.hpp>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "../unit/keepalive/api/powers.hpp"

namespace {

namespace asio = boost::asio;
using Socket = asio::local::stream_protocol::socket;

/// Sends all and shuts the way there down; gives what comes back.
std::string talk(std::string_view request) {
  keepalive::TestPowers powers;
  asio::io_context io;
  Socket ours{io};
  Socket theirs{io};
  asio::local::connect_pair(ours, theirs);
  ours.non_blocking(true);
  keepalive::io::serve(std::move(theirs), [&](const auto& asked, auto reply) { answer(powers, asked, reply); });
  std::string heard;
  std::array<char, 65536> buffer{};
  boost::system::error_code over;
  for (bool sending = true; over != asio::error::eof && over != asio::error::connection_reset;) {
    boost::system::error_code error;
    if (!request.empty()) request.remove_prefix(ours.write_some(asio::buffer(request), error));
    if (error && error != asio::error::would_block) request = {};
    if (request.empty() && std::exchange(sending, false)) ours.shutdown(Socket::shutdown_send, error);
    io.restart();
    const bool idle = io.poll() == 0;
    const std::size_t got = ours.read_some(asio::buffer(buffer), over);
    heard.append(buffer.data(), got);
    if (idle && got == 0 && !sending && over == asio::error::would_block) std::abort();  // nobody goes on
  }
  return heard;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string heard = talk({reinterpret_cast<const char*>(data), size});
  if (!heard.empty() && !heard.starts_with("HTTP/1.1 ")) std::abort();
  return 0;
}
