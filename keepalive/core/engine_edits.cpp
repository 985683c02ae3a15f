// What people do to the daemon beside its servers: alerts that they have seen, configurations that they have written.
#include <fmt/format.h>

#include "core/engine.hpp"

namespace keepalive::core {
namespace {

constexpr const char* config_object = "configuration";

std::string_view who(const std::string& by) { return by.empty() ? std::string_view{"an operator"} : by; }

Note applied(const Edited& event) {
  const std::string term = event.confirm_s == 0
                               ? std::string{}
                               : fmt::format("; it is rolled back after {} s unless it is confirmed", event.confirm_s);
  return {.kind = "CONFIG_APPLIED",
          .object = config_object,
          .text = fmt::format("version {} of the configuration is written by {}{}", event.version, who(event.by), term),
          .cause = event.comment};
}

Note rolled_back(const Edited& event) {
  const bool late = event.by.empty();
  return {.level = late ? Note::Level::alert : Note::Level::warning,
          .kind = "CONFIG_ROLLED_BACK",
          .object = config_object,
          .text = fmt::format("the configuration is that of version {} again, as version {}", event.of, event.version),
          .cause = late ? std::string{"nobody has confirmed the one before in time"} : vrrp::asked(event.by)};
}

}  // namespace

void Engine::take(const Acknowledge& event) {
  const OpenAlert* const found = alerts_.find(event.sequence);
  if (!config_ || found == nullptr) return;
  const Journal entry = found->entry;
  alerts_.acknowledge(event.sequence, {.by = event.by, .at = now_});
  note({.kind = "ALERT_ACKNOWLEDGED",
        .object = entry.object,
        .text = fmt::format("{} has seen alert {}: {}", who(event.by), entry.sequence, entry.text),
        .of_state = false});
}

void Engine::take(const Edited& event) {
  if (!config_) return;
  if (event.kind == Edited::Kind::applied) note(applied(event));
  if (event.kind == Edited::Kind::rolled_back) note(rolled_back(event));
  if (event.kind == Edited::Kind::confirmed)
    note({.kind = "CONFIG_CONFIRMED",
          .object = config_object,
          .text =
              fmt::format("version {} of the configuration stays: {} has confirmed it", event.version, who(event.by))});
}

}  // namespace keepalive::core
