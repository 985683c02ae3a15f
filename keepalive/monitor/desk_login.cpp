// The desk's sessions: how one begins, and ends.
#include <fmt/chrono.h>
#include <fmt/format.h>

#include <boost/json.hpp>
#include <chrono>
#include <utility>

#include "io/clock.hpp"
#include "io/log.hpp"
#include "monitor/desk.hpp"

namespace keepalive::monitor {
namespace {

namespace json = boost::json;

constexpr std::size_t longest_name = 64;
constexpr std::size_t longest_password = 512;
constexpr std::size_t secret_bytes = 16;
constexpr std::chrono::seconds busy_wait{2};
constexpr std::chrono::seconds told_pause{1};
constexpr std::string_view wrong = "user or password is wrong";
constexpr std::string_view last_day_over = "the user's last day is over";
constexpr std::string_view cookie_rest = "; Path=/; Secure; HttpOnly; SameSite=Strict";

void tell(const Visitor& visitor, const std::string& user, std::string_view outcome) {
  io::log(outcome == "in" ? io::Level::info : io::Level::warning, "MONITOR_LOGIN",
          fmt::format("user={} from={} outcome=\"{}\"", io::quoted(user), to_string(visitor.address), outcome));
}

Answer wait_answer(core::Time wait) {
  const auto seconds = std::chrono::ceil<std::chrono::seconds>(wait).count();
  json::object body{{"error", fmt::format("too many tries: again in {} s", seconds)}, {"retry_after_s", seconds}};
  Answer answer = json_answer(json::serialize(body) + "\n", 429);
  answer.headers = {{"Retry-After", std::to_string(seconds)}};
  return answer;
}

}  // namespace

void Desk::log_in(const Called& call) {
  boost::system::error_code error;
  const json::value value = json::parse(call->request.body, error);
  const auto* const body = error ? nullptr : value.if_object();
  const auto word_of = [&](std::string_view name) {
    const auto* const found = body == nullptr ? nullptr : body->if_contains(name);
    return found != nullptr && found->is_string() ? std::string{std::string_view{found->get_string()}} : std::string{};
  };
  const bool by_certificate = body != nullptr && !body->contains("password") && !call->visitor.certificate.empty();
  const std::string user = word_of("user");
  std::string password = word_of("password");
  if (body == nullptr) return call->reply->give(fault_answer(400, "the body is no JSON object"));
  if (by_certificate) return log_in_by_certificate(call, user);
  if (user.empty() || password.empty())
    return call->reply->give(fault_answer(400, "the body wants user and password, both of them text"));
  if (user.size() > longest_name || password.size() > longest_password)
    return call->reply->give(fault_answer(401, wrong));
  compare(call, user, std::move(password));
}

/// The handshake has proved who it is.
void Desk::log_in_by_certificate(const Called& call, const std::string& named) {
  const std::string& name = call->visitor.certificate;
  const User* const user = find(users_.users, name, io::epoch());
  if (user == nullptr || (!named.empty() && named != name)) {
    tell(call->visitor, name, is_over(name) ? last_day_over : std::string_view{"nobody has this certificate's name"});
    return call->reply->give(fault_answer(401, "user and password are wanted"));
  }
  open_session(call, *user);
}

/// There is a user of this name, who counts no more.
bool Desk::is_over(const std::string& name) const {
  const User* const user = find(users_.users, name, Epoch::min());
  return user != nullptr && monitor::is_over(*user, io::epoch());
}

void Desk::compare(const Called& call, const std::string& user, std::string password) {
  const std::string from = origin(call->visitor.address);
  const core::Time wait = lockout_.wait(user, from, io::now());
  if (wait > core::Time{}) return put_off(call, user, wait);
  const User* const known = find(users_.users, user, io::epoch());
  std::string hash = known == nullptr ? "" : known->hash;
  lockout_.begins(from);
  const bool taken = verifier_.compare(std::move(password), hash,
                                       [this, call, user, hash](bool fits) { judged(call, user, hash, fits); });
  if (taken) return;
  lockout_.ends(from);
  put_off(call, user, busy_wait);
}

/// Told at most once a second, with how many there were: who floods us does not flood the log.
void Desk::put_off(const Called& call, const std::string& user, core::Time wait) {
  ++put_off_;
  if (const core::Time now = io::now(); !put_off_told_ || now - *put_off_told_ >= told_pause) {
    put_off_told_ = now;
    tell(call->visitor, user, fmt::format("too many tries: {} put off", std::exchange(put_off_, 0)));
  }
  call->reply->give(wait_answer(wait));
}

void Desk::judged(const Called& call, const std::string& name, const std::string& hash, bool fits) {
  const std::string from = origin(call->visitor.address);
  const User* const user = find(users_.users, name, io::epoch());  // a reload may have come between
  const std::string& certificate = call->visitor.certificate;
  if (!fits || user == nullptr || user->hash != hash || (!certificate.empty() && certificate != name)) {
    lockout_.failed(name, from, io::now());
    tell(call->visitor, name, is_over(name) ? last_day_over : wrong);  // the visitor learns nothing of it
    return call->reply->give(fault_answer(401, wrong));
  }
  lockout_.passed(name, from, io::now());
  open_session(call, *user);
}

void Desk::open_session(const Called& call, const User& user) {
  gate_.close(call->request.session);  // the browser's last one
  const std::string id = random_hex(secret_bytes);
  const Session& session = gate_.open(
      id, {.user = user.name, .role = user.role, .csrf = random_hex(secret_bytes), .hash = user.hash}, io::now());
  tell(call->visitor, user.name, "in");
  call->reply->know();
  Answer answer = session_answer(session);
  answer.headers = {{"Set-Cookie", fmt::format("__Host-keepalive={}{}", id, cookie_rest)}};
  call->reply->give(answer);
}

Answer Desk::session_answer(const Session& session) const {
  const auto end = std::chrono::system_clock::now() + (gate_.end(session) - io::now());
  json::object body{
      {"user", session.user},
      {"role", word(session.role)},
      {"csrf", session.csrf},
      {"expires", fmt::format("{:%Y-%m-%dT%H:%M:%SZ}",
                              fmt::gmtime(std::chrono::system_clock::to_time_t(
                                  std::chrono::time_point_cast<std::chrono::system_clock::duration>(end))))}};
  return json_answer(json::serialize(body) + "\n");
}

void Desk::give_session(const Called& call) {
  if (!call->request.token.empty())
    return call->reply->give(json_answer(
        json::serialize(json::object{{"user", call->who.name}, {"role", word(call->who.role)}, {"csrf", nullptr}}) +
        "\n"));
  const Session* const session = gate_.find(call->request.session, io::now());
  call->reply->give(session == nullptr ? fault_answer(401, "log in first") : session_answer(*session));
}

void Desk::log_out(const Called& call) {
  gate_.close(call->request.session);
  hub_.review();
  tell(call->visitor, call->who.name, "out");
  Answer answer = json_answer("{}\n");
  answer.headers = {{"Set-Cookie", fmt::format("__Host-keepalive=; Max-Age=0{}", cookie_rest)}};
  call->reply->give(answer);
}

}  // namespace keepalive::monitor
