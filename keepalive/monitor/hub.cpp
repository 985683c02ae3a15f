#include "monitor/hub.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>
#include <chrono>
#include <cmath>
#include <utility>

#include "io/clock.hpp"
#include "io/log.hpp"
#include "monitor/permits.hpp"

namespace keepalive::monitor {
namespace {

namespace json = boost::json;

constexpr std::chrono::seconds beat_pause{15};
constexpr core::Time glance = std::chrono::seconds{10};  // who asked for the cluster looks so long

/// Grows over restarts, and a browser's numbers hold it.
std::uint64_t first_event() { return static_cast<std::uint64_t>(io::epoch().count()) * 1000 + 1; }

float figure(const json::value* value) {
  boost::system::error_code error;
  const double number = value == nullptr ? 0 : value->to_number<double>(error);
  return value == nullptr || error ? std::nanf("") : static_cast<float>(number);
}

float up(std::string_view state) { return state == "up" ? 1.0F : 0.0F; }

using Samples = std::vector<std::pair<std::string, Sample>>;

void add_services(Samples& all, const std::string& director, const json::object& overview) {
  for (const json::value& value : items(overview, "services")) {
    if (!value.is_object()) continue;
    const json::object& service = value.get_object();
    Sample sample = no_sample();
    sample[0] = figure(service.if_contains("active"));
    sample[1] = figure(service.if_contains("inactive"));
    const json::array& rates = items(service, "rates");
    if (rates.size() == 5) sample[2] = figure(&rates[0]), sample[3] = figure(&rates[3]), sample[4] = figure(&rates[4]);
    sample[6] = up(text(service, "state"));
    all.emplace_back(fmt::format("{}\n{}", director, text(service, "name")), sample);
  }
}

void add_servers(Samples& all, const std::string& director, const json::object& overview) {
  for (const json::value& value : items(overview, "pools")) {
    if (!value.is_object()) continue;
    for (const json::value& one : items(value.get_object(), "servers")) {
      const auto* const server = one.if_array();
      if (server == nullptr || server->size() < 7 || !(*server)[0].is_string() || !(*server)[1].is_string()) continue;
      Sample sample = no_sample();
      sample[0] = figure(&(*server)[5]);
      sample[1] = figure(&(*server)[6]);
      sample[6] = up((*server)[1].get_string());
      all.emplace_back(fmt::format("{}\n{}/{}", director, text(value.get_object(), "name"),
                                   std::string_view{(*server)[0].get_string()}),
                       sample);
    }
  }
}

}  // namespace

Hub::Hub(boost::asio::io_context& io, Directors& directors)
    : io_{io}, directors_{directors}, stream_{first_event()}, beat_{io} {
  finder_ = {.tell =
                 [this](std::string_view kind, const std::string& data) {
                   cluster_.reset();
                   stream_.publish(kind, data);
                 },
             .wanted = [this] { return history_.is_open() || stream_.viewers() > 0 || io::now() - looked_ < glance; },
             .keep = [this](const std::string& director, const json::object& overview) { keep(director, overview); }};
  beat();
}

void Hub::use(const std::string& folder, std::uint64_t history) {
  if (const std::string fault = history_.open(folder + "/history", history); !fault.empty())
    io::log(io::Level::warning, "MONITOR_HISTORY", "text=" + io::quoted(fault));
  watches_.clear();
  cluster_.reset();
  for (const std::string& name : directors_.names())
    watches_.push_back(std::make_unique<Watch>(io_, directors_, name, finder_));
  stream_.publish("resync", "{}");
}

Text Hub::cluster(Monitor::Allow allow) {
  looked_ = io::now();
  for (const auto& watch : watches_) watch->wake();
  if (cluster_) return cluster_;
  std::string text = fmt::format("{{\"allow\":\"{}\",\"directors\":[", word(allow));
  for (const auto& watch : watches_) text += (watch == watches_.front() ? "" : ",") + watch->cluster();
  return cluster_ = std::make_shared<const std::string>(text + "]}\n");
}

void Hub::beat() {
  beat_.expires_after(beat_pause);
  beat_.async_wait([this](const boost::system::error_code& error) {
    if (error) return;
    stream_.beat();
    beat();
  });
}

void Hub::keep(const std::string& director, const json::object& overview) {
  cluster_.reset();
  if (!history_.is_open()) return;
  Samples all;
  add_services(all, director, overview);
  add_servers(all, director, overview);
  history_.put(static_cast<std::uint32_t>(io::epoch().count()), all);
  if (std::exchange(left_out_, history_.left_out()) == 0 && left_out_ > 0)
    io::log(io::Level::warning, "MONITOR_HISTORY",
            fmt::format("left_out={} text=\"no room: make [monitor] history larger\"", left_out_));
}

std::optional<std::string> Hub::history(const std::string& director, const std::string& object, Span span,
                                        std::string& why) const {
  const auto plot = history_.plot(director + "\n" + object, span, static_cast<std::uint32_t>(io::epoch().count()));
  if (!plot) {
    why = !history_.is_open() ? "no history is kept: [monitor] history"
          : left_out_ > 0     ? fmt::format("there is no room for {}: make [monitor] history larger", object)
                              : fmt::format("nothing is kept of {}", object);
    return std::nullopt;
  }
  std::string text = fmt::format("{{\"step_s\":{},\"from\":{},\"series\":{{", plot->step, plot->from);
  for (std::size_t series = 0; series < series_count; ++series) {
    text += fmt::format("{}\"{}\":[", series == 0 ? "" : ",", series_names.at(series));
    for (std::size_t i = 0; i < plot->samples.size(); ++i) {
      const float value = plot->samples[i].at(series);
      if (i > 0) text += ',';
      text += std::isfinite(value) ? fmt::format("{:.6g}", value) : "null";
    }
    text += ']';
  }
  return text + "}}\n";
}

}  // namespace keepalive::monitor
