#include "monitor/overview.hpp"

#include <algorithm>
#include <boost/json.hpp>
#include <chrono>
#include <utility>

namespace keepalive::monitor {
namespace {

namespace json = boost::json;

constexpr std::array<std::string_view, 3> service_figures{"active", "inactive", "rates"};
constexpr std::size_t server_members = 7;  // name, state, since, weight, overlay, active, inactive
constexpr std::size_t server_figures = 5;  // where they begin

json::object without_figures(const json::object& service) {
  json::object rest = service;
  for (const std::string_view name : service_figures) rest.erase(name);
  return rest;
}

json::value member(const json::object& object, std::string_view name) {
  const auto* const found = object.if_contains(name);
  return found == nullptr ? json::value{} : *found;
}

json::array figures(const json::object& service) {
  json::array list{member(service, "active"), member(service, "inactive")};
  const json::array& rates = items(service, "rates");
  for (std::size_t i = 0; i < 5; ++i) list.push_back(i < rates.size() ? rates[i] : json::value{});
  return list;
}

bool same_names(const json::array& one, const json::array& other) {
  return std::equal(one.begin(), one.end(), other.begin(), other.end(), [](const json::value& a, const json::value& b) {
    return a.is_object() && b.is_object() && text(a.get_object(), "name") == text(b.get_object(), "name");
  });
}

json::array& list(json::object& object, std::string_view name) {
  json::value& found = object[name];
  if (!found.is_array()) found = json::array{};
  return found.get_array();
}

void compare_services(const json::array& before, const json::array& now, Change& change) {
  for (std::size_t i = 0; i < now.size(); ++i) {
    const json::object& was = before[i].get_object();
    const json::object& is = now[i].get_object();
    if (was == is) continue;
    if (without_figures(was) != without_figures(is)) {
      list(change.state, "services").push_back(is);
      continue;
    }
    change.services[text(is, "name")] = figures(is);
  }
}

bool is_server(const json::value& value) {
  return value.is_array() && value.get_array().size() >= server_members && value.get_array()[0].is_string();
}

/// Whether the pool differs in more than its servers' connections; those are written down.
bool compare_pool(const json::object& before, const json::object& now, Change& change) {
  for (const auto& [name, value] : now)
    if (name != "servers" && member(before, name) != value) return true;
  const json::array& was = items(before, "servers");
  const json::array& is = items(now, "servers");
  if (was.size() != is.size()) return true;
  json::object moved;
  for (std::size_t i = 0; i < is.size(); ++i) {
    if (was[i] == is[i]) continue;
    if (!is_server(was[i]) || !is_server(is[i])) return true;
    const json::array& a = was[i].get_array();
    const json::array& b = is[i].get_array();
    if (!std::equal(a.begin(), a.begin() + server_figures, b.begin())) return true;
    const std::string name{b[0].get_string()};
    moved[std::string{text(now, "name")} + "/" + name] = json::array{b[server_figures], b[server_figures + 1]};
  }
  for (auto& [name, value] : moved) change.servers[name] = value;
  return false;
}

}  // namespace

const json::array& items(const json::object& object, std::string_view name) {
  static const json::array none;
  const auto* const found = object.if_contains(name);
  return found != nullptr && found->is_array() ? found->get_array() : none;
}

std::string_view text(const json::object& object, std::string_view name) {
  const auto* const found = object.if_contains(name);
  return found != nullptr && found->is_string() ? std::string_view{found->get_string()} : std::string_view{};
}

Change compare(const json::object& before, const json::object& now) {
  Change change;
  const json::array& services = items(now, "services");
  const json::array& pools = items(now, "pools");
  change.all = !same_names(items(before, "services"), services) || !same_names(items(before, "pools"), pools);
  if (change.all) return change;
  for (const auto& [name, value] : now)
    if (name != "services" && name != "pools" && name != "time" && member(before, name) != value)
      change.state[name] = value;
  compare_services(items(before, "services"), services, change);
  const json::array& pools_before = items(before, "pools");
  for (std::size_t i = 0; i < pools.size(); ++i)
    if (compare_pool(pools_before[i].get_object(), pools[i].get_object(), change))
      list(change.state, "pools").push_back(pools[i]);
  return change;
}

void Rates::apply(json::object& overview, core::Time now) {
  auto* const services = overview.if_contains("services");
  if (services == nullptr || !services->is_array()) return;
  const double seconds = std::chrono::duration<double>(now - taken_).count();
  decltype(before_) after;
  for (json::value& value : services->get_array()) {
    if (!value.is_object()) continue;
    json::object& service = value.get_object();
    const json::array& given = items(service, "counters");
    Counters counters{};
    if (given.size() != counters.size()) continue;
    for (std::size_t i = 0; i < counters.size(); ++i) {
      boost::system::error_code error;
      counters.at(i) = given[i].to_number<std::uint64_t>(error);
    }
    const auto was = before_.find(text(service, "name"));
    json::array rates;
    for (std::size_t i = 0; was != before_.end() && seconds > 0 && i < counters.size(); ++i) {
      const std::uint64_t step = counters.at(i) >= was->second.at(i) ? counters.at(i) - was->second.at(i) : 0;
      rates.push_back(static_cast<std::uint64_t>(static_cast<double>(step) / seconds + 0.5));
    }
    after[std::string{text(service, "name")}] = counters;
    service.erase("counters");
    service["rates"] = rates.empty() ? json::value{} : json::value(std::move(rates));  // braces would make a list of it
  }
  before_ = std::move(after);
  taken_ = now;
}

namespace {

constexpr core::Time usual = std::chrono::seconds{1};
constexpr core::Time soon = std::chrono::milliseconds{100};
constexpr core::Time most_spare = std::chrono::milliseconds{100};
constexpr core::Time most_cost = std::chrono::milliseconds{200};  // a hiccup blinds nobody for more than 10 s
constexpr int share = 50;                                         // a fiftieth of the time

}  // namespace

void Pace::took(core::Time cost, core::Time now) {
  spare_ = std::min(most_spare, spare_ + (now - last_) / share) - std::min(cost, most_cost);
  last_ = now;
  next_ = now + std::max(usual, spare_ < core::Time{} ? -spare_ * share : core::Time{});
}

void Pace::hurry(core::Time now) {
  if (spare_ + (now - last_) / share > core::Time{}) next_ = std::min(next_, std::max(now, last_ + soon));
}

}  // namespace keepalive::monitor
