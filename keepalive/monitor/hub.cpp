#include "monitor/hub.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>
#include <chrono>
#include <cmath>
#include <map>
#include <unordered_set>
#include <utility>

#include "io/clock.hpp"
#include "io/log.hpp"
#include "monitor/gzip.hpp"
#include "monitor/permits.hpp"

namespace keepalive::monitor {
namespace {

namespace json = boost::json;

constexpr std::chrono::seconds beat_pause{15};
constexpr std::chrono::seconds tick_pause{2};
constexpr core::Time fresh = std::chrono::seconds{2};    // so old may what is asked for be
constexpr core::Time glance = std::chrono::seconds{10};  // who asked for the cluster looks so long

/// Grows over restarts, and a browser's numbers hold it.
std::uint64_t first_event() { return static_cast<std::uint64_t>(io::epoch().count()) * 1000 + 1; }

float figure(const json::value* value) {
  boost::system::error_code error;
  const double number = value == nullptr ? 0 : value->to_number<double>(error);
  return value == nullptr || error ? std::nanf("") : static_cast<float>(number);
}

float up(std::string_view state) { return state == "up" ? 1.0F : 0.0F; }

using All = std::vector<Observation>;

float& of(Sample& sample, Series series) { return sample.at(static_cast<std::size_t>(series)); }

/// What is larger, if both are known.
void raise(float& most, float value) {
  if (!(value <= most) && !std::isnan(value)) most = value;
}

std::string key(std::string_view director, std::string_view object) { return fmt::format("{}\n{}", director, object); }

void add_server(All& all, Observation& pool, const json::value& value) {
  const auto* const server = value.if_array();
  if (server == nullptr || server->size() < 7 || !(*server)[0].is_string() || !(*server)[1].is_string()) return;
  Sample sample = no_sample();
  of(sample, Series::active) = figure(&(*server)[5]);
  of(sample, Series::inactive) = figure(&(*server)[6]);
  if (server->size() > 7) of(sample, Series::latency_us) = figure(&(*server)[7]);
  of(sample, Series::up) = up((*server)[1].get_string());
  of(pool.sample, Series::active) += of(sample, Series::active);
  of(pool.sample, Series::inactive) += of(sample, Series::inactive);
  raise(of(pool.sample, Series::latency_us), of(sample, Series::latency_us));
  all.push_back({.object = fmt::format("{}/{}", pool.object, std::string_view{(*server)[0].get_string()}),
                 .rank = Rank::minor,
                 .sample = sample});
}

/// Pools, their servers if these are `whole`, and the longest latency of each pool.
std::map<std::string, float, std::less<>> add_pools(All& all, const std::string& director, const json::object& overview,
                                                    bool whole) {
  std::map<std::string, float, std::less<>> latencies;
  for (const json::value& value : items(overview, "pools")) {
    if (!value.is_object()) continue;
    const std::string_view name = text(value.get_object(), "name");
    const std::size_t begin = all.size();
    Observation pool{.object = key(director, name), .rank = Rank::minor};
    of(pool.sample, Series::active) = 0;
    of(pool.sample, Series::inactive) = 0;
    of(pool.sample, Series::up) = up(text(value.get_object(), "state"));
    for (const json::value& one : items(value.get_object(), "servers")) add_server(all, pool, one);
    latencies.emplace(name, of(pool.sample, Series::latency_us));
    if (!whole) all.resize(begin);
    if (whole) all.push_back(std::move(pool));
  }
  return latencies;
}

void add_services(All& all, const std::string& director, const json::object& overview,
                  const std::map<std::string, float, std::less<>>& latencies) {
  for (const json::value& value : items(overview, "services")) {
    if (!value.is_object()) continue;
    const json::object& service = value.get_object();
    Sample sample = no_sample();
    of(sample, Series::active) = figure(service.if_contains("active"));
    of(sample, Series::inactive) = figure(service.if_contains("inactive"));
    const json::array& rates = items(service, "rates");
    if (rates.size() == 5) {
      of(sample, Series::cps) = figure(&rates[0]);
      of(sample, Series::inbps) = figure(&rates[3]);
      of(sample, Series::outbps) = figure(&rates[4]);
    }
    const auto latency = latencies.find(text(service, "pool"));
    if (latency != latencies.end()) of(sample, Series::latency_us) = latency->second;
    of(sample, Series::up) = up(text(service, "state"));
    all.push_back({.object = key(director, text(service, "name")), .sample = sample});
  }
}

/// Two things of one name are one object: the first.
void drop_doubles(All& all) {
  std::unordered_set<std::string_view> seen;
  std::erase_if(all, [&](const Observation& one) { return !seen.insert(one.object).second; });
}

}  // namespace

Hub::Hub(boost::asio::io_context& io, Directors& directors)
    : io_{io}, directors_{directors}, stream_{first_event()}, beat_{io}, tick_{io} {
  finder_ = {.tell =
                 [this](std::string_view kind, const std::string& data) {
                   if (kind == "resync") cluster_ = {};
                   stream_.publish(kind, data);
                 },
             .tell_pool = [this](const std::string& pool, std::string_view kind,
                                 const std::string& data) { stream_.publish_pool(pool, kind, data); },
             .looked = [this] { return stream_.looked(); },
             .wanted = [this] { return history_.is_open() || stream_.viewers() > 0 || io::now() - looked_ < glance; },
             .keep = [this](const std::string& director, const json::object& overview,
                            bool whole) { keep(director, overview, whole); }};
  beat();
  beat_often();
}

void Hub::use(const std::string& folder, std::uint64_t history) {
  if (const std::string fault = history_.open(folder, history); !fault.empty())
    io::log(io::Level::warning, "MONITOR_HISTORY", "text=" + io::quoted(fault));
  watches_.clear();
  for (const std::string& name : directors_.names())
    watches_.push_back(std::make_unique<Watch>(io_, directors_, name, finder_));
  finder_.tell("resync", "{}");
}

Answer Hub::cluster(Monitor::Allow allow) {
  const core::Time now = io::now();
  looked_ = now;
  for (const auto& watch : watches_) watch->wake();
  if (cluster_.body && allow_ == allow && now - made_ < fresh) return cluster_;
  std::string text = fmt::format("{{\"allow\":\"{}\",\"event\":{},\"directors\":[", word(allow), stream_.last());
  for (const auto& watch : watches_) {
    if (watch != watches_.front()) text += ',';
    text += watch->cluster();
  }
  cluster_ = {.body = std::make_shared<const std::string>(text + "]}\n")};
  cluster_.packed = std::make_shared<const std::string>(gzip(*cluster_.body, quick_effort));
  allow_ = allow;
  made_ = now;
  return cluster_;
}

void Hub::join(const std::shared_ptr<Reply>& reply, Stream::Wish wish) {
  std::vector<std::string> now;
  for (const auto& watch : watches_)
    for (const std::string& pool : wish.pools)
      if (const std::string data = watch->figures(pool); !data.empty()) now.push_back(Stream::event("figures", data));
  stream_.join(reply, std::move(wish), now);
}

void Hub::beat() {
  beat_.expires_after(beat_pause);
  beat_.async_wait([this](const boost::system::error_code& error) {
    if (error) return;
    stream_.beat();
    beat();
  });
}

/// Viewers see that we live also when no director does.
void Hub::beat_often() {
  tick_.expires_after(tick_pause);
  tick_.async_wait([this](const boost::system::error_code& error) {
    if (error) return;
    stream_.say("beat", "{}");
    beat_often();
  });
}

void Hub::keep(const std::string& director, const json::object& overview, bool whole) {
  if (!history_.is_open()) return;
  All all;
  add_services(all, director, overview, add_pools(all, director, overview, whole));
  std::reverse(all.begin(), all.end());  // services first
  drop_doubles(all);
  history_.put(static_cast<std::uint32_t>(io::epoch().count()), all);
  if (!whole) return;
  if (std::exchange(left_out_, history_.left_out()) == 0 && left_out_ > 0)
    io::log(io::Level::warning, "MONITOR_HISTORY",
            fmt::format("left_out={} text=\"no room: make [monitor] history larger\"", left_out_));
}

std::optional<std::string> Hub::history(const std::string& director, const std::string& object, Span span,
                                        std::string& why) const {
  const std::string name = key(director, object);
  const auto plot = history_.plot(name, span, static_cast<std::uint32_t>(io::epoch().count()));
  if (!plot) {
    why = !history_.is_open() ? "no history is kept: [monitor] history"
          : left_out_ > 0     ? fmt::format("there is no room for {}: make [monitor] history larger", object)
                              : fmt::format("nothing is kept of {}", object);
    return std::nullopt;
  }
  std::string text = fmt::format("{{\"step_s\":{},\"from\":{},\"series\":{{", plot->step, plot->from);
  json::object missing;
  for (std::size_t series = 0; series < series_count; ++series) {
    const bool any = std::any_of(plot->samples.begin(), plot->samples.end(),
                                 [&](const Sample& sample) { return std::isfinite(sample.at(series)); });
    const std::string_view reason = any ? "" : history_.missing(name, static_cast<Series>(series));
    if (!reason.empty()) missing[series_names.at(series)] = reason;
    text += fmt::format("{}\"{}\":[", series == 0 ? "" : ",", series_names.at(series));
    for (std::size_t i = 0; i < plot->samples.size(); ++i) {
      const float value = plot->samples[i].at(series);
      if (i > 0) text += ',';
      text += std::isfinite(value) ? fmt::format("{:.6g}", value) : "null";
    }
    text += ']';
  }
  return text + "},\"missing\":" + json::serialize(missing) + "}\n";
}

}  // namespace keepalive::monitor
