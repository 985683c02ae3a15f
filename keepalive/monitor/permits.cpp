#include "monitor/permits.hpp"

#include <array>
#include <deque>
#include <string>
#include <utility>
#include <vector>

namespace keepalive::monitor {
namespace {

constexpr std::string_view behind = "/api/d/{director}";

constexpr auto own = std::to_array<Route>({
    {"POST", "/api/login", Place::login, Need::nothing, "log in with user and password; sets the cookie", "",
     "user:string password:string"},
    {"GET", "/api/session", Place::session, Need::read, "who is logged in, and the CSRF token"},
    {"POST", "/api/logout", Place::logout, Need::read, "ends the session"},
    {"GET", "/api/cluster", Place::cluster, Need::read, "every director with its overview"},
    {"GET", "/api/stream", Place::stream, Need::read,
     "server-sent events: beat, journal, figures, state, resync; figures of servers of these pools alone",
     "since:integer pools:string"},
    {"GET", "/api/history", Place::history, Need::read, "figures of object of director over span, hour or week",
     "object:string! director:string span:string"},
    {"GET", "/api", Place::openapi, Need::read, "this description"},
});

Need need_of(Monitor::Allow allow) { return static_cast<Need>(static_cast<unsigned>(allow) + 1); }

struct Table {
  std::deque<std::string> paths = {};
  std::vector<Route> rows{own.begin(), own.end()};
};

/// Metrics are for scrapers, who have a listener of their own.
Table make_table() {
  Table made;
  for (const core::Route& route : core::routes())
    if (route.path.starts_with("/v1/"))
      made.rows.push_back({route.method, made.paths.emplace_back(std::string{behind}.append(route.path)),
                           Place::director, need_of(route.need), route.help, route.query, route.body});
  return made;
}

}  // namespace

std::span<const Route> routes() {
  static const Table table = make_table();
  return table.rows;
}

Found find_route(std::string_view method, std::string_view path) {
  Found found;
  for (const Route& route : routes()) {
    auto words = core::match(route.path, path);
    if (!words) continue;
    found.other_method = true;
    if (route.method == (method == "HEAD" ? "GET" : method)) return {&route, false, std::move(*words)};
  }
  return found;
}

bool may(Role role, Need need) { return static_cast<unsigned>(need) <= static_cast<unsigned>(role) + 1; }

bool may(Monitor::Allow allow, Need need) { return static_cast<unsigned>(need) <= static_cast<unsigned>(allow) + 1; }

}  // namespace keepalive::monitor
