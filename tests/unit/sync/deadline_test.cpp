#include "sync/io/deadline.hpp"

#include <doctest/doctest.h>

#include <boost/asio/io_context.hpp>
#include <optional>

namespace deadline_test {

using namespace ipvs::sync;
namespace asio = boost::asio;
using namespace std::chrono_literals;

TEST_CASE("a deadline that has come ends what it is for, once") {
  asio::io_context io;
  int ended = 0;
  const Deadline deadline{io.get_executor(), 0s, [&] { ++ended; }};
  CHECK_FALSE(deadline.late());
  io.run();
  CHECK(ended == 1);
  CHECK(deadline.late());
}

TEST_CASE("a deadline that is gone ends nothing, even if its time had come already") {
  asio::io_context io;
  int ended = 0;
  std::optional<Deadline> deadline;
  asio::steady_timer earlier{io, -2s};  // both have expired when the loop looks: both handlers wait
  earlier.async_wait([&](const boost::system::error_code&) { deadline.reset(); });
  deadline.emplace(io.get_executor(), -1s, [&] { ++ended; });
  io.run();
  CHECK(ended == 0);
}

}  // namespace deadline_test
