#include "core/metrics.hpp"

#include <doctest/doctest.h>

#include "scene.hpp"

namespace keepalive::core {
namespace {

const std::string page = R"(# TYPE keepalive_build info
# HELP keepalive_build The daemon.
keepalive_build_info{version="1.2.3",instance="",router_id="lvs1"} 1
# TYPE keepalive_config_last_reload_successful gauge
# HELP keepalive_config_last_reload_successful 1: the file as last read is in effect.
keepalive_config_last_reload_successful 1
# TYPE keepalive_config_last_good gauge
# HELP keepalive_config_last_good 1: runs on the kept configuration, the file was broken at start.
keepalive_config_last_good 0
# TYPE keepalive_config_loaded_timestamp_seconds gauge
# UNIT keepalive_config_loaded_timestamp_seconds seconds
# HELP keepalive_config_loaded_timestamp_seconds When the configuration took effect.
keepalive_config_loaded_timestamp_seconds 1700000000
# TYPE keepalive_loop_lag_seconds gauge
# UNIT keepalive_loop_lag_seconds seconds
# HELP keepalive_loop_lag_seconds By how much the director was late at worst in the last minute.
keepalive_loop_lag_seconds 0
# TYPE keepalive_generation gauge
# HELP keepalive_generation Configurations that took effect since the start.
keepalive_generation 1
# TYPE keepalive_kernel_refusals gauge
# HELP keepalive_kernel_refusals Services that the kernel refuses as they should be.
keepalive_kernel_refusals 0
# TYPE keepalive_drift gauge
# HELP keepalive_drift Differences made by others that are not repaired.
keepalive_drift 0
# TYPE keepalive_alarms gauge
# HELP keepalive_alarms What is wrong with the daemon itself.
keepalive_alarms 0
# TYPE keepalive_events counter
# HELP keepalive_events Entries of the journal.
keepalive_events_total 2
# TYPE keepalive_service_connections_active gauge
# HELP keepalive_service_connections_active Established connections.
keepalive_service_connections_active{service="site",address="TCP 10.0.0.100:80"} 3
# TYPE keepalive_service_connections_inactive gauge
# HELP keepalive_service_connections_inactive Connections that begin or end.
keepalive_service_connections_inactive{service="site",address="TCP 10.0.0.100:80"} 2
# TYPE keepalive_service_connections counter
# HELP keepalive_service_connections Connections scheduled.
keepalive_service_connections_total{service="site",address="TCP 10.0.0.100:80"} 7
# TYPE keepalive_service_in_packets counter
# UNIT keepalive_service_in_packets packets
# HELP keepalive_service_in_packets Packets from clients.
keepalive_service_in_packets_total{service="site",address="TCP 10.0.0.100:80"} 70
# TYPE keepalive_service_out_packets counter
# UNIT keepalive_service_out_packets packets
# HELP keepalive_service_out_packets Packets to clients, where they pass the director.
keepalive_service_out_packets_total{service="site",address="TCP 10.0.0.100:80"} 0
# TYPE keepalive_service_in_bytes counter
# UNIT keepalive_service_in_bytes bytes
# HELP keepalive_service_in_bytes Bytes from clients.
keepalive_service_in_bytes_total{service="site",address="TCP 10.0.0.100:80"} 7000
# TYPE keepalive_service_out_bytes counter
# UNIT keepalive_service_out_bytes bytes
# HELP keepalive_service_out_bytes Bytes to clients, where they pass the director.
keepalive_service_out_bytes_total{service="site",address="TCP 10.0.0.100:80"} 0
# TYPE keepalive_pool_quorum gauge
# HELP keepalive_pool_quorum Least weight of servers that are up.
keepalive_pool_quorum{pool="web"} 60
# TYPE keepalive_pool_weight_up gauge
# HELP keepalive_pool_weight_up Weight of servers that are up.
keepalive_pool_weight_up{pool="web"} 150
# TYPE keepalive_pool_has_quorum gauge
# HELP keepalive_pool_has_quorum 1: the quorum is met.
keepalive_pool_has_quorum{pool="web"} 1
# TYPE keepalive_pool_panic gauge
# HELP keepalive_pool_panic 1: servers are kept although they are down.
keepalive_pool_panic{pool="web"} 0
# TYPE keepalive_pool_sorry gauge
# HELP keepalive_pool_sorry 1: the sorry server serves.
keepalive_pool_sorry{pool="web"} 0
# TYPE keepalive_server_up gauge
# HELP keepalive_server_up 1 up, 0 down, NaN not known yet.
keepalive_server_up{pool="web",server="10.0.0.11:80"} 1
keepalive_server_up{pool="web",server="b"} NaN
# TYPE keepalive_server_weight gauge
# HELP keepalive_server_weight Weight in the table; absent: not in the table.
keepalive_server_weight{pool="web",server="10.0.0.11:80"} 100
keepalive_server_weight{pool="web",server="b"} 50
# TYPE keepalive_server_drained gauge
# HELP keepalive_server_drained 1: an operator drains or has disabled it.
keepalive_server_drained{pool="web",server="10.0.0.11:80"} 0
keepalive_server_drained{pool="web",server="b"} 0
# TYPE keepalive_server_connections_active gauge
# HELP keepalive_server_connections_active Established connections.
keepalive_server_connections_active{pool="web",server="10.0.0.11:80"} 3
keepalive_server_connections_active{pool="web",server="b"} 0
# TYPE keepalive_server_connections_inactive gauge
# HELP keepalive_server_connections_inactive Connections that begin or end.
keepalive_server_connections_inactive{pool="web",server="10.0.0.11:80"} 2
keepalive_server_connections_inactive{pool="web",server="b"} 0
# TYPE keepalive_server_connections counter
# HELP keepalive_server_connections Connections scheduled.
keepalive_server_connections_total{pool="web",server="10.0.0.11:80"} 7
keepalive_server_connections_total{pool="web",server="b"} 0
# TYPE keepalive_server_in_bytes counter
# UNIT keepalive_server_in_bytes bytes
# HELP keepalive_server_in_bytes Bytes to the server.
keepalive_server_in_bytes_total{pool="web",server="10.0.0.11:80"} 7000
keepalive_server_in_bytes_total{pool="web",server="b"} 0
# TYPE keepalive_server_out_bytes counter
# UNIT keepalive_server_out_bytes bytes
# HELP keepalive_server_out_bytes Bytes from the server, where they pass the director.
keepalive_server_out_bytes_total{pool="web",server="10.0.0.11:80"} 0
keepalive_server_out_bytes_total{pool="web",server="b"} 0
# TYPE keepalive_check_up gauge
# HELP keepalive_check_up 1 up, 0 down, NaN not known yet.
keepalive_check_up{pool="web",server="10.0.0.11:80",check="web-ok"} 1
keepalive_check_up{pool="web",server="b",check="web-ok"} NaN
# TYPE keepalive_check_latency_seconds gauge
# UNIT keepalive_check_latency_seconds seconds
# HELP keepalive_check_latency_seconds Duration of the last probe.
keepalive_check_latency_seconds{pool="web",server="10.0.0.11:80",check="web-ok"} 0.0004
# TYPE keepalive_check_last_run_timestamp_seconds gauge
# UNIT keepalive_check_last_run_timestamp_seconds seconds
# HELP keepalive_check_last_run_timestamp_seconds When the last probe was heard of.
keepalive_check_last_run_timestamp_seconds{pool="web",server="10.0.0.11:80",check="web-ok"} 1700000001
# TYPE keepalive_check_certificate_expiry_timestamp_seconds gauge
# UNIT keepalive_check_certificate_expiry_timestamp_seconds seconds
# HELP keepalive_check_certificate_expiry_timestamp_seconds When the server's certificate ends; absent: the check does not look at it.
# TYPE keepalive_check_unable gauge
# HELP keepalive_check_unable 1: the daemon cannot probe, which says nothing of the server.
keepalive_check_unable{pool="web",server="10.0.0.11:80",check="web-ok"} 0
keepalive_check_unable{pool="web",server="b",check="web-ok"} 0
# TYPE keepalive_checks counter
# HELP keepalive_checks Probes carried out.
keepalive_checks_total{pool="web",server="10.0.0.11:80",check="web-ok"} 1
keepalive_checks_total{pool="web",server="b",check="web-ok"} 0
# TYPE keepalive_check_failures counter
# HELP keepalive_check_failures Probes that failed.
keepalive_check_failures_total{pool="web",server="10.0.0.11:80",check="web-ok"} 0
keepalive_check_failures_total{pool="web",server="b",check="web-ok"} 0
# EOF
)";

TEST_CASE("OpenMetrics: type, unit and help of each family, then its samples; the end is marked") {
  Given given{two_servers};
  given.turn("web/10.0.0.11:80", State::up, "HTTP status 200", seconds(1));
  given.counts = counted("10.0.0.11:80", 3, 2);
  CHECK(metrics(given.engine, given.circumstances, given.counts) == page);
}

TEST_CASE("metrics: in pieces the page is the same, whatever the engine does meanwhile") {
  Given given{two_servers};
  given.turn("web/10.0.0.11:80", State::up, "HTTP status 200", seconds(1));
  given.counts = counted("10.0.0.11:80", 3, 2);
  const std::string whole = metrics(given.engine, given.circumstances, given.counts);
  MetricsPage page{given.engine, given.circumstances, given.counts};
  given.load("[pool other]\nserver = 10.0.0.1:80\n", seconds(2));
  std::string text;
  std::size_t steps = 1;
  for (; !page.step(1); ++steps, page.clear()) text += page.text();
  text += page.text();
  CHECK(steps > 30);
  CHECK(text == whole);
}

TEST_CASE("metrics: the format before OpenMetrics names families as their samples, and knows no units, info and end") {
  Given given{two_servers};
  given.counts = counted("10.0.0.11:80", 3, 2);
  MetricsPage page{given.engine, given.circumstances, given.counts, Format::classic};
  page.step(SIZE_MAX);
  const std::string text{page.text()};
  CHECK(text.starts_with(
      "# TYPE keepalive_build_info gauge\n# HELP keepalive_build_info The daemon.\nkeepalive_build_info{"));
  CHECK(
      text.find("\n# TYPE keepalive_server_in_bytes_total counter\n# HELP keepalive_server_in_bytes_total Bytes to the "
                "server.\nkeepalive_server_in_bytes_total{") != std::string::npos);
  CHECK(text.find("\n# TYPE keepalive_loop_lag_seconds gauge\n# HELP ") != std::string::npos);
  CHECK(text.find("# UNIT") == std::string::npos);
  CHECK(text.find("# EOF") == std::string::npos);
}

TEST_CASE("OpenMetrics: label values are escaped") {
  const Engine engine;
  const std::string text = metrics(engine, {.version = "a\\b\"c\nd"}, {});
  CHECK(text.find(R"(keepalive_build_info{version="a\\b\"c\nd",instance="",router_id=""} 1)") != std::string::npos);
}

TEST_CASE("metrics: what a server that is taken out looks like") {
  Given given{two_servers};
  given.turn("web/b", State::down, "connection refused", seconds(1));
  given.circumstances.fault = "bad";
  const std::string text = metrics(given.engine, given.circumstances, {});
  CHECK(text.find("keepalive_server_up{pool=\"web\",server=\"b\"} 0\n") != std::string::npos);
  CHECK(text.find("keepalive_server_weight{pool=\"web\",server=\"b\"}") == std::string::npos);
  CHECK(text.find("keepalive_check_failures_total{pool=\"web\",server=\"b\",check=\"web-ok\"} 1\n") !=
        std::string::npos);
  CHECK(text.find("keepalive_config_last_reload_successful 0\n") != std::string::npos);
}

}  // namespace
}  // namespace keepalive::core
