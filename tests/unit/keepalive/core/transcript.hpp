// Events in, actions out, as lines of text: one comparison tells a whole conversation.
//
//   write TCP 10.0.0.100:80            Reconcile
//   prober 0: drop 1                   Tell
//   run 3 web/b a b                    Run: number, object, arguments, and its ticket
//   alert SERVER_DOWN web/b: text (cause)
#pragma once

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <memory>
#include <string>

#include "base/diagnostics.hpp"
#include "config/files.hpp"
#include "core/engine.hpp"

namespace keepalive::core {

inline constexpr Time s(std::int64_t count) { return std::chrono::seconds{count}; }
inline constexpr Time ms(std::int64_t count) { return std::chrono::milliseconds{count}; }

inline std::shared_ptr<const Config> config_of(const std::string& text) {
  Files::Memory memory;
  memory.texts.emplace("k.conf", text);
  auto config = keepalive::load("k.conf", Remembered{memory}, {});
  if (!config) FAIL(base::render(config.error()));
  return std::make_shared<Config>(std::move(*config));
}

inline ipvs::ServiceKey tcp(const char* text) {
  return ipvs::VipKey{ipvs::Protocol::tcp, ipvs::Endpoint::parse(text).value()};
}

/// Prints each action as a line.
class Printer {
 public:
  std::string text = "";

  void operator()(const Reconcile& one) {
    constexpr std::string_view purposes[] = {"write", "repair", "report"};
    text += purposes[static_cast<std::size_t>(one.purpose)];
    for (const ipvs::ServiceKey& key : one.keys) text += " " + to_string(key);
    text += one.foreign ? " and foreign ones\n" : "\n";
  }
  void operator()(const Tell& one) {
    text += fmt::format("prober {}: ", one.prober);
    std::visit(*this, one.message);
    text += "\n";
  }
  void operator()(const Run& one) {
    text += fmt::format("run {} {}", one.number, one.target != 0 ? fmt::format("for {}", one.target) : one.object);
    for (const std::string& argument : one.arguments) text += " " + argument;
    text += one.ticket == 0 ? "\n" : fmt::format(", ticket {}\n", one.ticket);
  }
  void operator()(const Count& one) {
    text += "count";
    for (const std::string& server : one.servers) text += " " + one.pool + "/" + server;
    text += "\n";
  }
  void operator()(const Journal& one) {
    constexpr std::string_view levels[] = {"info", "warning", "alert"};
    text += fmt::format("{} {} {}: {}", levels[static_cast<std::size_t>(one.level)], one.kind, one.object, one.text);
    text += one.cause.empty() ? "\n" : " (" + one.cause + ")\n";
  }
  void operator()(const Settle& one) {
    constexpr std::string_view purposes[] = {"settle", "repair settings", "report settings"};
    text += fmt::format("{}\n", purposes[static_cast<std::size_t>(one.purpose)]);
  }
  void operator()(const SetDaemons& one) {
    constexpr std::string_view purposes[] = {"daemons", "repair daemons", "report daemons"};
    text += fmt::format("{}{}:", purposes[static_cast<std::size_t>(one.purpose)], one.anew ? " anew" : "");
    for (const ipvs::Daemon& daemon : one.wanted) text += " " + ipvs::sync::word(daemon.role);
    text += "\n";
  }
  void operator()(const WriteRules& one) { text += "rules\n" + one.text; }
  void operator()(const LookForRules& one) { text += "look for rules " + one.table + "\n"; }
  void operator()(const OpenSockets& one) {
    text += fmt::format("prober {}: {} sockets of {}, mark {}\n", one.prober, one.wanted.count, one.wanted.target,
                        one.need.mark.value);
  }
  void operator()(const Restart& one) { text += fmt::format("restart prober {}\n", one.prober); }
  void operator()(const SaveState& one) {
    text += "save";
    for (const ServerRef& server : one.servers) text += fmt::format(" {}.{}", server.pool, server.server);
    text += one.servers.empty() ? " all\n" : "\n";
  }

  void operator()(const TellRouters& one) {
    text += "routers: ";
    std::visit(*this, one.speech);
    text += "\n";
  }
  void operator()(const vrrp::Configured& one) {
    text += "configured";
    for (const vrrp::Instance& instance : one.instances) text += " " + instance.name;
  }
  void operator()(const vrrp::Tracked& one) { text += one.name + (one.well ? " is well" : " is not well"); }
  void operator()(const vrrp::Switchover& one) {
    text += fmt::format("{} to {}", one.instance, one.to_master ? "master" : "backup");
    if (!one.by.empty()) text += " for " + one.by;
  }

  void operator()(const vrrp::Synced& one) { text += one.synced ? "synced" : "not synced"; }

  void operator()(const GotSocket& one) { text += one.fault; }
  void operator()(const SetCheck& one) { text += fmt::format("check {}", one.number); }
  void operator()(const DropCheck& one) { text += fmt::format("no check {}", one.number); }
  void operator()(const SetTargets& one) {
    text += "targets";
    for (const Target& target : one.targets)
      text += fmt::format(" {}={}@{}{}{}", target.id, target.check, to_string(target.endpoint),
                          target.state == State::unknown ? "" : fmt::format(" {}", word(target.state)),
                          target.host.empty() ? "" : " host " + target.host);
  }
  void operator()(const DropTargets& one) {
    text += "drop";
    for (const std::uint32_t id : one.ids) text += fmt::format(" {}", id);
  }
  template <class Other>
  void operator()(const Other&) {
    text += "?";
  }
};

inline std::string printed(const Actions& actions) {
  Printer printer;
  for (const Action& action : actions) std::visit(printer, action);
  return printer.text;
}

/// The wanted servers of a service: "10.0.0.11:80=100 10.0.0.12:80=50".
inline std::string servers(const ipvs::Table& table, const ipvs::ServiceKey& key) {
  std::string text;
  const auto found = table.find(key);
  if (found == table.end()) return "no service";
  for (const ipvs::Destination& one : found->second.destinations)
    text += fmt::format("{}{}={}", text.empty() ? "" : " ", to_string(one.endpoint), one.weight);
  return text;
}

struct Scene {
  std::string step(const Event& event, Time now) { return printed(engine.step(event, now)); }
  std::string load(const std::string& text, Time now = Time{0}) { return step(Loaded{config_of(text)}, now); }
  /// The target of a server's first check.
  std::uint32_t target(std::size_t pool, std::size_t server) const {
    return engine.probes().of({pool, server}).front()->id;
  }
  std::string turn(std::size_t pool, std::size_t server, State state, Time now, const std::string& evidence = "why") {
    return step(Heard{0, Transition{target(pool, server), state, {.good = state == State::up, .evidence = evidence}}},
                now);
  }

  Engine engine;
};

}  // namespace keepalive::core
