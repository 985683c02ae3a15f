#define DOCTEST_CONFIG_IMPLEMENT_WITH_MAIN
#include <sched.h>
#include <sys/wait.h>

#include <cstdlib>

#include "fixture.hpp"

namespace ipvs::test {
namespace {

Client fresh() {
  REQUIRE(unshare(CLONE_NEWNET) == 0);
  shell("modprobe -q ipv6; ip link set lo up");
  return good(Client::open());
}

}  // namespace

Lab::Lab() : client{fresh()} {}

void shell(const std::string& command) {
  CAPTURE(command);
  REQUIRE(std::system(command.c_str()) == 0);
}

}  // namespace ipvs::test
