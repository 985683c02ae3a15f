#include "monitor/watch.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>
#include <chrono>
#include <limits>
#include <utility>

#include "io/clock.hpp"
#include "io/log.hpp"

namespace keepalive::monitor {
namespace {

namespace json = boost::json;

constexpr core::Time first_pause = std::chrono::milliseconds{500};
constexpr core::Time longest_pause = std::chrono::seconds{10};
constexpr core::Time look_pause = std::chrono::seconds{1};  // whether somebody wants an overview
constexpr std::size_t longest_line = 256U << 10U;

std::uint64_t number(const json::object& object, std::string_view name) {
  const auto* const found = object.if_contains(name);
  boost::system::error_code error;
  return found == nullptr ? 0 : found->to_number<std::uint64_t>(error);
}

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
  return text + ",\"overview\":" + (known_ ? json::serialize(overview_) : "null") + "}";
}

void Watch::wake() {
  if (!question_) ask_later(pace_.next());
}

void Watch::judge(bool reachable, const std::string& error) {
  error_ = error;
  if (std::exchange(reachable_, reachable) == reachable) return;
  if (!reachable)
    io::log(io::Level::warning, "MONITOR_DIRECTOR_LOST",
            fmt::format("director={} text={}", io::quoted(name_), io::quoted(error)));
  else
    io::log(io::Level::info, "MONITOR_DIRECTOR", fmt::format("director={}", io::quoted(name_)));
  finder_.tell("resync", "{}");
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
                      if (!fault.empty() && !known_) judge(false, fault);
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
  entry["director"] = name_;
  finder_.tell("journal", json::serialize(entry));
  pace_.hurry(io::now());
  wake();
}

// ---- The overview

void Watch::ask_later(core::Time when) {
  ask_timer_.expires_at(io::moment(when));
  ask_timer_.async_wait([this, alive = std::weak_ptr<int>{alive_}](const boost::system::error_code& error) {
    if (!error && !alive.expired()) ask();
  });
}

void Watch::ask() {
  if (!finder_.wanted()) return ask_later(io::now() + look_pause);
  const std::weak_ptr<int> alive = alive_;
  const auto text = std::make_shared<std::string>();
  const auto status = std::make_shared<unsigned>(0);
  Hearer hearer{.head = [status](unsigned given, const std::string&) { *status = given; },
                .piece = [text](const std::string& piece) { *text += piece; },
                .end =
                    [this, alive, text, status, begun = io::now()](const std::string& fault) {
                      if (alive.expired()) return;
                      question_.reset();
                      take(*status, *text, fault, io::now() - begun);
                    }};
  auto question = directors_.ask(name_, {.target = "/v1/overview"}, std::move(hearer));
  if (question) question_ = std::move(question);
}

void Watch::take(unsigned status, const std::string& text, const std::string& fault, core::Time cost) {
  const core::Time now = io::now();
  pace_.took(cost, now);
  ask_later(pace_.next());
  boost::system::error_code error;
  json::value value = json::parse(text, error);
  if (!fault.empty()) return judge(false, fault);
  if (status != 200 || error || !value.is_object())
    return judge(
        false, status == 401 ? "it does not take the token" : fmt::format("it answers {} to GET /v1/overview", status));
  heard_ = timestamp();
  take_overview(std::move(value.get_object()));
  judge(true, "");
}

void Watch::take_overview(json::object now) {
  rates_.apply(now, io::now());
  if (number(now, "sequence") < sequence_) sequence_ = number(now, "sequence");  // another process, which counts anew
  if (std::exchange(known_, true)) {
    const Change change = compare(overview_, now);
    if (change.all) finder_.tell("resync", "{}");
    if (!change.state.empty())
      finder_.tell("state", json::serialize(json::object{{"director", name_}, {"overview", change.state}}));
    if (!change.services.empty() || !change.servers.empty())
      finder_.tell(
          "figures",
          json::serialize(json::object{
              {"director", name_}, {"time", heard_}, {"services", change.services}, {"servers", change.servers}}));
  }
  overview_ = std::move(now);
  finder_.keep(name_, overview_);
}

}  // namespace keepalive::monitor
