#include "sender/hook.hpp"

#include "core/circumstances.hpp"
#include "core/json.hpp"

namespace keepalive::sender {

std::string hook_text(const core::Alert& alert, const std::string& router_id) {
  core::Json json;
  json.object([&] {
    json.member("router_id", router_id);
    json.member("sequence", alert.sequence);
    json.member("time", core::timestamp(alert.time));
    json.member("level", core::word(alert.level));
    json.member("kind", alert.kind);
    json.member("object", alert.object);
    json.member("text", alert.text);
    json.member("cause", alert.cause);
  });
  return std::move(json).text() + "\n";
}

}  // namespace keepalive::sender
