// Every path of the monitor, and who may go there: one table that requests, the OpenAPI description and tests go by.
// Pure.
#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "config/monitor.hpp"
#include "monitor/users.hpp"

namespace keepalive::monitor {

enum class Need : std::uint8_t { nothing, read, operate, configure };

/// What answers it.
enum class Place : std::uint8_t { login, logout, session, cluster, stream, history, openapi, director };

struct Route {
  std::string_view method;
  std::string_view path;  // a word in braces stands for any other one
  Place place;
  Need need;
  std::string_view help;
};
std::span<const Route> routes();

struct Found {
  const Route* route = nullptr;
  bool other_method = false;                                // the path is there, the method is another's
  std::map<std::string_view, std::string_view> words = {};  // by their names in the pattern, escaped still
};
/// `path`: without its query, escapes as they came. HEAD goes where GET does.
Found find_route(std::string_view method, std::string_view path);

bool may(Role role, Need need);
bool may(Monitor::Allow allow, Need need);
/// The same of a request to the director's own API, "/v1/…?…": what is not in the table is not allowed. The director
/// asks this of each request that comes by the monitor's connections.
bool may_ask(Monitor::Allow allow, std::string_view method, std::string_view target);
/// read, operate, configure
std::string_view word(Monitor::Allow allow);

}  // namespace keepalive::monitor
