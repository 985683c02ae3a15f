#include "api.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <boost/json.hpp>
#include <charconv>
#include <optional>
#include <vector>

#include "core/explain.hpp"
#include "core/find.hpp"
#include "core/metrics.hpp"
#include "core/status.hpp"
#include "io/clock.hpp"

namespace keepalive {
namespace {

constexpr std::string_view json_type = "application/json";
constexpr std::string_view metrics_type = "application/openmetrics-text; version=1.0.0; charset=utf-8";
constexpr std::string_view lines_type = "application/x-ndjson";
constexpr std::int64_t longest_deadline_ms = 31LL * 24 * 3600 * 1000;

using Reply = std::shared_ptr<io::ControlReply>;

/// A request taken apart: /v1/servers/web%2Fb/drain?x=1 has the words v1, servers, web/b, drain.
struct Call {
  std::vector<std::string> words = {};
  std::map<std::string, std::string> query = {};
  std::string body = "";
};

void refuse(const Reply& reply, unsigned status, std::string_view text, std::string_view diagnostics = {}) {
  reply->give(status, json_type, core::fault(text, diagnostics));
}

std::optional<std::string> unescaped(std::string_view text) {
  std::string plain;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      plain += text[i];
      continue;
    }
    unsigned value = 0;
    if (i + 2 >= text.size()) return std::nullopt;
    const auto [end, error] = std::from_chars(text.data() + i + 1, text.data() + i + 3, value, 16);
    if (error != std::errc{} || end != text.data() + i + 3) return std::nullopt;
    plain += static_cast<char>(value);
    i += 2;
  }
  return plain;
}

template <class Take>
bool each(std::string_view text, char separator, Take take) {
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(separator), text.size());
    if (end > 0 && !take(text.substr(0, end))) return false;
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return true;
}

std::optional<Call> take_apart(const io::ControlRequest& request) {
  Call call{.body = request.body};
  const std::string_view target = request.target;
  const std::size_t mark = std::min(target.find('?'), target.size());
  const bool path = each(target.substr(0, mark), '/', [&](std::string_view word) {
    auto plain = unescaped(word);
    if (plain) call.words.push_back(std::move(*plain));
    return plain.has_value();
  });
  const bool query = each(target.substr(std::min(mark + 1, target.size())), '&', [&](std::string_view pair) {
    const std::size_t equals = std::min(pair.find('='), pair.size());
    auto value = unescaped(pair.substr(std::min(equals + 1, pair.size())));
    if (value) call.query[std::string{pair.substr(0, equals)}] = std::move(*value);
    return value.has_value();
  });
  if (!path || !query) return std::nullopt;
  return call;
}

/// The body's object, empty when there is no body; it has no other member than `name`.
tl::expected<boost::json::object, std::string> body(const Call& call, std::string_view name) {
  boost::system::error_code error;
  const auto value = boost::json::parse(call.body.empty() ? "{}" : call.body, error);
  const auto* object = error ? nullptr : value.if_object();
  if (object == nullptr) return tl::unexpected<std::string>{"the body is no JSON object"};
  for (const auto& member : *object)
    if (member.key() != name)
      return tl::unexpected{fmt::format("no member `{}' belongs here", std::string_view{member.key()})};
  return *object;
}

/// A whole number of the body's object; `fallback` when it is absent.
tl::expected<std::int64_t, std::string> number(const Call& call, std::string_view name, std::int64_t low,
                                               std::int64_t high, std::optional<std::int64_t> fallback) {
  const auto object = body(call, name);
  if (!object) return tl::unexpected{object.error()};
  const auto* found = object->if_contains(name);
  if (found == nullptr && fallback) return *fallback;
  const auto* given = found == nullptr ? nullptr : found->if_int64();
  if (given == nullptr || *given < low || *given > high)
    return tl::unexpected{fmt::format("`{}' wants a number from {} to {}", name, low, high)};
  return *given;
}

// ---- What one may ask for

void get_status(Powers& powers, const Call&, const Reply& reply) {
  powers.count([&powers, reply](const core::CountTable& counts) {
    reply->give(200, json_type, core::status(powers.engine(), powers.circumstances(), counts, io::now()));
  });
}

void get_metrics(Powers& powers, const Call&, const Reply& reply) {
  powers.count([&powers, reply](const core::CountTable& counts) {
    reply->give(200, metrics_type, core::metrics(powers.engine(), powers.circumstances(), counts));
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
  powers.plan([reply](const PlanOutcome& outcome) {
    if (!outcome.fault.empty()) return refuse(reply, 409, "the configuration has faults", outcome.fault);
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
  const auto deadline = number(call, "deadline_ms", 0, longest_deadline_ms, -1);
  if (!deadline) return tl::unexpected{deadline.error()};
  core::Overlay overlay{.kind = core::Overlay::Kind::drain};
  if (*deadline >= 0) overlay.deadline = io::now() + std::chrono::milliseconds{*deadline};
  return overlay;
}
Overlaid weigh(const Call& call) {
  const auto weight = number(call, "weight", 0, 0x7fffffff, std::nullopt);
  if (!weight) return tl::unexpected{weight.error()};
  return core::Overlay{.kind = core::Overlay::Kind::weight, .weight = static_cast<std::int32_t>(*weight)};
}
Overlaid disable(const Call& call) {
  const auto nothing = body(call, "");
  if (!nothing) return tl::unexpected{nothing.error()};
  return core::Overlay{.kind = core::Overlay::Kind::disable};
}
Overlaid forget(const Call& call) {
  const auto nothing = body(call, "");
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
  const auto object = body(call, "to");
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

struct Route {
  std::string_view method;
  std::vector<std::string_view> words;  // empty: any
  void (*answer)(Powers& powers, const Call& call, const Reply& reply);
};

const std::vector<Route>& routes() {
  static const std::vector<Route> table = {
      {"GET", {"metrics"}, get_metrics},
      {"GET", {"v1", "status"}, get_status},
      {"GET", {"v1", "plan"}, get_plan},
      {"GET", {"v1", "events"}, get_events},
      {"GET", {"v1", "doctor"}, get_findings},
      {"GET", {"v1", "explain", ""}, get_explanation},
      {"GET", {"v1", "servers", ""}, get_server},
      {"GET", {"v1", "sync", ""}, get_sync},
      {"POST", {"v1", "sync", "compare"}, post_sync<compare>},
      {"POST", {"v1", "sync", "resync"}, post_sync<resync>},
      {"POST", {"v1", "reload"}, post_reload},
      {"POST", {"v1", "restart"}, post_restart},
      {"POST", {"v1", "vrrp", "", "switchover"}, post_switchover},
      {"POST", {"v1", "servers", "", "drain"}, post_server<drain>},
      {"POST", {"v1", "servers", "", "undrain"}, post_server<forget>},
      {"POST", {"v1", "servers", "", "weight"}, post_server<weigh>},
      {"POST", {"v1", "servers", "", "enable"}, post_server<forget>},
      {"POST", {"v1", "servers", "", "disable"}, post_server<disable>},
  };
  return table;
}

bool fits(const Route& route, const Call& call) {
  if (route.words.size() != call.words.size()) return false;
  for (std::size_t i = 0; i < route.words.size(); ++i)
    if (!route.words[i].empty() && route.words[i] != call.words[i]) return false;
  return true;
}

}  // namespace

void answer(Powers& powers, const io::ControlRequest& request, Reply reply) {
  const auto call = take_apart(request);
  if (!call) return refuse(reply, 400, "the path is not well escaped");
  bool known = false;
  for (const Route& route : routes()) {
    if (!fits(route, *call)) continue;
    known = true;
    if (route.method != request.method) continue;
    if (!powers.engine().loaded() && route.words.back() != "status")
      return refuse(reply, 409, "the daemon has no configuration yet");
    return route.answer(powers, *call, reply);
  }
  if (known) return refuse(reply, 405, fmt::format("{} does not go with {}", request.method, request.target));
  refuse(reply, 404, fmt::format("there is nothing at {}", request.target));
}

}  // namespace keepalive
