// The metrics role between its director and scrapers.
#include <doctest/doctest.h>
#include <netinet/in.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>
#include <chrono>
#include <csignal>
#include <functional>
#include <memory>
#include <thread>
#include <vector>

#include "../probe/server.hpp"
#include "base/bytes.hpp"
#include "base/fd.hpp"
#include "core/scrape.hpp"
#include "io/channel.hpp"
#include "metrics/role.hpp"

using namespace keepalive;
using boost::asio::ip::tcp;
using boost::system::error_code;

namespace {

/// A port of 127.0.0.1 that was free a moment ago.
std::uint16_t free_port() {
  std::uint16_t port = 0;
  const auto socket = probe_test::bound(SOCK_STREAM, port);
  return port;
}

/// The director's end. Counts requests, and answers them when told to.
class Director {
 public:
  Director() {
    const auto [ours, theirs] = io::socket_pair();
    const auto hear = [this](std::string_view bytes, const base::Fd&) {
      const auto message = core::decode_scraping(base::as_bytes(bytes));
      REQUIRE(message);
      REQUIRE(std::holds_alternative<core::Scrape>(*message));
      format = std::get<core::Scrape>(*message).format;
      ++asked;
    };
    channel_ = std::make_unique<io::Channel>(io, ours, io::Channel::Handler{hear, [this] { ended = true; }});
    role_ = std::thread{[fd = theirs] { CHECK(metrics::run_metrics(fd) == 0); }};
  }
  Director(const Director&) = delete;
  Director& operator=(const Director&) = delete;
  ~Director() {
    channel_.reset();
    role_.join();
  }

  void tell(const core::Scraping& message, int fd = -1) { channel_->send(encode(message), fd); }
  /// The page that was asked for last.
  void give(const std::string& text) {
    const base::Fd file{::memfd_create("page", MFD_CLOEXEC)};
    REQUIRE(::write(file.get(), text.data(), text.size()) == static_cast<ssize_t>(text.size()));
    tell(core::Scraped{format, text.size()}, file.get());
  }
  void listen(std::uint16_t port) { tell(core::Listen{{ipvs::Address::parse("127.0.0.1").value(), {port}}}); }
  bool until(const std::function<bool()>& done) {
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds{60};
    while (!done()) {
      if (std::chrono::steady_clock::now() > deadline) return false;
      io.restart();
      io.run_one_for(std::chrono::milliseconds{20});
    }
    return true;
  }

  boost::asio::io_context io = {};
  int asked = 0;
  core::Format format = {};
  bool ended = false;  // the role

 private:
  std::unique_ptr<io::Channel> channel_;
  std::thread role_;
};

/// A scraper in a thread of the director's loop: says this once it is connected, and hears all.
class Scraper {
 public:
  Scraper(Director& director, std::uint16_t port, std::string request)
      : director_{director}, socket_{director.io}, request_{std::move(request)} {
    const tcp::endpoint place{boost::asio::ip::address_v4::loopback(), port};
    error_code error = boost::asio::error::connection_refused;
    REQUIRE(director_.until([&] {
      if (error) socket_.close();
      if (error) socket_.connect(place, error);
      return !error;
    }));
    boost::asio::async_write(socket_, boost::asio::buffer(request_), [](const error_code&, std::size_t) {});
    boost::asio::async_read(socket_, boost::asio::dynamic_buffer(text_),
                            [this](const error_code&, std::size_t) { done_ = true; });
  }
  Scraper(const Scraper&) = delete;
  Scraper& operator=(const Scraper&) = delete;
  ~Scraper() {
    socket_.close();
    director_.until([this] { return done_; });
  }

  /// The whole answer.
  const std::string& answer() {
    CHECK(director_.until([this] { return done_; }));
    return text_;
  }
  bool done() const { return done_; }

 private:
  Director& director_;
  tcp::socket socket_;
  std::string request_;
  std::string text_ = "";
  bool done_ = false;
};

constexpr auto get = "GET /metrics HTTP/1.1\r\nHost: x\r\nAccept: application/openmetrics-text; version=1.0.0\r\n\r\n";
constexpr auto old_get = "GET /metrics HTTP/1.0\r\nHost: x\r\nAccept: */*\r\n\r\n";

std::string first_line(const std::string& text) { return text.substr(0, text.find("\r\n")); }

/// The answer to a request that the director need not know of.
std::string answer(const std::string& request) {
  Director director;
  const std::uint16_t port = free_port();
  director.listen(port);
  Scraper scraper{director, port, request};
  const std::string text = scraper.answer();
  CHECK(director.asked == 0);
  return text;
}

}  // namespace

TEST_CASE("a role that is wanted no more ends in order: its port is closed, which is told") {
  Director director;
  const std::uint16_t port = free_port();
  director.listen(port);
  {
    const Scraper scraper{director, port, get};
    REQUIRE(director.until([&] { return director.asked == 1; }));
    director.give("# EOF\n");
  }
  REQUIRE(::kill(::getpid(), SIGTERM) == 0);
  CHECK(director.until([&] { return director.ended; }));
}

TEST_CASE("a scraper gets what the director says") {
  Director director;
  const std::uint16_t port = free_port();
  director.listen(port);
  Scraper scraper{director, port, get};
  REQUIRE(director.until([&] { return director.asked == 1; }));
  director.give("keepalive_up 1\n# EOF\n");
  CHECK(scraper.answer() ==
        "HTTP/1.1 200 OK\r\n"
        "Content-Type: application/openmetrics-text; version=1.0.0; charset=utf-8\r\n"
        "Content-Length: 21\r\n"
        "Connection: close\r\n"
        "Vary: Accept\r\n"
        "\r\n"
        "keepalive_up 1\n# EOF\n");
}

TEST_CASE("who does not ask for OpenMetrics gets the format that was before it") {
  Director director;
  const std::uint16_t port = free_port();
  director.listen(port);
  Scraper scraper{director, port, old_get};
  REQUIRE(director.until([&] { return director.asked == 1; }));
  CHECK(director.format == core::Format::classic);
  Scraper modern{director, port, get};
  REQUIRE(director.until([&] { return director.asked == 2; }));
  CHECK(director.format == core::Format::open_metrics);
  director.give("modern");
  CHECK(modern.answer().ends_with("\r\n\r\nmodern"));
  CHECK(!scraper.done());
  director.format = core::Format::classic;
  director.give("classic");
  CHECK(scraper.answer().find("\r\nContent-Type: text/plain; version=0.0.4; charset=utf-8\r\n") != std::string::npos);
  CHECK(scraper.answer().ends_with("\r\n\r\nclassic"));
}

TEST_CASE("a page that could not be written") {
  Director director;
  const std::uint16_t port = free_port();
  director.listen(port);
  Scraper scraper{director, port, get};
  REQUIRE(director.until([&] { return director.asked == 1; }));
  director.tell(core::Scraped{});
  CHECK(first_line(scraper.answer()) == "HTTP/1.1 503 Service Unavailable");
}

TEST_CASE("scrapers that wait share an answer; the next one asks again") {
  Director director;
  const std::uint16_t port = free_port();
  director.listen(port);
  Scraper one{director, port, get};
  REQUIRE(director.until([&] { return director.asked == 1; }));
  Scraper two{director, port, get};
  Scraper other{director, port, "GET /other HTTP/1.0\r\n\r\n"};  // comes after: two waits, or will
  CHECK(first_line(other.answer()) == "HTTP/1.1 404 Not Found");
  director.give(std::string(3'000'000, 'x'));
  CHECK(one.answer().size() > 3'000'000);
  director.until([&] { return two.done() || director.asked == 2; });
  if (!two.done()) director.give(std::string(3'000'000, 'x'));
  CHECK(two.answer().size() > 3'000'000);
  const int before = director.asked;
  Scraper three{director, port, "GET /metrics?x=1 HTTP/1.0\r\n\r\n"};
  REQUIRE(director.until([&] { return director.asked == before + 1; }));
  director.give("three");
  CHECK(three.answer().ends_with("\r\n\r\nthree"));
}

TEST_CASE("nothing else is there to be had") {
  CHECK(first_line(answer("GET / HTTP/1.1\r\nHost: x\r\n\r\n")) == "HTTP/1.1 404 Not Found");
  CHECK(first_line(answer("GET /metrics/x HTTP/1.1\r\nHost: x\r\n\r\n")) == "HTTP/1.1 404 Not Found");
  const std::string post = answer("POST /metrics HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc");
  CHECK(first_line(post) == "HTTP/1.1 405 Method Not Allowed");
  CHECK(post.find("\r\nAllow: GET\r\n") != std::string::npos);
  CHECK(first_line(answer("so what\r\n\r\n")) == "HTTP/1.1 400 Bad Request");
  CHECK(first_line(answer("GET /metrics HTTP/1.1\r\nA: " + std::string(20000, 'x') + "\r\n\r\n")) ==
        "HTTP/1.1 431 Request Header Fields Too Large");
}

TEST_CASE("a port that is taken is tried again") {
  Director director;
  std::uint16_t port = 0;
  {
    const auto taken = probe_test::bound(SOCK_STREAM, port);
    REQUIRE(::listen(taken.get(), 1) == 0);
    director.listen(port);
    // The role hears in order: when it serves this port, it has tried the other.
    const std::uint16_t another = free_port();
    director.listen(another);
    Scraper scraper{director, another, get};
    REQUIRE(director.until([&] { return director.asked == 1; }));
    director.give("another");
    CHECK(scraper.answer().ends_with("\r\n\r\nanother"));
    director.listen(port);
  }
  Scraper scraper{director, port, get};
  REQUIRE(director.until([&] { return director.asked == 2; }));
  director.give("here");
  CHECK(scraper.answer().ends_with("\r\n\r\nhere"));
}

TEST_CASE("connections beyond 64 are closed at once; a place that is free is taken again") {
  Director director;
  const std::uint16_t port = free_port();
  director.listen(port);
  std::vector<std::unique_ptr<Scraper>> silent;
  for (int i = 0; i < 64; ++i) silent.push_back(std::make_unique<Scraper>(director, port, ""));
  Scraper late{director, port, ""};
  CHECK(late.answer().empty());
  silent.clear();
  std::string text;
  while (text.empty()) text = Scraper{director, port, "GET / HTTP/1.0\r\n\r\n"}.answer();
  CHECK(first_line(text) == "HTTP/1.1 404 Not Found");
}
