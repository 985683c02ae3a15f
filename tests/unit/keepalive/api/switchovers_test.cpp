#include "switchovers.hpp"

#include <doctest/doctest.h>

#include <thread>
#include <vector>

using namespace keepalive;

namespace {

core::vrrp::Statuses state(const char* name, core::vrrp::State state) {
  return {.list = {{.name = name, .state = state}}};
}

}  // namespace

TEST_CASE("who waits for a switchover is answered once, by its own router, in its state") {
  boost::asio::io_context io;
  Switchovers waiting{io};
  core::Routers routers;
  std::vector<bool> told;
  waiting.wait({"v1", true}, [&](bool one) { told.push_back(one); });
  routers.take(state("v2", core::vrrp::State::master));
  routers.take(state("v1", core::vrrp::State::backup));
  waiting.look(routers);
  CHECK(told.empty());
  routers.take(state("v1", core::vrrp::State::master));
  waiting.look(routers);
  waiting.look(routers);
  CHECK(told == std::vector{true});
  io.run();  // no timer is left
  CHECK(told.size() == 1);
}

TEST_CASE("who is answered in the turn in which its patience is over is not answered again") {
  boost::asio::io_context io;
  Switchovers waiting{io, std::chrono::milliseconds{1}};
  core::Routers routers;
  routers.take(state("v1", core::vrrp::State::master));
  boost::asio::steady_timer first{io, std::chrono::milliseconds{0}};
  first.async_wait([&](const boost::system::error_code&) { waiting.look(routers); });
  std::vector<bool> told;
  waiting.wait({"v1", true}, [&](bool one) { told.push_back(one); });
  std::this_thread::sleep_for(std::chrono::milliseconds{20});  // both are over
  io.run();
  CHECK(told == std::vector{true});
}

TEST_CASE("who waits in vain is told so") {
  boost::asio::io_context io;
  Switchovers waiting{io, std::chrono::milliseconds{1}};
  std::vector<bool> told;
  waiting.wait({"v1", true}, [&](bool one) { told.push_back(one); });
  io.run();
  CHECK(told == std::vector{false});
}
