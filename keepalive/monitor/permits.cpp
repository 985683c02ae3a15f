#include "monitor/permits.hpp"

#include <algorithm>
#include <array>
#include <optional>

namespace keepalive::monitor {
namespace {

constexpr std::array table{
    Route{"POST", "/api/login", Place::login, Need::nothing, "log in with user and password; sets the cookie"},
    Route{"GET", "/api/session", Place::session, Need::read, "who is logged in, and the CSRF token"},
    Route{"POST", "/api/logout", Place::logout, Need::read, "ends the session"},
    Route{"GET", "/api/cluster", Place::cluster, Need::read, "every director with its overview"},
    Route{"GET", "/api/stream", Place::stream, Need::read, "server-sent events: journal, figures, state, resync"},
    Route{"GET", "/api/history", Place::history, Need::read, "figures of object of director over span, hour or week"},
    Route{"GET", "/api", Place::openapi, Need::read, "this description"},
    Route{"GET", "/api/d/{director}/v1/status", Place::director, Need::read, "everything that a director knows"},
    Route{"GET", "/api/d/{director}/v1/overview", Place::director, Need::read, "the same in short"},
    Route{"GET", "/api/d/{director}/v1/plan", Place::director, Need::read, "what a reload would change"},
    Route{"GET", "/api/d/{director}/v1/events", Place::director, Need::read,
          "the journal after since; with follow=1 also what comes"},
    Route{"GET", "/api/d/{director}/v1/doctor", Place::director, Need::read, "what stops traffic"},
    Route{"GET", "/api/d/{director}/v1/schema", Place::director, Need::read, "the keys of the configuration"},
    Route{"GET", "/api/d/{director}/v1/explain/{object}", Place::director, Need::read, "why it is as it is"},
    Route{"GET", "/api/d/{director}/v1/servers/{server}", Place::director, Need::read, "a server"},
    Route{"GET", "/api/d/{director}/v1/sync/{what}", Place::director, Need::read, "connection sync"},
    Route{"POST", "/api/d/{director}/v1/servers/{server}/drain", Place::director, Need::operate,
          "no new connections; deadline_ms"},
    Route{"POST", "/api/d/{director}/v1/servers/{server}/undrain", Place::director, Need::operate,
          "back to what the file says"},
    Route{"POST", "/api/d/{director}/v1/servers/{server}/weight", Place::director, Need::operate, "another weight"},
    Route{"POST", "/api/d/{director}/v1/servers/{server}/enable", Place::director, Need::operate,
          "back to what the file says"},
    Route{"POST", "/api/d/{director}/v1/servers/{server}/disable", Place::director, Need::operate, "out at once"},
    Route{"POST", "/api/d/{director}/v1/vrrp/{router}/switchover", Place::director, Need::operate,
          "a master hands over, a backup takes over; to"},
    Route{"POST", "/api/d/{director}/v1/alerts/{sequence}/acknowledge", Place::director, Need::operate,
          "somebody has seen it"},
    Route{"POST", "/api/d/{director}/v1/sync/compare", Place::director, Need::operate, "compares connections"},
    Route{"POST", "/api/d/{director}/v1/sync/resync", Place::director, Need::operate, "fetches connections"},
    Route{"POST", "/api/d/{director}/v1/reload", Place::director, Need::configure, "reads the configuration again"},
    Route{"POST", "/api/d/{director}/v1/restart", Place::director, Need::configure, "executes the daemon anew"},
    Route{"GET", "/api/d/{director}/v1/config", Place::director, Need::configure, "files, versions, what is pending"},
    Route{"GET", "/api/d/{director}/v1/config/versions/{number}", Place::director, Need::configure,
          "files of a version"},
    Route{"POST", "/api/d/{director}/v1/config/check", Place::director, Need::configure,
          "faults of files, and the plan"},
    Route{"POST", "/api/d/{director}/v1/config/apply", Place::director, Need::configure, "writes files and loads them"},
    Route{"POST", "/api/d/{director}/v1/config/confirm", Place::director, Need::configure, "keeps what was applied"},
    Route{"POST", "/api/d/{director}/v1/config/rollback", Place::director, Need::configure, "back to a version"},
};

std::string_view take_word(std::string_view& rest) {
  rest.remove_prefix(1);  // the slash
  const std::string_view found = rest.substr(0, rest.find('/'));
  rest.remove_prefix(found.size());
  return found;
}

/// The words that stand for those in braces; nothing: the path is another's.
std::optional<std::map<std::string_view, std::string_view>> match(std::string_view pattern, std::string_view path) {
  std::map<std::string_view, std::string_view> words;
  while (!pattern.empty() && !path.empty() && path.front() == '/') {
    const std::string_view wanted = take_word(pattern);
    const std::string_view there = take_word(path);
    if (there.empty() || there == "." || there == "..") return std::nullopt;
    if (wanted.starts_with('{'))
      words[wanted.substr(1, wanted.size() - 2)] = there;
    else if (wanted != there)
      return std::nullopt;
  }
  if (!pattern.empty() || !path.empty()) return std::nullopt;
  return words;
}

}  // namespace

std::span<const Route> routes() { return table; }

Found find_route(std::string_view method, std::string_view path) {
  Found found;
  for (const Route& route : table) {
    auto words = match(route.path, path);
    if (!words) continue;
    found.other_method = true;
    if (route.method == (method == "HEAD" ? "GET" : method)) return {&route, false, std::move(*words)};
  }
  return found;
}

bool may(Role role, Need need) { return static_cast<unsigned>(need) <= static_cast<unsigned>(role) + 1; }

bool may(Monitor::Allow allow, Need need) { return static_cast<unsigned>(need) <= static_cast<unsigned>(allow) + 1; }

bool may_ask(Monitor::Allow allow, std::string_view method, std::string_view target) {
  const std::string path = "/api/d/local" + std::string{target.substr(0, target.find('?'))};
  const Route* const route = find_route(method, path).route;
  return route != nullptr && may(allow, route->need);
}

std::string_view word(Monitor::Allow allow) {
  constexpr std::array<std::string_view, 3> words{"read", "operate", "configure"};
  return words.at(static_cast<std::size_t>(allow));
}

}  // namespace keepalive::monitor
