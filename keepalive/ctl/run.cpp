#include "run.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <thread>

#include "answer.hpp"
#include "base/escapes.hpp"
#include "drain.hpp"
#include "fields.hpp"
#include "parse.hpp"
#include "render.hpp"
#include "restart.hpp"
#include "say.hpp"
#include "sync.hpp"
#include "versions.hpp"

namespace keepalive::ctl {
namespace {

constexpr std::int64_t events_before = 10;  // shown by --follow

std::string raw(std::string_view body, Style /*style*/) { return std::string{body}; }

/// A request and how its answer is shown.
struct Plain {
  Verb verb;
  bool post;
  std::string_view target;  // the object is put at `@`
  std::string (*show)(std::string_view body, Style style);
};

constexpr std::array plain_commands{
    Plain{Verb::status, false, "/v1/status", render_status},
    Plain{Verb::explain, false, "/v1/explain/@", [](auto body, Style) { return render_explanation(body); }},
    Plain{Verb::events, false, "/v1/events", render_events},
    Plain{Verb::doctor, false, "/v1/doctor", render_findings},
    Plain{Verb::metrics, false, "/metrics", raw},
    Plain{Verb::plan, false, "/v1/plan", [](auto body, Style) { return render_plan(body); }},
    Plain{Verb::reload, true, "/v1/reload", [](auto body, Style) { return render_reload(body); }},
    Plain{Verb::undrain, true, "/v1/servers/@/undrain", [](auto body, Style) { return render_server(body); }},
    Plain{Verb::weight, true, "/v1/servers/@/weight", [](auto body, Style) { return render_server(body); }},
    Plain{Verb::disable, true, "/v1/servers/@/disable", [](auto body, Style) { return render_server(body); }},
    Plain{Verb::enable, true, "/v1/servers/@/enable", [](auto body, Style) { return render_server(body); }},
    Plain{Verb::switchover, true, "/v1/vrrp/@/switchover", [](auto body, Style) { return render_router(body); }},
    Plain{Verb::alerts, false, "/v1/overview", render_alerts},
    Plain{Verb::acknowledge, true, "/v1/alerts/@/acknowledge", [](auto, Style) { return std::string{}; }},
    Plain{Verb::versions, false, "/v1/config", [](auto body, Style) { return render_versions(body); }},
    Plain{Verb::confirm, true, "/v1/config/confirm", [](auto body, Style) { return render_confirmed(body); }},
    Plain{Verb::names, false, "/v1/status", [](auto body, Style) { return render_names(body); }},
    Plain{Verb::rollback, true, "/v1/config/rollback", [](auto body, Style) { return render_reload(body); }},
};

std::string body_of(const Command& command) {
  if (command.verb == Verb::weight) return fmt::format("{{\"weight\":{}}}", command.weight);
  if (command.verb == Verb::rollback && command.confirm)
    return fmt::format("{{\"version\":{},\"confirm_s\":{}}}", command.object,
                       std::chrono::duration_cast<std::chrono::seconds>(*command.confirm).count());
  if (command.verb == Verb::rollback) return fmt::format("{{\"version\":{}}}", command.object);
  return command.to.empty() ? "{}" : fmt::format("{{\"to\":\"{}\"}}", command.to);
}

Exit run_plain(Session& session, const Command& command) {
  const auto* const row = std::find_if(plain_commands.begin(), plain_commands.end(),
                                       [&](const Plain& one) { return one.verb == command.verb; });
  std::string target{row->target};
  if (const auto at = target.find('@'); at != std::string::npos) target.replace(at, 1, base::escaped(command.object));
  if (command.since) target += fmt::format("?since={}", *command.since);
  const std::string body = body_of(command);
  const auto reply = row->post ? session.client.post(target, body) : session.client.get(target);
  if (!reply) return unreachable(session, reply.error());
  if (reply->status != 200) return refused(session, *reply);
  session.out << (command.json ? raw : row->show)(reply->body, session.style);
  if (row->post) warn(session, reply->body);
  // In effect, but not whole: of a reload.
  const bool whole = command.verb != Verb::reload || list(read_object(reply->body), "refusals").empty();
  return whole ? Exit::done : Exit::refused;
}

/// Over the old screen, each line's rest erased: no flicker.
std::string screen(std::string_view text) {
  std::string out = "\033[H";
  for (const char c : text) out.append(c == '\n' ? "\033[K" : "").append(1, c);
  return out + "\033[J";
}

Exit watch(Session& session) {
  for (;;) {
    const auto reply = session.client.get("/v1/status");
    if (!reply) return unreachable(session, reply.error());
    if (reply->status != 200) return refused(session, *reply);
    const std::string text = render_status(reply->body, session.style);
    session.out << (session.terminal ? screen(fitted(text, session.rows)) : text + "\n") << std::flush;
    if (!session.out) return Exit::done;
    std::this_thread::sleep_for(session.pause);
  }
}

Exit follow(Session& session, const Command& command) {
  std::uint64_t since = command.since.value_or(0);
  if (!command.since) {
    const auto reply = session.client.get(fmt::format("/v1/events?since={}", INT64_MAX));
    if (!reply) return unreachable(session, reply.error());
    const std::int64_t last = number(read_object(reply->body), "next").value_or(0);
    since = static_cast<std::uint64_t>(std::max<std::int64_t>(last - events_before, 0));
  }
  const auto reply =
      session.client.follow(fmt::format("/v1/events?since={}&follow=1", since), [&](std::string_view line) {
        if (command.json)
          session.out << line << std::endl;
        else
          session.out << render_event(line, session.style) << std::flush;
      });
  if (!reply) return unreachable(session, reply.error());
  if (reply->status != 200) return refused(session, *reply);
  return unreachable(session, "keepalive has ended");
}

}  // namespace

Exit unreachable(Session& session, const std::string& why) {
  session.err << "keepalivectl: " << why << "\n";
  return Exit::unreachable;
}

void warn(Session& session, std::string_view body) {
  if (const std::string warning = text(read_object(body), "warning"); !warning.empty())
    session.err << "keepalivectl: warning: " << warning << "\n";
}

Exit refused(Session& session, const Reply& reply) {
  session.err << "keepalivectl: " << render_fault(reply.status, reply.body);
  return Exit::refused;
}

std::string fitted(std::string_view text, std::size_t rows) {
  const auto lines = static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
  if (rows < 2 || lines < rows) return std::string{text};
  std::size_t end = 0;
  for (std::size_t i = 0; i + 2 < rows; ++i) end = text.find('\n', end) + 1;
  return fmt::format("{}… {} more lines\n", text.substr(0, end), lines + 2 - rows);
}

Exit run(Session& session, const Command& command) {
  switch (command.verb) {
    case Verb::help:
      session.out << help();
      return Exit::done;
    case Verb::version:
      session.out << "keepalivectl " << IPVS_NG_VERSION << "\n";
      return Exit::done;
    case Verb::drain:
      return drain(session, command);
    case Verb::restart:
      return restart(session);
    case Verb::sync:
      return sync(session, command);
    case Verb::diff:
      return compare_versions(session, command);
    case Verb::status:
      return command.watch ? watch(session) : run_plain(session, command);
    case Verb::events:
      return command.follow ? follow(session, command) : run_plain(session, command);
    default:
      return run_plain(session, command);
  }
}

}  // namespace keepalive::ctl
