// A place where connections are taken, and what is logged of it.
#include "io/listener.hpp"

#include <doctest/doctest.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "../probe/server.hpp"
#include "base/fd.hpp"
#include "io/log.hpp"

using namespace keepalive;
using namespace std::chrono_literals;
using boost::asio::ip::tcp;

namespace {

constexpr io::Listener::Ids ids{.listens = "LISTENS", .cannot = "CANNOT", .closed = "CLOSED"};

/// What is logged, while this lives.
class Caught {
 public:
  Caught() {
    io::drain_log();
    ::dup2(file_.get(), STDERR_FILENO);
  }
  Caught(const Caught&) = delete;
  Caught& operator=(const Caught&) = delete;
  ~Caught() { restore(); }

  /// The ids so far.
  std::vector<std::string> ids() {
    io::drain_log();
    std::string text(65536, ' ');
    const ssize_t size = ::pread(file_.get(), text.data(), text.size(), 0);
    std::vector<std::string> list;
    for (std::size_t from = 0; from < static_cast<std::size_t>(std::max<ssize_t>(size, 0));) {
      const std::size_t end = text.find('\n', from);
      list.push_back(text.substr(from, text.find(' ', from) - from));
      from = end + 1;
    }
    return list;
  }
  void restore() {
    io::drain_log();
    ::dup2(before_.get(), STDERR_FILENO);
  }

 private:
  base::Fd file_{::memfd_create("log", MFD_CLOEXEC)};
  base::Fd before_{::dup(STDERR_FILENO)};
};

bool until(boost::asio::io_context& io, const std::function<bool()>& done) {
  const auto deadline = std::chrono::steady_clock::now() + 60s;
  while (!done()) {
    if (std::chrono::steady_clock::now() > deadline) return false;
    io.restart();
    io.run_one_for(5ms);
  }
  return true;
}

using Ids = std::vector<std::string>;

}  // namespace

TEST_CASE("a place that is taken is told once, tried again, and told again when it fails after it was well") {
  boost::asio::io_context io;
  std::uint16_t port = 0;
  base::Fd taken = probe_test::bound(SOCK_STREAM, port);
  Caught caught;
  int came = 0;
  std::optional<io::Listener> listener;
  listener.emplace(
      io, ipvs::Endpoint{ipvs::Address::parse("127.0.0.1").value(), {port}}, ids, [&](tcp::socket) { ++came; }, 1ms);
  const auto loop = [&](int turns) {
    for (int i = 0; i < turns; ++i) io.restart(), io.run_one_for(5ms);
  };
  CHECK(until(io, [&] { return caught.ids() == Ids{"CANNOT"}; }));
  loop(20);
  CHECK(caught.ids() == Ids{"CANNOT"});
  taken.reset();
  CHECK(until(io, [&] { return caught.ids() == Ids{"CANNOT", "LISTENS"}; }));
  Ids told{"CANNOT", "LISTENS"};
  for (const int round : {1, 2}) {
    tcp::socket client{io};
    client.open(tcp::v4());
    std::vector<base::Fd> all;
    for (base::Fd one{::dup(STDIN_FILENO)}; one; one = base::Fd{::dup(STDIN_FILENO)}) all.push_back(std::move(one));
    REQUIRE(errno == EMFILE);
    client.connect({boost::asio::ip::address_v4::loopback(), port});
    told.emplace_back("CANNOT");
    CHECK(until(io, [&] { return caught.ids() == told; }));
    all.clear();
    told.emplace_back("LISTENS");
    CHECK(until(io, [&] { return caught.ids() == told; }));
    CHECK(came < round);
  }
  tcp::socket client{io};
  client.connect({boost::asio::ip::address_v4::loopback(), port});
  CHECK(until(io, [&] { return came == 1; }));
  listener.reset();
  told.emplace_back("CLOSED");
  CHECK(caught.ids() == told);
  caught.restore();
}
