#include "core/routes.hpp"

#include <array>

namespace keepalive::core {
namespace {

using Allow = Monitor::Allow;

constexpr auto table = std::to_array<Route>({
    {Ask::metrics, "GET", "/metrics", Allow::read, "", "", "OpenMetrics text"},
    {Ask::status, "GET", "/v1/status", Allow::read, "", "", "everything that a director knows"},
    {Ask::overview, "GET", "/v1/overview", Allow::read, "pools:string rates:flag", "",
     "the same in short; of these pools alone, with commas between them"},
    {Ask::schema, "GET", "/v1/schema", Allow::read, "", "", "the keys of the configuration"},
    {Ask::plan, "GET", "/v1/plan", Allow::read, "", "", "what a reload would change"},
    {Ask::events, "GET", "/v1/events", Allow::read, "since:integer follow:flag", "",
     "the journal after since; with follow=1 also what comes, a line each"},
    {Ask::doctor, "GET", "/v1/doctor", Allow::read, "", "", "what stops traffic"},
    {Ask::explain, "GET", "/v1/explain/{object}", Allow::read, "", "", "why it is as it is"},
    {Ask::server, "GET", "/v1/servers/{server}", Allow::read, "", "", "a server"},
    {Ask::drain, "POST", "/v1/servers/{server}/drain", Allow::operate, "", "deadline_ms:integer",
     "no new connections; taken out when none is left, or at the deadline"},
    {Ask::undrain, "POST", "/v1/servers/{server}/undrain", Allow::operate, "", "", "back to what the file says"},
    {Ask::weight, "POST", "/v1/servers/{server}/weight", Allow::operate, "", "weight:integer!", "another weight"},
    {Ask::disable, "POST", "/v1/servers/{server}/disable", Allow::operate, "", "", "out at once"},
    {Ask::enable, "POST", "/v1/servers/{server}/enable", Allow::operate, "", "", "back to what the file says"},
    {Ask::switchover, "POST", "/v1/vrrp/{router}/switchover", Allow::operate, "", "to:string",
     "a master hands over, a backup takes over"},
    {Ask::acknowledge, "POST", "/v1/alerts/{sequence}/acknowledge", Allow::operate, "", "", "somebody has seen it"},
    {Ask::sync, "GET", "/v1/sync/{what}", Allow::read, "by:string count:integer", "", "connection sync"},
    {Ask::compare, "POST", "/v1/sync/compare", Allow::operate, "", "", "compares connections"},
    {Ask::resync, "POST", "/v1/sync/resync", Allow::operate, "", "", "fetches connections"},
    {Ask::reload, "POST", "/v1/reload", Allow::configure, "", "", "reads the configuration again"},
    {Ask::restart, "POST", "/v1/restart", Allow::configure, "", "", "executes the daemon anew"},
    {Ask::config, "GET", "/v1/config", Allow::configure, "", "", "files, versions, what is pending"},
    {Ask::version, "GET", "/v1/config/versions/{number}", Allow::configure, "", "", "files of a version"},
    {Ask::check, "POST", "/v1/config/check", Allow::configure, "", "files:files!", "faults of files, and the plan"},
    {Ask::apply, "POST", "/v1/config/apply", Allow::configure, "",
     "files:files! base:integer! comment:string confirm_s:integer", "writes files and loads them"},
    {Ask::confirm, "POST", "/v1/config/confirm", Allow::configure, "", "", "keeps what was applied"},
    {Ask::rollback, "POST", "/v1/config/rollback", Allow::configure, "", "version:integer! confirm_s:integer",
     "back to a version"},
});

std::string_view take_word(std::string_view& rest) {
  rest.remove_prefix(1);  // the slash
  const std::string_view found = rest.substr(0, rest.find('/'));
  rest.remove_prefix(found.size());
  return found;
}

}  // namespace

std::span<const Route> routes() { return table; }

std::optional<Words> match(std::string_view pattern, std::string_view path) {
  Words words;
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

std::string_view word(Monitor::Allow allow) {
  constexpr std::array<std::string_view, 3> words{"read", "operate", "configure"};
  return words.at(static_cast<std::size_t>(allow));
}

}  // namespace keepalive::core
