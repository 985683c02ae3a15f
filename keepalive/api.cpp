#include "api.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>
#include <vector>

#include "api_call.hpp"
#include "api_config.hpp"
#include "base/diagnostics.hpp"
#include "base/escapes.hpp"
#include "base/text.hpp"
#include "core/explain.hpp"
#include "core/find.hpp"
#include "core/overview.hpp"
#include "core/routes.hpp"
#include "core/schema.hpp"
#include "core/status.hpp"
#include "io/clock.hpp"

namespace keepalive {
namespace {

constexpr std::string_view metrics_type = "application/openmetrics-text; version=1.0.0; charset=utf-8";
constexpr std::string_view lines_type = "application/x-ndjson";
constexpr std::int64_t longest_deadline_ms = 31LL * 24 * 3600 * 1000;
constexpr std::uint64_t most_lines = 10'000;  // as ipvs-sync has it

using namespace api;
using Allow = Monitor::Allow;
using core::Ask;

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
  return base::listed(given->second);
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
  const auto give = [reply, page = std::make_shared<std::string>()](std::string_view piece, bool more) {
    *page += piece;
    if (!more) reply->give(200, metrics_type, *page);
  };
  powers.scrape(core::Format::open_metrics, give);
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
    const auto number = base::read_number<std::uint64_t>(given->second);
    if (!number) return refuse(reply, 400, "`since' wants a number");
    since = *number;
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
  powers.handle(core::Operate{
      .pool = pool.name, .server = pool.servers[server->server].name, .overlay = *overlay, .by = call.by});
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
  powers.switch_over({name, *wanted, call.by}, [&powers, reply, name, word](bool told) {
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

/// In the agent's words: "connections client 20", "differences 100".
Read<std::string> sync_question(const Call& call) {
  std::string text = call.words[2];
  const bool of_connections = text == "connections";
  if (!of_connections && text != "differences") return text;
  const auto given = [&](const std::string& name, const std::string& fallback) {
    const auto found = call.query.find(name);
    return found == call.query.end() ? fallback : found->second;
  };
  const std::string by = given("by", "client");
  if (by != "client" && by != "server") return tl::unexpected<std::string>{"`by' wants client or server"};
  const std::string count = given("count", of_connections ? "20" : "100");
  const auto number = base::read_number<std::uint64_t>(count);
  if (!number || *number == 0 || *number > most_lines)
    return tl::unexpected{fmt::format("`count' wants a number from 1 to {}", most_lines)};
  return fmt::format("{} {}{}", text, of_connections ? by + " " : "", count);
}

void get_sync(Powers& powers, const Call& call, const Reply& reply) {
  constexpr std::array<std::string_view, 5> questions{"status", "traffic", "doctor", "differences", "connections"};
  const std::string& what = call.words[2];
  if (std::find(questions.begin(), questions.end(), what) == questions.end())
    return refuse(reply, 404, fmt::format("of sync one asks for {}, not for {}", fmt::join(questions, ", "), what));
  const auto question = sync_question(call);
  if (!question) return refuse(reply, 400, question.error());
  ask_sync(powers, *question, reply);
}

template <const char* question>
void post_sync(Powers& powers, const Call&, const Reply& reply) {
  ask_sync(powers, question, reply);
}
constexpr char compare[] = "compare";
constexpr char resync[] = "resync";

void post_acknowledge(Powers& powers, const Call& call, const Reply& reply) {
  const auto nothing = body(call, {});
  if (!nothing) return refuse(reply, 400, nothing.error());
  const std::string& word = call.words[2];
  const auto sequence = base::read_number<std::uint64_t>(word);
  const core::OpenAlert* const found = sequence ? powers.engine().alerts().find(*sequence) : nullptr;
  if (found == nullptr) return refuse(reply, 404, fmt::format("no alert {} is open", word));
  core::OpenAlert alert = *found;
  alert.acknowledged = {.by = call.by, .at = io::now()};
  powers.handle(core::Acknowledge{.sequence = *sequence, .by = alert.acknowledged->by});
  reply->give(200, json_type, core::acknowledged(alert, powers.circumstances()));
}

struct Answers {
  Ask ask;
  void (*answer)(Powers& powers, const Call& call, const Reply& reply);
};

constexpr auto answers = std::to_array<Answers>({
    {Ask::metrics, get_metrics},
    {Ask::status, get_status},
    {Ask::overview, get_overview},
    {Ask::schema, get_schema},
    {Ask::plan, get_plan},
    {Ask::events, get_events},
    {Ask::doctor, get_findings},
    {Ask::explain, get_explanation},
    {Ask::server, get_server},
    {Ask::drain, post_server<drain>},
    {Ask::undrain, post_server<forget>},
    {Ask::weight, post_server<weigh>},
    {Ask::disable, post_server<disable>},
    {Ask::enable, post_server<forget>},
    {Ask::switchover, post_switchover},
    {Ask::acknowledge, post_acknowledge},
    {Ask::sync, get_sync},
    {Ask::compare, post_sync<compare>},
    {Ask::resync, post_sync<resync>},
    {Ask::reload, post_reload},
    {Ask::restart, post_restart},
    {Ask::config, get_config},
    {Ask::version, get_version},
    {Ask::check, post_check},
    {Ask::apply, post_apply},
    {Ask::confirm, post_confirm},
    {Ask::rollback, post_rollback},
});

constexpr bool in_order() {
  for (std::size_t i = 0; i < answers.size(); ++i)
    if (answers[i].ask != static_cast<Ask>(i)) return false;
  return answers.back().ask == last_of(Ask{});
}
static_assert(in_order());

/// Of these the answer needs no configuration.
bool stands_alone(Ask ask) { return ask == Ask::status || ask == Ask::overview || ask == Ask::schema; }

}  // namespace

void answer(Powers& powers, const io::ControlRequest& request, Reply reply, Allow allow) {
  const auto call = take_apart(request);
  if (!call) return refuse(reply, 400, "the path is not well escaped");
  const std::string_view path = std::string_view{request.target}.substr(0, request.target.find('?'));
  bool known = false;
  for (const core::Route& route : core::routes()) {
    if (!core::match(route.path, path)) continue;
    known = true;
    if (route.method != request.method) continue;
    if (route.need > allow)
      return refuse(reply, 403,
                    fmt::format("this connection may {}, and {} {} wants `{}': see [monitor] allow in the director's "
                                "configuration",
                                core::word(allow), request.method, request.target, core::word(route.need)));
    if (!powers.engine().loaded() && !stands_alone(route.ask))
      return refuse(reply, 409, "the daemon has no configuration yet");
    return answers.at(static_cast<std::size_t>(route.ask)).answer(powers, *call, reply);
  }
  if (known) return refuse(reply, 405, fmt::format("{} does not go with {}", request.method, request.target));
  refuse(reply, 404, fmt::format("there is nothing at {}", request.target));
}

}  // namespace keepalive
