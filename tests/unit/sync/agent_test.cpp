#include "sync/io/agent.hpp"

#include <doctest/doctest.h>

#include <boost/asio/steady_timer.hpp>
#include <memory>
#include <thread>

namespace agent_test {

using namespace ipvs::sync;
namespace asio = boost::asio;
using namespace std::chrono_literals;

TEST_CASE("an agent that is gone does not go on, even if its time had come already") {
  asio::io_context io;
  auto agent = std::make_unique<Agent>(io, AgentSettings{.line = {.interface = "nonesuch"}});
  std::this_thread::sleep_for(1100ms);  // its clock has run out, the loop has not looked
  asio::steady_timer earlier{io, std::chrono::steady_clock::now() - 2s};
  earlier.async_wait([&](const boost::system::error_code&) { agent.reset(); });
  io.poll();
  CHECK_FALSE(agent);
  CHECK(io.stopped());  // nothing is left to wait for
}

}  // namespace agent_test
