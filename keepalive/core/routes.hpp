// Every path of the control API, and who may go there: one table that the director, the monitor, the OpenAPI
// description and tests go by. Pure.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string_view>

#include "config/monitor.hpp"

namespace keepalive::core {

/// What is asked for.
enum class Ask : std::uint8_t {
  metrics,
  status,
  overview,
  schema,
  plan,
  events,
  doctor,
  explain,
  server,
  drain,
  undrain,
  weight,
  disable,
  enable,
  switchover,
  acknowledge,
  sync,
  compare,
  resync,
  reload,
  restart,
  config,
  version,
  check,
  apply,
  confirm,
  rollback,
};
constexpr Ask last_of(Ask /*of*/) { return Ask::rollback; }

struct Route {
  Ask ask;
  std::string_view method;
  std::string_view path;  // a word in braces stands for any other one
  Monitor::Allow need;
  std::string_view query;  // "since:integer follow:flag"
  std::string_view body;   // members, the same; `!': must be there
  std::string_view help;
};
std::span<const Route> routes();

using Words = std::map<std::string_view, std::string_view>;
/// The words that stand for those in braces, by their names; nothing: the path is another's. Words are compared as
/// they stand, and "." and ".." are none.
std::optional<Words> match(std::string_view pattern, std::string_view path);

/// read, operate, configure
std::string_view word(Monitor::Allow allow);

}  // namespace keepalive::core
