#include "watch_view.hpp"

#include <doctest/doctest.h>

namespace ipvsadm {
namespace {

Watched service(std::string_view endpoint, ipvs::Rates rates, std::vector<ipvs::DestinationEntry> servers) {
  return {.service = {.service = {.key = ipvs::VipKey{ipvs::Protocol::tcp, *ipvs::Endpoint::parse(endpoint)}},
                      .stats = {.rates = rates}},
          .servers = std::move(servers)};
}

ipvs::DestinationEntry server(std::string_view endpoint, std::uint32_t active, ipvs::Rates rates) {
  return {.destination = {.endpoint = *ipvs::Endpoint::parse(endpoint)},
          .active_connections = active,
          .stats = {.rates = rates}};
}

std::vector<Watched> table() {
  return {service("10.0.0.2:80", {.connections = 5}, {}),
          service("10.0.0.1:80", {.connections = 9, .in_bytes = 1},
                  {server("10.0.0.7:80", 1, {.connections = 4}), server("10.0.0.8:80", 6, {.connections = 5})})};
}

std::string names_of(WatchOrder order) {
  auto sorted = table();
  sort(sorted, order);
  Endpoints names{Naming::numbers};
  std::string text;
  for (const std::string& line : watch_lines(sorted, names)) {
    const std::size_t start = line.find("10.");
    text += line.substr(start, line.find(' ', start) - start) + ' ';
  }
  return text;
}

TEST_CASE("services and servers stand by load, or in the order of lists") {
  CHECK(names_of(WatchOrder::table) == "10.0.0.1:80 10.0.0.7:80 10.0.0.8:80 10.0.0.2:80 ");
  CHECK(names_of(WatchOrder::connections) == "10.0.0.1:80 10.0.0.8:80 10.0.0.7:80 10.0.0.2:80 ");
  CHECK(names_of(WatchOrder::active) == "10.0.0.1:80 10.0.0.8:80 10.0.0.7:80 10.0.0.2:80 ");
}

TEST_CASE("a service shows the sum of its servers' connections") {
  auto rows = table();
  Endpoints names{Naming::numbers};
  const auto lines = watch_lines(rows, names);
  CHECK(lines[1] ==
        "TCP 10.0.0.1:80                                     9         0         0           1           0        7"
        "        0       ");
  CHECK(lines[1].size() == watch_titles().size());
}

}  // namespace
}  // namespace ipvsadm
