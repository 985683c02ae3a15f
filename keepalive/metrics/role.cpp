#include "metrics/role.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <csignal>
#include <memory>
#include <string>
#include <utility>

#include "base/bytes.hpp"
#include "base/fd.hpp"
#include "core/scrape.hpp"
#include "io/channel.hpp"
#include "metrics/server.hpp"

namespace keepalive::metrics {

int run_metrics(int channel_fd) {
  std::signal(SIGPIPE, SIG_IGN);
  boost::asio::io_context io;
  boost::asio::signal_set end{io, SIGTERM};  // so that what is closed is told
  end.async_wait([&io](const boost::system::error_code& error, int) {
    if (!error) io.stop();
  });
  std::unique_ptr<io::Channel> channel;
  Server server{io, [&](core::Format format) { channel->send(encode(core::Scraping{core::Scrape{format}})); }};
  const auto hear = [&](std::string_view bytes, base::Fd file) {
    const auto message = core::decode_scraping(base::as_bytes(bytes));
    if (!message) return;
    if (const auto* const listen = std::get_if<core::Listen>(&*message)) server.listen(listen->at);
    if (const auto* const scraped = std::get_if<core::Scraped>(&*message)) server.answer(*scraped, std::move(file));
  };
  channel = std::make_unique<io::Channel>(io, channel_fd, io::Channel::Handler{hear, [&io] { io.stop(); }});
  io.run();
  return 0;
}

}  // namespace keepalive::metrics
