#include "sync.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string>
#include <thread>

#include "base/diagnostics.hpp"
#include "say.hpp"
#include "sync/render.hpp"

namespace keepalive::ctl {
namespace {

using ipvs::sync::Verb;

struct What {
  std::string_view word;
  Verb verb;
  std::string_view begin;  // what is asked for before the status; empty: it is a question
};
constexpr std::array all{
    What{"status", Verb::status, ""},           What{"doctor", Verb::doctor, ""},
    What{"parity", Verb::parity, "compare"},    What{"resync", Verb::resync, "resync"},
    What{"differences", Verb::differences, ""}, What{"connections", Verb::connections, ""},
};

const What* find(const std::string& word) {
  const auto* const found = std::find_if(all.begin(), all.end(), [&](const What& one) { return one.word == word; });
  return found == all.end() ? nullptr : found;
}

/// What was begun has ended when nothing runs.
Exit wait(Session& session) {
  while (true) {
    std::this_thread::sleep_for(session.pause / 2);
    const auto reply = session.client.get("/v1/sync/status");
    if (!reply) return unreachable(session, reply.error());
    if (reply->status != 200) return refused(session, *reply);
    if (outcome(Verb::resync, reply->body, {}) != ipvs::sync::Outcome::goes_on) return Exit::done;
  }
}

}  // namespace

std::string sync_objection(const std::string& what) {
  if (find(what) != nullptr) return {};
  std::vector<std::string_view> known;
  for (const What& one : all) known.push_back(one.word);
  return fmt::format("sync wants status, doctor, parity, resync, differences or connections, not `{}'{}", what,
                     base::suggestion(what, known));
}

Exit sync(Session& session, const Command& command) {
  const What& what = *find(command.object);
  if (!what.begin.empty()) {
    const auto begun = session.client.post(fmt::format("/v1/sync/{}", what.begin), "{}");
    if (!begun) return unreachable(session, begun.error());
    if (begun->status != 200) return refused(session, *begun);
    if (const Exit end = wait(session); end != Exit::done) return end;
  }
  const auto reply = session.client.get(fmt::format("/v1/sync/{}", what.begin.empty() ? what.word : "status"));
  if (!reply) return unreachable(session, reply.error());
  if (reply->status != 200) return refused(session, *reply);
  session.out << (command.json ? reply->body : ipvs::sync::render(what.verb, reply->body));
  return ipvs::sync::alarming(what.verb, reply->body) ? Exit::refused : Exit::done;
}

}  // namespace keepalive::ctl
