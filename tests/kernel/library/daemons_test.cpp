#include <algorithm>
#include <cerrno>

#include "fixture.hpp"

using namespace ipvs;
using namespace ipvs::test;

namespace {

struct Wired : Lab {
  Wired() {
    shell(
        "ip link add wire0 type veth peer name wire1 && ip link set wire0 up && ip link set wire1 up && "
        "ip addr add 192.0.2.1/24 dev wire0 && ip -6 addr add fd00::1/64 dev wire0 nodad");
  }
};

}  // namespace

TEST_CASE_FIXTURE(Wired, "no daemon runs at first") { CHECK(good(client.daemons()).empty()); }

TEST_CASE_FIXTURE(Wired, "both roles side by side, with every setting") {
  const Daemon master{DaemonRole::master, "wire0", {7}, 1400, Address::parse("224.0.0.99"), {9000}, 3};
  const Daemon backup{DaemonRole::backup, "wire0", {0}, 1300, Address::parse("ff05::99"), {9001}, 4};
  good(client.start_daemon(master));
  CHECK(good(client.daemons()) == std::vector{master});
  good(client.start_daemon(backup));
  CHECK(good(client.daemons()) == std::vector{master, backup});

  CHECK(client.start_daemon(master).error() == Error{EEXIST, Operation::start_daemon});
  good(client.stop_daemon(DaemonRole::master));
  CHECK(good(client.daemons()) == std::vector{backup});
  CHECK(client.stop_daemon(DaemonRole::master).error() == Error{ESRCH, Operation::stop_daemon});
  good(client.stop_daemon(DaemonRole::backup));
}

TEST_CASE_FIXTURE(Wired, "what is left out the kernel chooses, and then tells") {
  good(client.start_daemon({.interface = "wire0", .sync_id = {255}}));
  const auto daemons = good(client.daemons());
  REQUIRE(daemons.size() == 1);
  const Daemon expected{DaemonRole::master,           "wire0", {255}, daemons[0].max_length,
                        Address::parse("224.0.0.81"), {8848},  1};
  CHECK(daemons[0] == expected);
  CHECK(daemons[0].max_length > 1000);
  good(client.stop_daemon(DaemonRole::master));
}

TEST_CASE_FIXTURE(Wired, "refusals of daemons keep the kernel's errno") {
  CHECK(client.start_daemon({.interface = "nonesuch0"}).error() == Error{ENODEV, Operation::start_daemon});
  CHECK(code(client.start_daemon({.interface = "wire0", .group = Address::parse("192.0.2.9")})) == EINVAL);
  CHECK(code(client.start_daemon({.interface = ""})) == ENODEV);
}
