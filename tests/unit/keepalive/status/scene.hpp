// An engine driven by events, from the text of a configuration.
#pragma once

#include <doctest/doctest.h>

#include <memory>
#include <string>

#include "base/diagnostics.hpp"
#include "config/files.hpp"
#include "core/circumstances.hpp"
#include "core/engine.hpp"
#include "core/find.hpp"

namespace keepalive::core {

inline constexpr Time seconds(std::int64_t count) { return std::chrono::seconds{count}; }

/// JSON by hand over several lines: newlines and indentation go.
inline std::string joined(std::string text) {
  std::string out;
  bool start = true;
  for (const char c : text) {
    if (c == '\n') start = true;
    if (c != '\n' && !(start && c == ' ')) {
      out += c;
      start = false;
    }
  }
  return out;
}

/// Two servers that are checked and one sorry server, behind one service.
inline const std::string two_servers = R"(
[global]
router_id = lvs1
[check web-ok]
type = http
url = /healthz
interval = 2s
rise = 2
fall = 3
jitter = 2s
[pool web]
check = web-ok
server = 10.0.0.11:80 weight=100
server = 10.0.0.12:80 weight=50 name=b
quorum = 60
slow_start = 30s
sorry_server = 10.0.0.99:80
[virtual_server site]
address = 10.0.0.100:80
pool = web
)";

struct Given {
  explicit Given(const std::string& text) { load(text, Time{0}); }

  void load(const std::string& text, Time now) {
    Files::Memory memory;
    memory.texts.emplace("keepalive.conf", text);
    memory.texts.emplace("/key", std::string(32, 'k'));
    auto config = keepalive::load("keepalive.conf", Remembered{memory}, {});
    if (!config) FAIL(base::render(config.error()));
    engine.step(Loaded{std::make_shared<Config>(std::move(*config))}, now);
  }
  ServerRef find(const std::string& server) const { return *find_server(engine.config(), server); }
  std::uint32_t target(const std::string& server, std::size_t check = 0) const {
    return engine.probes().of(find(server))[check]->id;
  }
  void turn(const std::string& server, State state, const std::string& evidence, Time now) {
    const Verdict verdict{.good = state == State::up, .evidence = evidence, .latency = std::chrono::microseconds{400}};
    engine.step(Heard{.message = Transition{target(server), state, verdict}}, now);
  }
  /// The check of what a virtual router tracks: the only server of this pool.
  void turn_tracked(std::size_t pool, State state, const std::string& evidence, Time now) {
    const Verdict verdict{.good = state == State::up, .evidence = evidence};
    engine.step(Heard{.message = Transition{engine.probes().of({pool, 0}).front()->id, state, verdict}}, now);
  }
  void summarise(const std::string& server, std::uint32_t against, const std::string& evidence, bool good, Time now) {
    const Verdict verdict{.good = good, .evidence = evidence, .latency = std::chrono::microseconds{500}};
    const Summary summary{.target = target(server), .runs = 5, .failures = 1, .against = against, .verdict = verdict};
    engine.step(Heard{.message = Summaries{{summary}}}, now);
  }
  void operate(const std::string& pool, const std::string& server, std::optional<Overlay> overlay, Time now) {
    engine.step(Operate{.pool = pool, .server = server, .overlay = overlay}, now);
  }

  Engine engine;
  Circumstances circumstances{.version = "1.2.3",
                              .path = "/etc/keepalive/keepalive.conf",
                              .process = 7,
                              .boot = seconds(1'700'000'000),
                              .loaded = Time{0}};
  CountTable counts = {};
};

/// Connections of one server of TCP 10.0.0.100:80.
inline CountTable counted(const std::string& server, std::uint64_t active, std::uint64_t inactive) {
  const ipvs::ServiceKey key = ipvs::VipKey{ipvs::Protocol::tcp, *ipvs::Endpoint::parse("10.0.0.100:80")};
  const ipvs::Stats stats{.counters = {.connections = 7, .in_packets = 70, .in_bytes = 7000}};
  ServiceCounts service{.stats = stats};
  service.servers[*ipvs::Endpoint::parse(server)] = {.active = active, .inactive = inactive, .stats = stats};
  return {{key, service}};
}

}  // namespace keepalive::core
