#include "monitor/desk.hpp"

#include <fmt/format.h>

#include <array>
#include <chrono>
#include <utility>

#include "base/escapes.hpp"
#include "base/text.hpp"
#include "io/clock.hpp"
#include "io/log.hpp"
#include "monitor/assets.hpp"
#include "monitor/audit.hpp"
#include "monitor/gzip.hpp"
#include "monitor/openapi.hpp"

namespace keepalive::monitor {
namespace {

constexpr std::string_view lines_type = "application/x-ndjson";
constexpr std::size_t most_pools = 64;  // that one viewer looks at
constexpr int most_effort = 9;          // to make the page small, once
constexpr std::string_view index_path = "/index.html";

std::string_view type_of(std::string_view path) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 7> types{{
      {".html", "text/html; charset=utf-8"},
      {".js", "text/javascript; charset=utf-8"},
      {".css", "text/css; charset=utf-8"},
      {".svg", "image/svg+xml"},
      {".png", "image/png"},
      {".json", "application/json"},
      {".woff2", "font/woff2"},
  }};
  for (const auto& [end, type] : types)
    if (path.ends_with(end)) return type;
  return "text/plain; charset=utf-8";
}

/// Script and style at paths that are this build's alone; modules name each other from where they are.
std::string with_build(std::string_view page, const std::string& build) {
  std::string text{page};
  for (const std::string_view place : {"\"/js/", "\"/style.css\""})
    for (std::size_t at = text.find(place); at != std::string::npos; at = text.find(place, at + build.size()))
      text.insert(at + 1, build);
  return text;
}

bool is_api(std::string_view path) { return path == "/api" || path.starts_with("/api/"); }

std::optional<std::uint64_t> number(const std::optional<std::string>& text) {
  return text ? base::read_number<std::uint64_t>(*text) : std::nullopt;
}

}  // namespace

Desk::Desk(boost::asio::io_context& io, Directors& directors, Hub& hub)
    : directors_{directors}, hub_{hub}, verifier_{io}, openapi_{std::make_shared<const std::string>(openapi())} {
  std::string tags;
  for (const Asset& asset : assets()) tags += keep_asset(std::string{asset.path}, std::string{asset.text}).tag;
  const std::string build = "/" + hex(digest(tags)).substr(0, 16);
  for (const Asset& asset : assets()) {
    if (asset.path == index_path)
      keep_asset(std::string{index_path}, with_build(asset.text, build));
    else
      keep_asset(build + std::string{asset.path}, std::string{asset.text}).kept = Answer::Kept::always;
  }
}

Desk::Kept& Desk::keep_asset(std::string path, std::string text) {
  Kept kept{.tag = fmt::format("\"{}\"", hex(digest(text)).substr(0, 32)), .type = type_of(path)};
  kept.packed = std::make_shared<const std::string>(gzip(text, most_effort));
  kept.text = std::make_shared<const std::string>(std::move(text));
  return assets_[std::move(path)] = std::move(kept);
}

void Desk::use(const Monitor& settings, Users users) {
  allow_ = settings.allow;
  users_ = std::move(users);
  gate_.use({.idle = settings.idle, .longest = settings.longest});
  gate_.retain([this](const Session& session) {
    const User* const user = find(users_.users, session.user, io::epoch());
    return user != nullptr && user->hash == session.hash && user->role == session.role;
  });
  hub_.review();
}

std::size_t Desk::longest_body(const Request& request) const {
  return may_look(request.session, request.token) ? monitor::longest_body : longest_of_strangers;
}

bool Desk::may_look(const std::string& session, const std::string& token) const {
  if (!token.empty()) return find_token(users_, token, io::epoch()) != nullptr;
  const Session* const found = session.empty() ? nullptr : gate_.peek(session, io::now());
  return found != nullptr && find(users_.users, found->user, io::epoch()) != nullptr;
}

std::optional<Desk::Who> Desk::identify(const Request& request) {
  if (!request.token.empty()) {
    const User* const token = find_token(users_, request.token, io::epoch());
    if (token == nullptr) return std::nullopt;
    const bool for_other = is_name(request.by);  // the token's owner answers for it
    return Who{.name = fmt::format("{}{}token:{}{}", for_other ? request.by : "", for_other ? " (" : "", token->name,
                                   for_other ? ")" : ""),
               .role = token->role};
  }
  const Session* const session = request.session.empty() ? nullptr : gate_.find(request.session, io::now());
  if (session == nullptr) return std::nullopt;
  const User* const user = find(users_.users, session->user, io::epoch());  // his last day may be over
  if (user == nullptr) return gate_.close(request.session), std::nullopt;
  return Who{.name = session->user, .role = session->role, .csrf = session->csrf};
}

std::optional<Answer> Desk::objection(const Call& call) const {
  const Request& request = call.request;
  const Need need = call.found.route->need;
  const bool changes = call.found.route->method == "POST";
  if (changes && !request.origin.empty() && request.origin != "https://" + request.host)
    return fault_answer(403, "another site sent this request");
  if (changes && !request.content_type.starts_with("application/json"))
    return fault_answer(415, "a body is JSON: Content-Type: application/json");
  if (need == Need::nothing) return std::nullopt;
  if (changes && !call.who.csrf.empty() && !same(request.csrf, call.who.csrf))
    return fault_answer(403, "the header X-CSRF-Token is missing or wrong");
  if (!may(call.who.role, need))
    return fault_answer(403,
                        fmt::format("the role of {}, {}, does not allow this", call.who.name, word(call.who.role)));
  return std::nullopt;
}

void Desk::answer(Request request, const Visitor& visitor, const std::shared_ptr<Reply>& reply) {
  if (!is_api(request.path)) return give_asset(request, reply);
  const auto call = std::make_shared<Call>(Call{.request = std::move(request), .visitor = visitor, .reply = reply});
  call->found = find_route(call->request.method, call->request.path);
  if (call->found.other_method) return reply->give(fault_answer(405, "the path wants the other method"));
  if (call->found.route == nullptr) return reply->give(fault_answer(404, "there is nothing at this path"));
  if (call->found.route->need != Need::nothing) {
    auto who = identify(call->request);
    if (!who) return reply->give(fault_answer(401, "log in first"));
    reply->know();
    call->who = std::move(*who);
  }
  if (const auto fault = objection(*call)) {
    audit(*call, fault->status);
    return reply->give(*fault);
  }
  dispatch(call);
}

void Desk::dispatch(const Called& call) {
  switch (call->found.route->place) {
    case Place::login:
      return log_in(call);
    case Place::logout:
      return log_out(call);
    case Place::session:
      return give_session(call);
    case Place::cluster:
      return call->reply->give(hub_.cluster(allow_));
    case Place::stream:
      return begin_stream(call);
    case Place::history:
      return give_history(call);
    case Place::openapi:
      return call->reply->give({.body = openapi_});
    case Place::director:
      return relay(call);
  }
}

/// Only what is in the table exists: no path is ever a file's.
void Desk::give_asset(const Request& request, const std::shared_ptr<Reply>& reply) const {
  const auto found = assets_.find(request.path == "/" ? index_path : std::string_view{request.path});
  if (found == assets_.end()) return reply->give(fault_answer(404, "there is nothing at this path"));
  if (request.method != "GET" && request.method != "HEAD") return reply->give(fault_answer(405, "the path wants GET"));
  const Kept& kept = found->second;
  Answer answer{
      .type = kept.type, .body = kept.text, .packed = kept.packed, .headers = {{"ETag", kept.tag}}, .kept = kept.kept};
  if (request.if_none_match == kept.tag) answer.status = 304;
  reply->give(answer);
}

void Desk::begin_stream(const Called& call) {
  const Request& request = call->request;
  auto since = number(request.last_event);
  if (!since) since = number(request.value("since"));
  hub_.join(call->reply,
            {.since = since,
             .pools = base::listed(request.value("pools").value_or(""), most_pools),
             .packed = request.packed,
             .may = [this, session = request.session, token = request.token] { return may_look(session, token); }});
}

void Desk::give_history(const Called& call) {
  const Request& request = call->request;
  const auto object = request.value("object");
  const std::string span = request.value("span").value_or("hour");
  if (!object || (span != "hour" && span != "week"))
    return call->reply->give(fault_answer(400, "history wants object=OBJECT and span=hour or span=week"));
  const std::string director = directors_.known(request.value("director").value_or("local"));
  if (director.empty()) return call->reply->give(fault_answer(404, "there is no such director"));
  std::string why;
  const auto text = hub_.history(director, *object, span == "hour" ? Span::hour : Span::week, why);
  call->reply->give(text ? packed_answer(*text, request.packed) : fault_answer(404, why));
}

// ---- The directors' own API

void Desk::relay(const Called& call) {
  const std::string_view raw = call->found.words.at("director");
  const std::string director = directors_.known(base::unescaped(raw).value_or(""));
  if (director.empty()) return call->reply->give(fault_answer(404, "there is no such director"));
  const Need need = call->found.route->need;
  if (directors_.is_local(director) && !may(allow_, need)) {
    audit(*call, 403);
    return call->reply->give(fault_answer(
        403, fmt::format("the director allows the monitor no more than this: [monitor] allow = {}", word(allow_))));
  }
  const std::string& path = call->request.path;
  std::string target = path.substr(std::string_view{"/api/d/"}.size() + raw.size());
  if (!call->request.query.empty()) target += "?" + call->request.query;
  relay_answer(call, director, std::move(target));
}

void Desk::relay_answer(const Called& call, const std::string& director, std::string target) {
  struct Heard {
    unsigned status = 0;
    bool stream = false;
    std::string body = "";
    std::weak_ptr<monitor::Call> question = {};
  };
  const auto heard = std::make_shared<Heard>();
  const bool follow = call->request.value("follow").has_value() && target.starts_with("/v1/events");
  Hearer hearer{
      .head =
          [call, heard, follow](unsigned status, const std::string& type) {
            heard->status = status;
            heard->stream = follow && status == 200 && type == lines_type;
            if (heard->stream) call->reply->begin({.type = lines_type});
          },
      .piece =
          [call, heard](std::string piece) {
            if (!heard->stream) heard->body += piece;
            const auto question = heard->question.lock();
            if (heard->stream && !call->reply->send(std::make_shared<const std::string>(std::move(piece))) && question)
              question->drop();
          },
      .end =
          [this, call, heard, director](const std::string& fault) {
            if (heard->stream) return call->reply->end();
            const unsigned status = fault.empty() ? heard->status : 502;
            audit(*call, status);
            if (fault.empty() && call->found.route->need == Need::read)
              return call->reply->give(packed_answer(std::move(heard->body), call->request.packed, status));
            if (fault.empty()) return call->reply->give(json_answer(std::move(heard->body), status));
            call->reply->give(fault_answer(502, fmt::format("director {}: {}", director, fault)));
          }};
  Order order{.method = call->found.route->method == "POST" ? "POST" : "GET",
              .target = std::move(target),
              .body = call->request.body,
              .by = call->who.name,
              .follow = follow};
  const auto question = directors_.ask(director, std::move(order), std::move(hearer));
  heard->question = question;
  if (question && follow)
    call->reply->on_gone([weak = heard->question] {
      if (const auto still = weak.lock()) still->drop();
    });
}

void Desk::audit(const Call& call, unsigned status) const {
  const Route& route = *call.found.route;
  if (!is_audited(route)) return;
  const std::string named = base::unescaped(call.found.words.at("director")).value_or("");
  io::log(
      io::Level::notice, "MONITOR_AUDIT",
      audit_text(call.request, route,
                 {.user = call.who.name, .from = call.visitor.address, .director = directors_.known(named)}, status));
}

}  // namespace keepalive::monitor
