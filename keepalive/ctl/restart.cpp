#include "restart.hpp"

#include <fmt/format.h>

#include <chrono>
#include <optional>
#include <thread>

#include "answer.hpp"
#include "fields.hpp"
#include "say.hpp"

namespace keepalive::ctl {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using std::chrono::steady_clock;

constexpr milliseconds pause{50};
constexpr seconds patience{30};

/// The daemon as it is now; nothing: it does not answer, or has no configuration yet.
std::optional<boost::json::object> look(Session& session) {
  const auto reply = session.client.get("/v1/status");
  if (!reply || reply->status != 200) return std::nullopt;
  boost::json::object status = read_object(reply->body);
  if (text(member(status, "config"), "loaded").empty()) return std::nullopt;
  return status;
}

}  // namespace

Exit restart(Session& session) {
  const auto reply = session.client.post("/v1/restart", "{}");
  if (!reply) return unreachable(session, reply.error());
  if (reply->status != 200) return refused(session, *reply);
  const auto before = number(read_object(reply->body), "process");
  for (const auto end = steady_clock::now() + patience; steady_clock::now() < end;) {
    std::this_thread::sleep_for(pause);
    const auto now = look(session);
    if (!now || number(*now, "process") == before) continue;
    session.out << fmt::format("keepalive {} was executed anew and is in service\n", text(*now, "version"));
    return Exit::done;
  }
  session.err << fmt::format(
      "keepalivectl: keepalive has not been executed anew within {} s; its log tells why (CANNOT_RENEW)\n",
      patience.count());
  return Exit::refused;
}

}  // namespace keepalive::ctl
