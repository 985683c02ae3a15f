#include "api.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <vector>

#include "api_call.hpp"
#include "api_config.hpp"
#include "base/diagnostics.hpp"
#include "core/explain.hpp"
#include "core/find.hpp"
#include "core/overview.hpp"
#include "core/schema.hpp"
#include "core/status.hpp"
#include "io/clock.hpp"

namespace keepalive {
namespace {

constexpr std::string_view metrics_type = "application/openmetrics-text; version=1.0.0; charset=utf-8";
constexpr std::string_view lines_type = "application/x-ndjson";
constexpr std::int64_t longest_deadline_ms = 31LL * 24 * 3600 * 1000;

using namespace api;
using Allow = Monitor::Allow;

// ---- What one may ask for

void get_status(Powers& powers, const Call&, const Reply& reply) {
  powers.count([&powers, reply](const core::CountTable& counts) {
    reply->give(200, json_type, core::status(powers.engine(), powers.circumstances(), counts, io::now()));
  });
}

/// "a,b": those names; "": none.
core::Chosen chosen(const Call& call) {
  const auto given = call.query.find("pools");
  if (given == call.query.end()) return std::nullopt;
  core::Chosen names{std::in_place};
  std::string_view rest = given->second;
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find(','), rest.size());
    names->emplace(rest.substr(0, end));
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return names;
}

/// What it took of the processor stands in it, for who asks often.
void get_overview(Powers& powers, const Call& call, const Reply& reply) {
  core::Scope scope{.pools = chosen(call), .rates = call.query.contains("rates")};
  const auto answer = [&powers, reply, scope, begun = io::processor_time()](const core::CountTable& counts) {
    std::string text = core::overview(powers.engine(), powers.circumstances(), counts, io::now(), scope);
    text.resize(text.rfind('}'));
    reply->give(200, json_type, fmt::format("{},\"cost_us\":{}}}\n", text, (io::processor_time() - begun).count()));
  };
  if (!powers.engine().loaded()) return answer({});
  if (!scope.pools) return powers.count(answer);
  std::vector<ipvs::ServiceKey> keys = core::keys_of(powers.engine().config(), scope.pools);
  scope.rates ? powers.glance(std::move(keys), answer) : powers.count(std::move(keys), answer);
}

void get_schema(Powers&, const Call&, const Reply& reply) { reply->give(200, json_type, core::schema()); }

void get_metrics(Powers& powers, const Call&, const Reply& reply) {
  powers.scrape([reply, page = std::make_shared<std::string>()](const std::string& piece, bool more) {
    *page += piece;
    if (!more) reply->give(200, metrics_type, *page);
  });
}

void get_explanation(Powers& powers, const Call& call, const Reply& reply) {
  const auto answer = [&powers, reply, object = call.words[2]](const core::CountTable& counts) {
    const auto text = core::explain(powers.engine(), powers.circumstances(), counts, object, io::now());
    if (text) return reply->give(200, json_type, *text);
    refuse(reply, 404, text.error());
  };
  powers.count(core::concerned(powers.engine().config(), call.words[2]), answer);
}

void give_server(Powers& powers, const Call& call, const Reply& reply, std::string warning) {
  const auto answer = [&powers, reply, name = call.words[2],
                       warning = std::move(warning)](const core::CountTable& counts) {
    const auto server = core::find_server(powers.engine().config(), name);
    if (!server) return refuse(reply, 404, server.error());
    reply->give(200, json_type, core::server_status(powers.engine(), powers.circumstances(), counts, *server, warning));
  };
  powers.count(core::concerned(powers.engine().config(), call.words[2]), answer);
}

void get_server(Powers& powers, const Call& call, const Reply& reply) { give_server(powers, call, reply, ""); }

void get_events(Powers& powers, const Call& call, const Reply& reply) {
  std::uint64_t since = 0;
  if (const auto given = call.query.find("since"); given != call.query.end()) {
    const std::string& text = given->second;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), since);
    if (error != std::errc{} || end != text.data() + text.size()) return refuse(reply, 400, "`since' wants a number");
  }
  const auto& journal = powers.engine().journal();
  if (!call.query.contains("follow"))
    return reply->give(200, json_type, core::events(journal, since, powers.circumstances()));
  reply->begin(lines_type);
  for (const core::Journal& entry : journal)
    if (entry.sequence > since) reply->line(core::event_line(entry, powers.circumstances()));
  powers.follow(reply);
}

void post_reload(Powers& powers, const Call&, const Reply& reply) {
  powers.reload([&powers, reply](const ReloadOutcome& outcome) {
    if (!outcome.fault.empty())
      return refuse(reply, 409, "the configuration has faults; the one before stays in force", outcome.fault);
    reply->give(200, json_type, core::reloaded(powers.engine().generation(), outcome.changes, outcome.refusals));
  });
}

void post_restart(Powers& powers, const Call&, const Reply& reply) {
  reply->give(200, json_type, core::restarting(powers.circumstances()));
  powers.renew();
}

void get_plan(Powers& powers, const Call&, const Reply& reply) {
  powers.plan({}, [reply](const PlanOutcome& outcome) {
    if (!outcome.faults.empty())
      return refuse(reply, 409, "the configuration has faults", base::render(outcome.faults));
    if (!outcome.refusal.empty())
      return refuse(reply, 503, fmt::format("the kernel's table cannot be read: {}", outcome.refusal));
    reply->give(200, json_type, core::plan(outcome.planned));
  });
}

void get_findings(Powers& powers, const Call&, const Reply& reply) {
  powers.examine(
      [reply](const std::vector<core::Finding>& list) { reply->give(200, json_type, core::findings(list)); });
}

/// The overlay that a verb asks for, or what is wrong with the body.
using Overlaid = tl::expected<std::optional<core::Overlay>, std::string>;
using Verb = Overlaid (*)(const Call& call);

Overlaid drain(const Call& call) {
  const auto object = body(call, {"deadline_ms"});
  if (!object) return tl::unexpected{object.error()};
  const auto deadline = number(*object, "deadline_ms", 0, longest_deadline_ms, -1);
  if (!deadline) return tl::unexpected{deadline.error()};
  core::Overlay overlay{.kind = core::Overlay::Kind::drain};
  if (*deadline >= 0) overlay.deadline = io::now() + std::chrono::milliseconds{*deadline};
  return overlay;
}
Overlaid weigh(const Call& call) {
  const auto object = body(call, {"weight"});
  if (!object) return tl::unexpected{object.error()};
  const auto weight = number(*object, "weight", 0, 0x7fffffff, std::nullopt);
  if (!weight) return tl::unexpected{weight.error()};
  return core::Overlay{.kind = core::Overlay::Kind::weight, .weight = static_cast<std::int32_t>(*weight)};
}
Overlaid disable(const Call& call) {
  const auto nothing = body(call, {});
  if (!nothing) return tl::unexpected{nothing.error()};
  return core::Overlay{.kind = core::Overlay::Kind::disable};
}
Overlaid forget(const Call& call) {
  const auto nothing = body(call, {});
  if (!nothing) return tl::unexpected{nothing.error()};
  return std::nullopt;
}

template <Verb verb>
void post_server(Powers& powers, const Call& call, const Reply& reply) {
  const auto server = core::find_server(powers.engine().config(), call.words[2]);
  if (!server) return refuse(reply, 404, server.error());
  const auto overlay = verb(call);
  if (!overlay) return refuse(reply, 400, overlay.error());
  const Pool& pool = powers.engine().config().pools[server->pool];
  powers.handle(core::Operate{.pool = pool.name, .server = pool.servers[server->server].name, .overlay = *overlay});
  give_server(powers, call, reply, core::last_server_warning(powers.engine(), *server));
}

/// What the body wants; without a word, the other of what it is.
tl::expected<bool, std::string> to_master(const Call& call, const core::vrrp::Status* status) {
  const auto object = body(call, {"to"});
  if (!object) return tl::unexpected{object.error()};
  const auto* const found = object->if_contains("to");
  if (found == nullptr) return status == nullptr || status->state != core::vrrp::State::master;
  if (*found == "master" || *found == "backup") return *found == "master";
  return tl::unexpected<std::string>{"`to' wants \"master\" or \"backup\""};
}

void give_router(Powers& powers, const Reply& reply, const std::string& name, const std::string& warning) {
  const Vrrp* const router = core::find_router(powers.engine().config(), name);
  if (router == nullptr) return refuse(reply, 404, core::no_router(powers.engine().config(), name));
  reply->give(200, json_type, core::router_status(powers.engine(), powers.circumstances(), *router, warning));
}

void post_switchover(Powers& powers, const Call& call, const Reply& reply) {
  const std::string& name = call.words[2];
  const Vrrp* const router = core::find_router(powers.engine().config(), name);
  if (router == nullptr) return refuse(reply, 404, core::no_router(powers.engine().config(), name));
  const core::vrrp::Status* const status = powers.engine().routers().find(name);
  const auto wanted = to_master(call, status);
  if (!wanted) return refuse(reply, 400, wanted.error());
  if (const auto reason = core::objection(*router, status, *wanted); !reason.empty()) return refuse(reply, 409, reason);
  const std::string_view word = *wanted ? "master" : "backup";
  if (core::is_so(*status, *wanted))
    return give_router(powers, reply, name, fmt::format("vrrp {} was {} already", name, word));
  powers.switch_over({name, *wanted}, [&powers, reply, name, word](bool told) {
    if (told) return give_router(powers, reply, name, "");
    refuse(reply, 504,
           fmt::format("vrrp {} has not told within {} s that it is {}", name, switchover_patience.count(), word));
  });
}

void ask_sync(Powers& powers, const std::string& question, const Reply& reply) {
  powers.ask_sync(question, [reply](std::optional<std::string> json) {
    if (json) return reply->give(200, json_type, *json);
    refuse(reply, 409, "there is no agent of connection sync: the configuration has no [sync], or it has just ended");
  });
}

void get_sync(Powers& powers, const Call& call, const Reply& reply) {
  constexpr std::array<std::string_view, 5> questions{"status", "traffic", "doctor", "differences", "connections"};
  const std::string& what = call.words[2];
  if (std::find(questions.begin(), questions.end(), what) == questions.end())
    return refuse(reply, 404, fmt::format("of sync one asks for {}, not for {}", fmt::join(questions, ", "), what));
  ask_sync(powers, what, reply);
}

template <const char* question>
void post_sync(Powers& powers, const Call&, const Reply& reply) {
  ask_sync(powers, question, reply);
}
constexpr char compare[] = "compare";
constexpr char resync[] = "resync";

void post_acknowledge(Powers& powers, const Call& call, const Reply& reply) {
  const auto object = body(call, {"by"});
  if (!object) return refuse(reply, 400, object.error());
  const auto by = text(*object, "by");
  if (!by) return refuse(reply, 400, by.error());
  std::uint64_t sequence = 0;
  const std::string& word = call.words[2];
  const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), sequence);
  const bool good = error == std::errc{} && end == word.data() + word.size();
  const core::OpenAlert* const found = good ? powers.engine().alerts().find(sequence) : nullptr;
  if (found == nullptr) return refuse(reply, 404, fmt::format("no alert {} is open", word));
  core::OpenAlert alert = *found;
  alert.acknowledged = {.by = by->empty() ? call.by : *by, .at = io::now()};
  powers.handle(core::Acknowledge{.sequence = sequence, .by = alert.acknowledged->by});
  reply->give(200, json_type, core::acknowledged(alert, powers.circumstances()));
}

struct Route {
  std::string_view method;
  std::vector<std::string_view> words;  // empty: any
  Allow need;
  void (*answer)(Powers& powers, const Call& call, const Reply& reply);
};

const std::vector<Route>& routes() {
  static const std::vector<Route> table = {
      {"GET", {"metrics"}, Allow::read, get_metrics},
      {"GET", {"v1", "status"}, Allow::read, get_status},
      {"GET", {"v1", "overview"}, Allow::read, get_overview},
      {"GET", {"v1", "schema"}, Allow::read, get_schema},
      {"GET", {"v1", "plan"}, Allow::read, get_plan},
      {"GET", {"v1", "events"}, Allow::read, get_events},
      {"GET", {"v1", "doctor"}, Allow::read, get_findings},
      {"GET", {"v1", "explain", ""}, Allow::read, get_explanation},
      {"GET", {"v1", "servers", ""}, Allow::read, get_server},
      {"GET", {"v1", "sync", ""}, Allow::read, get_sync},
      {"POST", {"v1", "sync", "compare"}, Allow::operate, post_sync<compare>},
      {"POST", {"v1", "sync", "resync"}, Allow::operate, post_sync<resync>},
      {"POST", {"v1", "reload"}, Allow::configure, post_reload},
      {"POST", {"v1", "restart"}, Allow::configure, post_restart},
      {"GET", {"v1", "config"}, Allow::configure, get_config},
      {"GET", {"v1", "config", "versions", ""}, Allow::configure, get_version},
      {"POST", {"v1", "config", "check"}, Allow::configure, post_check},
      {"POST", {"v1", "config", "apply"}, Allow::configure, post_apply},
      {"POST", {"v1", "config", "confirm"}, Allow::configure, post_confirm},
      {"POST", {"v1", "config", "rollback"}, Allow::configure, post_rollback},
      {"POST", {"v1", "alerts", "", "acknowledge"}, Allow::operate, post_acknowledge},
      {"POST", {"v1", "vrrp", "", "switchover"}, Allow::operate, post_switchover},
      {"POST", {"v1", "servers", "", "drain"}, Allow::operate, post_server<drain>},
      {"POST", {"v1", "servers", "", "undrain"}, Allow::operate, post_server<forget>},
      {"POST", {"v1", "servers", "", "weight"}, Allow::operate, post_server<weigh>},
      {"POST", {"v1", "servers", "", "enable"}, Allow::operate, post_server<forget>},
      {"POST", {"v1", "servers", "", "disable"}, Allow::operate, post_server<disable>},
  };
  return table;
}

bool fits(const Route& route, const Call& call) {
  if (route.words.size() != call.words.size()) return false;
  for (std::size_t i = 0; i < route.words.size(); ++i)
    if (!route.words[i].empty() && route.words[i] != call.words[i]) return false;
  return true;
}

/// Of these the answer needs no configuration.
bool stands_alone(const Route& route) {
  return route.words.size() == 2 &&
         (route.words[1] == "status" || route.words[1] == "overview" || route.words[1] == "schema");
}

std::string_view word(Allow allow) {
  constexpr std::array<std::string_view, 3> words{"read", "operate", "configure"};
  return words.at(static_cast<std::size_t>(allow));
}

}  // namespace

void answer(Powers& powers, const io::ControlRequest& request, Reply reply, Allow allow) {
  const auto call = take_apart(request);
  if (!call) return refuse(reply, 400, "the path is not well escaped");
  bool known = false;
  for (const Route& route : routes()) {
    if (!fits(route, *call)) continue;
    known = true;
    if (route.method != request.method) continue;
    if (route.need > allow)
      return refuse(reply, 403,
                    fmt::format("this connection may {}, and {} {} wants `{}': see [monitor] allow in the director's "
                                "configuration",
                                word(allow), request.method, request.target, word(route.need)));
    if (!powers.engine().loaded() && !stands_alone(route))
      return refuse(reply, 409, "the daemon has no configuration yet");
    return route.answer(powers, *call, reply);
  }
  if (known) return refuse(reply, 405, fmt::format("{} does not go with {}", request.method, request.target));
  refuse(reply, 404, fmt::format("there is nothing at {}", request.target));
}

}  // namespace keepalive
