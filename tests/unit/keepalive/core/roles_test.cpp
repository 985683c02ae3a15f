// Steps from the sync daemons that run to those that are wanted.
#include "sync/roles.hpp"

#include <doctest/doctest.h>

namespace ipvs::sync {
namespace roles_test {
namespace {

const Settings settings{.interface = "eth1", .id = {51}};
constexpr std::uint32_t mtu = 1500;

/// As the kernel reports one that was started with defaults.
Daemon running(DaemonRole role, std::uint16_t length = 1472) {
  return {.role = role,
          .interface = "eth1",
          .sync_id = {51},
          .max_length = length,
          .group = Address::parse("224.0.0.81"),
          .port = {8848},
          .ttl = 1};
}

std::string text(const Steps& steps) {
  constexpr std::string_view words[] = {"start", "stop", "replace"};
  std::string all;
  for (const Step& one : steps)
    all += std::string{words[static_cast<std::size_t>(one.kind)]} + " " + word(one.daemon.role) + ";";
  return all;
}

}  // namespace

TEST_CASE("the master's daemon is the master daemon, the backup's the backup daemon, unless both run always") {
  CHECK(text(steps(wanted(settings, true), {}, mtu)) == "start master;");
  CHECK(text(steps(wanted(settings, false), {}, mtu)) == "start backup;");
  Settings both = settings;
  both.both = true;
  CHECK(text(steps(wanted(both, false), {running(DaemonRole::backup)}, mtu)) == "start master;");
}

TEST_CASE("at a change of role the one starts before the other stops") {
  CHECK(text(steps(wanted(settings, true), {running(DaemonRole::backup)}, mtu)) == "start master;stop backup;");
}

TEST_CASE("a daemon with the kernel's defaults is what was asked for without them") {
  CHECK(steps(wanted(settings, true), {running(DaemonRole::master)}, mtu).empty());
  CHECK(steps(wanted(settings, false), {running(DaemonRole::backup, 8972)}, 9000).empty());
  CHECK(steps(wanted(settings, false), {running(DaemonRole::backup)}, 9000).empty());  // it started before
  CHECK(text(steps(wanted(settings, false), {running(DaemonRole::backup, 8972)}, mtu)) == "replace backup;");
}

TEST_CASE("one with another setting is replaced") {
  for (const auto& change : {+[](Daemon& one) { one.interface = "eth2"; }, +[](Daemon& one) { one.sync_id = {7}; },
                             +[](Daemon& one) { one.port = {9000}; }, +[](Daemon& one) { one.ttl = 2; },
                             +[](Daemon& one) { one.group = Address::parse("ff02::81"); }}) {
    Daemon other = running(DaemonRole::master);
    change(other);
    CHECK(text(steps(wanted(settings, true), {other}, mtu)) == "replace master;");
  }
}

TEST_CASE("anew: all stop before one starts, for that is when the kernel counts its threads") {
  CHECK(text(anew(wanted(settings, true), {running(DaemonRole::master), running(DaemonRole::backup)})) ==
        "stop master;stop backup;start master;");
}

TEST_CASE("a datagram holds as many entries as a byte counts") {
  CHECK(longest_whole(1) == 9188);
  CHECK(longest_whole(0) == 6124);
}

TEST_CASE("a daemon in words, with what is no default") {
  CHECK(describe(running(DaemonRole::master)) == "eth1, id 51");
  Daemon other = running(DaemonRole::master, 8000);
  other.group = Address::parse("239.1.2.3");
  other.port = {9000};
  other.ttl = 3;
  CHECK(describe(other) == "eth1, id 51, max_length 8000, group 239.1.2.3, port 9000, ttl 3");
}
}  // namespace roles_test
}  // namespace ipvs::sync
