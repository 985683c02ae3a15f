// The monitor's end of its channel, played by the test: it gets its settings, and sockets that it sends are served as
// far as the configuration allows.
#include "roles.hpp"

#include <doctest/doctest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <chrono>

#include "base/bytes.hpp"
#include "powers.hpp"

using namespace keepalive;

namespace {

struct Stage {
  explicit Stage(Monitor::Allow allow) { configure(allow); }

  void configure(Monitor::Allow allow) {
    Config config;
    config.global.router_id = "lvs1";
    config.monitor = Monitor{.listen = {*ipvs::Endpoint::parse("127.0.0.1:8443")}, .allow = allow};
    wanted = roles.take(config);
    roles.taken();
  }
  void start() {
    const auto [ours, theirs] = io::socket_pair();
    roles.meet({.kind = core::NewRole::Kind::monitor}, base::Fd{ours});
    const auto hear = [this](std::string_view bytes, const base::Fd&) {
      if (auto message = core::decode_monitor(base::as_bytes(bytes)))
        if (auto* set = std::get_if<core::SetMonitor>(&*message)) settings.push_back(std::move(*set));
    };
    channel = std::make_unique<io::Channel>(io, theirs, io::Channel::Handler{hear, [] {}});
    run();
  }
  /// Until nothing happens any more.
  void run() {
    io.restart();
    while (io.poll() != 0) io.restart();
  }
  /// The first line of the answer.
  std::string ask(const std::string& request) {
    std::array<int, 2> ends{};
    REQUIRE(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) == 0);
    channel->send(encode(core::MonitorWords{core::Connect{}}), ends[1]);
    ::close(ends[1]);
    REQUIRE(::write(ends[0], request.data(), request.size()) == static_cast<ssize_t>(request.size()));
    run();
    std::array<char, 4096> buffer{};
    const ssize_t got = ::recv(ends[0], buffer.data(), buffer.size(), MSG_DONTWAIT);
    ::close(ends[0]);
    run();
    const std::string text{buffer.data(), got > 0 ? static_cast<std::size_t>(got) : 0};
    return text.substr(0, text.find('\r'));
  }

  TestPowers powers;
  boost::asio::io_context io;
  Roles roles{io, powers};
  core::WantRoles wanted = {};
  std::unique_ptr<io::Channel> channel = nullptr;
  std::vector<core::SetMonitor> settings = {};
};

const std::string look = "GET /v1/status HTTP/1.1\r\nHost: x\r\n\r\n";
const std::string disable =
    "POST /v1/servers/b/disable HTTP/1.1\r\nHost: x\r\nX-Keepalive-By: anna\r\nContent-Length: 0\r\n\r\n";
const std::string reload = "POST /v1/reload HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n";

}  // namespace

TEST_CASE("the monitor runs when there is a section for it, and is told it at its start and at reloads") {
  Stage stage{Monitor::Allow::read};
  CHECK(stage.wanted.monitor);
  stage.start();
  stage.configure(Monitor::Allow::operate);
  stage.run();
  REQUIRE(stage.settings.size() == 2);
  CHECK(stage.settings[0].name == "lvs1");
  CHECK(stage.settings[0].settings.allow == Monitor::Allow::read);
  CHECK(stage.settings[1].settings.allow == Monitor::Allow::operate);
  CHECK(!Roles{stage.io, stage.powers}.take(Config{}).monitor);
}

TEST_CASE("sockets of the monitor are served as far as the configuration allows, from a reload on otherwise") {
  Stage stage{Monitor::Allow::read};
  stage.start();
  CHECK(stage.ask(look) == "HTTP/1.1 200 OK");
  CHECK(stage.ask(disable) == "HTTP/1.1 403 Forbidden");
  CHECK(stage.ask(reload) == "HTTP/1.1 403 Forbidden");
  stage.configure(Monitor::Allow::operate);
  CHECK(stage.ask(disable) == "HTTP/1.1 200 OK");
  CHECK(stage.ask(reload) == "HTTP/1.1 403 Forbidden");
  stage.configure(Monitor::Allow::configure);
  CHECK(stage.ask(reload) == "HTTP/1.1 200 OK");
}
