#include "tables.hpp"

#include <doctest/doctest.h>

#include <vector>

#include "captured.hpp"
#include "endpoints.hpp"

namespace ipvsadm {
namespace tables_test {
namespace {

using ipvs::Endpoint;

const ipvs::ServiceEntry web{
    .service = {.key = ipvs::VipKey{ipvs::Protocol::tcp, *Endpoint::parse("10.0.0.1:80")}, .scheduler = "rr"},
    .stats = {.counters = {.connections = 99'999'999,
                           .in_packets = 100'000'000,
                           .out_packets = 1'999'999'999,
                           .in_bytes = 100'000'000'000,
                           .out_bytes = 123'456'789'012'345'678}}};
const std::vector<ipvs::DestinationEntry> servers{
    {.destination = {.endpoint = *Endpoint::parse("10.0.0.7:80"), .weight = 3},
     .active_connections = 1,
     .inactive_connections = 2,
     .persistent_connections = 3,
     .stats = {.rates = {.connections = 1, .in_packets = 2, .out_packets = 3, .in_bytes = 4, .out_bytes = 5}}}};

std::string list(const Layout& layout) {
  return captured([&](Output& out) {
    Endpoints names{Naming::numbers};
    print_service(out, names, web, servers, layout);
  });
}

TEST_CASE("ipvsadm 1.31: the usual columns") {
  CHECK(list({}) ==
        "TCP  10.0.0.1:80 rr\n"
        "  -> 10.0.0.7:80                  Route   3      1          2         \n");
}

TEST_CASE("ipvsadm 1.31: numbers are cut to K, M, G, T, never rounded") {
  CHECK(list({.columns = Columns::stats}) ==
        "TCP  10.0.0.1:80                  99999999  100000K    1999M     100G  123456T\n"
        "  -> 10.0.0.7:80                         0        0        0        0        0\n");
}

TEST_CASE("ipvsadm 1.31: exact numbers are as wide as they need") {
  CHECK(list({.columns = Columns::stats, .exact = true}) ==
        "TCP  10.0.0.1:80                  99999999 100000000 1999999999 100000000000 123456789012345678\n"
        "  -> 10.0.0.7:80                         0        0        0        0        0\n");
}

TEST_CASE("ipvsadm 1.31: the other columns") {
  CHECK(list({.columns = Columns::rate})
            .find("  -> 10.0.0.7:80                         1        2        3"
                  "        4        5\n") != std::string::npos);
  CHECK(list({.columns = Columns::thresholds})
            .ends_with("10.0.0.7:80                  0          0          1"
                       "          2         \n"));
  CHECK(list({.columns = Columns::persistent_conn})
            .ends_with("10.0.0.7:80                  3         3"
                       "           1          2         \n"));
  CHECK(list({.columns = Columns::tun_info})
            .ends_with("10.0.0.7:80                  Route   n/a           3"
                       "      1          2         \n"));
}

TEST_CASE("ipvsadm 1.31: connections, templates of marks and engines among them") {
  const auto printed = [](const ipvs::Connection& connection, bool engines) {
    return captured([&](Output& out) {
      Endpoints names{Naming::numbers};
      print_connection(out, names, connection, {.naming = Naming::numbers, .engines = engines});
    });
  };
  ipvs::Connection connection{.protocol = ipvs::Protocol{0},
                              .client = *Endpoint::parse("10.0.0.2:0"),
                              .virtual_endpoint = *Endpoint::parse("0.0.0.7:0"),
                              .destination = *Endpoint::parse("10.0.0.7:0"),
                              .state = "NONE",
                              .expires = ipvs::Seconds{7205},
                              .persistence_engine = "sip",
                              .persistence_data = "a-call"};
  CHECK(printed(connection, false) == "IP  120:05 NONE        10.0.0.2:0         0.0.0.7:0          10.0.0.7:0\n");
  CHECK(printed(connection, true) ==
        "IP  120:05 NONE        10.0.0.2:0         0.0.0.7:0          10.0.0.7:0       sip                a-call\n");
}

TEST_CASE("ipvsadm 1.31: sync daemons") {
  const auto printed = [](const ipvs::Daemon& daemon) {
    return captured([&](Output& out) { print_daemon(out, daemon); });
  };
  CHECK(printed({.interface = "eth0"}) == "master sync daemon (mcast=eth0, syncid=0)\n");
  CHECK(printed({.role = ipvs::DaemonRole::backup,
                 .interface = "eth1",
                 .sync_id = ipvs::SyncId{7},
                 .max_length = 1472,
                 .group = ipvs::Address::parse("224.0.0.81"),
                 .port = ipvs::Port{8848},
                 .ttl = 1}) ==
        "backup sync daemon (mcast=eth1, syncid=7, maxlen=1472, group=224.0.0.81, port=8848, ttl=1)\n");
}

}  // namespace
}  // namespace tables_test
}  // namespace ipvsadm
