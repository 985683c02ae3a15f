#include "core/open_alerts.hpp"

#include <doctest/doctest.h>

using namespace keepalive::core;

namespace {

Journal entry(std::uint64_t sequence, const char* kind, const char* object, Journal::Level level) {
  return {.sequence = sequence, .level = level, .kind = kind, .object = object};
}
Journal alert(std::uint64_t sequence, const char* kind, const char* object = "web/a") {
  return entry(sequence, kind, object, Journal::Level::alert);
}
Journal info(std::uint64_t sequence, const char* kind, const char* object = "web/a") {
  return entry(sequence, kind, object, Journal::Level::info);
}
std::vector<std::uint64_t> open(const OpenAlerts& alerts) {
  std::vector<std::uint64_t> numbers;
  for (const OpenAlert& one : alerts.list()) numbers.push_back(one.entry.sequence);
  return numbers;
}
using Numbers = std::vector<std::uint64_t>;

}  // namespace

TEST_CASE("an alert is open until what closes it comes, of its own object") {
  OpenAlerts alerts;
  alerts.take(info(1, "SERVER_UP"));
  alerts.take(alert(2, "SERVER_DOWN"));
  alerts.take(alert(3, "SERVER_DOWN", "web/b"));
  alerts.take(entry(4, "DRIFT", "web/a", Journal::Level::warning));
  CHECK(open(alerts) == Numbers{2, 3});
  alerts.take(info(5, "SERVER_UP", "web/c"));
  alerts.take(info(6, "QUORUM_GAINED"));
  CHECK(open(alerts) == Numbers{2, 3});
  alerts.take(info(7, "SERVER_UP"));
  CHECK(open(alerts) == Numbers{3});
}

TEST_CASE("a later word on the same matter takes the place of an earlier one") {
  OpenAlerts alerts;
  alerts.take(alert(1, "CERTIFICATE_EXPIRES"));
  alerts.take(alert(2, "CERTIFICATE_EXPIRES"));
  CHECK(open(alerts) == Numbers{2});
}

TEST_CASE("a virtual router's alerts end with its next state, its rival's end, its heartbeat's return") {
  OpenAlerts alerts;
  alerts.take(alert(1, "VRRP_FAULT", "v1"));
  alerts.take(alert(2, "VRRP_RIVAL", "v1"));
  alerts.take(alert(3, "HEARTBEAT_LOST", "h"));
  alerts.take(info(4, "VRRP_BACKUP", "v1"));
  CHECK(open(alerts) == Numbers{2, 3});
  alerts.take(info(5, "VRRP_RIVAL_GONE", "v1"));
  alerts.take(info(6, "HEARTBEAT_BACK", "h"));
  CHECK(open(alerts).empty());
}

TEST_CASE("an acknowledged alert stays open, with who has seen it; one that nothing closes is done with") {
  OpenAlerts alerts;
  alerts.take(alert(1, "SERVER_DOWN"));
  alerts.take(alert(2, "SOMETHING_HAPPENED"));
  const Acknowledgement anna{.by = "anna", .at = Time{7}};
  CHECK(alerts.acknowledge(1, anna));
  CHECK(alerts.acknowledge(2, anna));
  CHECK(!alerts.acknowledge(3, anna));
  CHECK(open(alerts) == Numbers{1});
  CHECK(alerts.find(1)->acknowledged == anna);
  CHECK(alerts.find(2) == nullptr);
}

TEST_CASE("there are 200 at most: acknowledged ones go first, then the oldest") {
  OpenAlerts alerts;
  for (std::uint64_t i = 1; i <= OpenAlerts::most; ++i) alerts.take(alert(i, "SERVER_DOWN", std::to_string(i).c_str()));
  alerts.acknowledge(50, {.by = "anna"});
  alerts.take(alert(1000, "PANIC"));
  CHECK(alerts.find(50) == nullptr);
  alerts.take(alert(1001, "QUORUM_LOST"));
  CHECK(open(alerts).front() == 2);
  CHECK(open(alerts).back() == 1001);
  CHECK(alerts.list().size() == OpenAlerts::most);
}
