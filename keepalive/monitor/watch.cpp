#include "monitor/watch.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>
#include <chrono>
#include <limits>
#include <utility>

#include "base/escapes.hpp"
#include "io/clock.hpp"
#include "io/log.hpp"

namespace keepalive::monitor {
namespace {

namespace json = boost::json;

constexpr core::Time first_pause = std::chrono::milliseconds{500};
constexpr core::Time longest_pause = std::chrono::seconds{10};
constexpr core::Time idle_pause = std::chrono::seconds{1};  // whether somebody wants an overview
constexpr std::size_t longest_line = 256U << 10U;

constexpr std::size_t most_pools = 50;       // in one question
constexpr std::size_t longest_names = 3000;  // bytes of them

}  // namespace

std::string timestamp() {
  const auto now = std::chrono::system_clock::now();
  const auto micros = std::chrono::duration_cast<std::chrono::microseconds>(now.time_since_epoch()).count();
  return fmt::format("{:%Y-%m-%dT%H:%M:%S}.{:06}Z", fmt::gmtime(std::chrono::system_clock::to_time_t(now)),
                     micros % 1'000'000);
}

Watch::Watch(boost::asio::io_context& io, Directors& directors, std::string name, const Finder& finder)
    : directors_{directors}, name_{std::move(name)}, finder_{finder}, follow_timer_{io}, ask_timer_{io} {
  follow();
  ask_later(io::now());
}

Watch::~Watch() {
  if (follower_) follower_->drop();
  if (question_) question_->drop();
}

std::string Watch::cluster() const {
  json::object facts{{"name", name_},
                     {"local", directors_.is_local(name_)},
                     {"reachable", reachable_},
                     {"error", error_},
                     {"heard", heard_.empty() ? json::value{} : json::value(heard_)}};
  std::string text = json::serialize(facts);
  text.pop_back();
  return text + ",\"overview\":" + (view_.known() ? json::serialize(view_.overview()) : "null") + "}";
}

/// An event's data: of this director.
std::string Watch::told(json::object data) const {
  data["director"] = name_;
  return json::serialize(data);
}

std::string Watch::figures(const std::string& pool) const {
  json::object servers = view_.figures(pool);
  return servers.empty() ? "" : told({{"time", heard_}, {"servers", std::move(servers)}});
}

void Watch::wake() {
  if (!question_) ask_later(due());
}

void Watch::judge(bool reachable, const std::string& error) {
  const bool turned = std::exchange(reachable_, reachable) != reachable;
  stale_ = stale_ || !reachable;  // whoever answers next may be another process
  if (std::exchange(error_, error) == error && !turned) return;
  finder_.tell("state", told({{"reachable", reachable_},
                              {"error", error_},
                              {"heard", heard_.empty() ? json::value{} : json::value(heard_)}}));
  if (!turned) return;
  if (!reachable)
    io::log(io::Level::warning, "MONITOR_DIRECTOR_LOST",
            fmt::format("director={} text={}", io::quoted(name_), io::quoted(error)));
  else
    io::log(io::Level::info, "MONITOR_DIRECTOR", fmt::format("director={}", io::quoted(name_)));
}

// ---- The journal

void Watch::follow() {
  const std::uint64_t since = sequence_ > 0 ? sequence_ : std::numeric_limits<std::uint64_t>::max();
  Order order{.target = fmt::format("/v1/events?since={}&follow=1", since), .follow = true};
  const std::weak_ptr<int> alive = alive_;
  Hearer hearer{.head =
                    [this, alive](unsigned status, const std::string&) {
                      if (!alive.expired() && status == 200) pause_ = {};
                    },
                .piece =
                    [this, alive](std::string piece) {
                      if (!alive.expired()) hear(std::move(piece));
                    },
                .end =
                    [this, alive](const std::string& fault) {
                      if (alive.expired()) return;
                      if (!fault.empty() && !view_.known()) judge(false, fault);
                      stale_ = true;
                      follow_later();
                    }};
  follower_ = directors_.ask(name_, std::move(order), std::move(hearer));
}

void Watch::follow_later() {
  line_.clear();
  pause_ = std::clamp(pause_ * 2, first_pause, longest_pause);
  follow_timer_.expires_after(pause_);
  follow_timer_.async_wait([this, alive = std::weak_ptr<int>{alive_}](const boost::system::error_code& error) {
    if (!error && !alive.expired()) follow();
  });
}

void Watch::hear(std::string piece) {
  line_ += piece;
  std::size_t begin = 0;
  for (std::size_t end = line_.find('\n'); end != std::string::npos; end = line_.find('\n', begin)) {
    hear_line(std::string_view{line_}.substr(begin, end - begin));
    begin = end + 1;
  }
  line_.erase(0, begin);
  if (line_.size() > longest_line) line_.clear();
}

void Watch::hear_line(std::string_view line) {
  boost::system::error_code error;
  json::value value = json::parse(line, error);
  if (error || !value.is_object()) return;
  json::object& entry = value.get_object();
  sequence_ = number(entry, "sequence");
  finder_.tell("journal", told(entry));
  touched_.insert(view_.pool_of(text(entry, "object")));  // of "" all is told that is no pool's
  touched_pace_.hurry(io::now());
  wake();
}

// ---- The overview

void Watch::ask_later(core::Time when) {
  ask_timer_.expires_at(io::moment(when));
  ask_timer_.async_wait([this, alive = std::weak_ptr<int>{alive_}](const boost::system::error_code& error) {
    if (!error && !alive.expired()) ask();
  });
}

core::Time Watch::due() const {
  if (stale_) return whole_pace_.next();
  const core::Time next = std::min(whole_pace_.next(), looked_pace_.next());
  return touched_.empty() ? next : std::min(next, touched_pace_.next());
}

void Watch::ask() {
  if (question_) return;
  const core::Time now = io::now();
  if (!finder_.wanted()) return ask_later(now + idle_pause);
  if (!stale_ && !touched_.empty() && touched_pace_.next() <= now) return question(Scope::touched);
  if (stale_ || whole_pace_.next() <= now) return question(Scope::whole);
  question(Scope::looked);
}

/// As many pools as fit; of those that the journal touched the rest is for the next time.
std::string Watch::target(Scope scope) {
  if (scope == Scope::whole) {
    touched_.clear();
    return "/v1/overview";
  }
  std::set<std::string> pools = scope == Scope::touched ? std::exchange(touched_, {}) : finder_.looked();
  pools.erase("");
  std::string names;
  std::size_t count = 0;
  for (const std::string& pool : pools) {
    const std::string name = base::escaped(pool);
    const bool room = count < most_pools && names.size() + name.size() <= longest_names;
    if (!room && scope == Scope::touched) touched_.insert(pool);
    if (room && view_.pool_of(pool) == pool) names += (count++ > 0 ? "," : "") + name;
  }
  return "/v1/overview?pools=" + names + (scope == Scope::looked ? "&rates=1" : "");
}

void Watch::question(Scope scope) {
  const std::weak_ptr<int> alive = alive_;
  const auto text = std::make_shared<std::string>();
  const auto status = std::make_shared<unsigned>(0);
  Hearer hearer{.head = [status](unsigned given, const std::string&) { *status = given; },
                .piece = [text](const std::string& piece) { *text += piece; },
                .end =
                    [this, alive, text, status, scope, begun = io::now()](const std::string& fault) {
                      if (alive.expired()) return;
                      question_.reset();
                      take(scope, *status, *text, fault, io::now() - begun);
                      ask_later(due());
                    }};
  auto question = directors_.ask(name_, {.target = target(scope)}, std::move(hearer));
  if (question) question_ = std::move(question);
}

void Watch::took(Scope scope, core::Time cost) {
  const core::Time now = io::now();
  switch (scope) {
    case Scope::whole:
      whole_pace_.took(cost, now);
      return looked_pace_.skip(now);
    case Scope::looked:
      return looked_pace_.took(cost, now);
    case Scope::touched:
      return touched_pace_.took(cost, now);
  }
}

/// The cost is what the director says that it was, else how long it `lasted`.
void Watch::take(Scope scope, unsigned status, const std::string& text, const std::string& fault, core::Time lasted) {
  boost::system::error_code error;
  json::value value = json::parse(text, error);
  const auto* const answer = error ? nullptr : value.if_object();
  const bool tells = answer != nullptr && answer->contains("cost_us");
  took(scope, tells ? told_cost(number(*answer, "cost_us")) : lasted);
  if (!fault.empty()) return judge(false, fault);
  if (status != 200 || answer == nullptr)
    return judge(
        false, status == 401 ? "it does not take the token" : fmt::format("it answers {} to GET /v1/overview", status));
  heard_ = timestamp();
  take_overview(scope, std::move(value.get_object()));
  judge(true, "");
}

void Watch::take_overview(Scope scope, json::object now) {
  const bool whole = scope == Scope::whole;
  if (number(now, "sequence") < sequence_) sequence_ = number(now, "sequence");  // another process, which counts anew
  const bool first = !view_.known();
  Change change = whole ? view_.take(std::move(now)) : view_.add(std::move(now));
  stale_ = !whole && change.all;
  change.all = change.all || first;
  if (stale_) return;
  tell(change);
  if (scope != Scope::touched) finder_.keep(name_, view_.overview(), whole);
}

/// Figures come each time, also when there are none: they say that the director is heard.
void Watch::tell(const Change& change) {
  if (change.all) finder_.tell("resync", "{}");
  if (!change.state.empty()) finder_.tell("state", told({{"overview", change.state}}));
  finder_.tell("figures", told({{"time", heard_}, {"services", change.services}}));
  const std::set<std::string> looked = finder_.looked();
  for (const auto& [pool, servers] : change.pools)
    if (looked.contains(pool)) finder_.tell_pool(pool, "figures", told({{"time", heard_}, {"servers", servers}}));
}

}  // namespace keepalive::monitor
