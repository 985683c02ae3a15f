// Every path of the monitor, and who may go there: its own, and those of core/routes behind each director's name.
// Requests, the OpenAPI description and tests go by it. Pure.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "config/monitor.hpp"
#include "core/routes.hpp"
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
  std::string_view query = "";  // as core::Route has them
  std::string_view body = "";
};
std::span<const Route> routes();

struct Found {
  const Route* route = nullptr;
  bool other_method = false;  // the path is there, the method is another's
  core::Words words = {};     // by their names in the pattern, escaped still
};
/// `path`: without its query, escapes as they came. HEAD goes where GET does.
Found find_route(std::string_view method, std::string_view path);

bool may(Role role, Need need);
bool may(Monitor::Allow allow, Need need);
using core::word;

}  // namespace keepalive::monitor
