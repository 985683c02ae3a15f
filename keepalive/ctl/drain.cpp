#include "drain.hpp"

#include <fmt/format.h>

#include <thread>

#include "answer.hpp"
#include "base/escapes.hpp"
#include "fields.hpp"
#include "render.hpp"
#include "say.hpp"

namespace keepalive::ctl {
namespace {

namespace json = boost::json;

/// The number of the last event, so that ours can be found behind it.
std::int64_t last_event(const Session& session) {
  const auto reply = session.client.get(fmt::format("/v1/events?since={}", INT64_MAX));
  return reply ? number(read_object(reply->body), "next").value_or(0) : 0;
}

/// Why a server is taken out: the journal tells; empty: it does not.
std::string ending(const Session& session, const std::string& object, std::int64_t since) {
  const auto reply = session.client.get(fmt::format("/v1/events?since={}", since));
  if (!reply) return "";
  const json::object told = read_object(reply->body);
  std::string kind;
  for (const json::value& event : list(told, "events"))
    if (text(as_object(event), "object") == object && text(as_object(event), "kind").starts_with("DRAIN"))
      kind = text(as_object(event), "kind");
  return kind;
}

/// The connections that are left, told when they change.
class Progress {
 public:
  explicit Progress(Session& session) : session_{session} {}
  ~Progress() { end(); }
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  void show(const std::string& line) {
    if (line == last_) return;
    last_ = line;
    // On a terminal in one line that changes.
    if (session_.terminal)
      session_.out << "\r\033[K" << line.substr(0, line.size() - 1) << std::flush;
    else
      session_.out << line << std::flush;
  }
  void end() {
    if (session_.terminal && !last_.empty()) session_.out << "\n";
    last_.clear();
  }

 private:
  Session& session_;
  std::string last_ = "";
};

Exit wait(Session& session, const Command& command, std::int64_t since) {
  Progress progress{session};
  std::int64_t active = 0;
  std::int64_t inactive = 0;
  for (;;) {
    const auto reply = session.client.get("/v1/servers/" + base::escaped(command.object));
    if (!reply || reply->status != 200) progress.end();
    if (!reply) return unreachable(session, reply.error());
    if (reply->status != 200) return refused(session, *reply);
    const json::object server = read_object(reply->body);
    const json::object& overlay = member(server, "overlay");
    const std::string name = fmt::format("{}/{}", text(server, "pool"), text(server, "name"));
    if (text(overlay, "kind") != "drain") {
      progress.end();
      session.err << fmt::format("keepalivectl: {} drains no more: somebody took it back\n", name);
      return Exit::refused;
    }
    if (!flag(overlay, "gone")) {
      active = number(server, "active_connections").value_or(0);
      inactive = number(server, "inactive_connections").value_or(0);
      progress.show(render_server(reply->body));
      std::this_thread::sleep_for(session.pause);
      continue;
    }
    progress.end();
    const std::string kind = ending(session, name, since);
    if (kind == "DRAIN_DEADLINE")
      session.out << fmt::format(
          "{} is taken out: the deadline is over, {} active and {} inactive connections last seen\n", name, active,
          inactive);
    else
      session.out << fmt::format("{} is taken out{}\n", name, kind.empty() ? "" : ": no connection is left");
    return Exit::done;
  }
}

}  // namespace

Exit drain(Session& session, const Command& command) {
  const std::int64_t since = command.wait ? last_event(session) : 0;
  const std::string body = command.deadline ? fmt::format("{{\"deadline_ms\":{}}}", command.deadline->count()) : "{}";
  const auto reply = session.client.post(fmt::format("/v1/servers/{}/drain", base::escaped(command.object)), body);
  if (!reply) return unreachable(session, reply.error());
  if (reply->status != 200) return refused(session, *reply);
  warn(session, reply->body);
  if (command.wait) return wait(session, command, since);
  session.out << render_server(reply->body);
  return Exit::done;
}

}  // namespace keepalive::ctl
