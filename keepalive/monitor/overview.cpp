#include "monitor/overview.hpp"

#include <algorithm>
#include <boost/json.hpp>
#include <chrono>
#include <cstddef>
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

json::array row_of(const json::object& service) {
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

void compare_service(const json::object& was, const json::object& is, Change& change) {
  if (was == is) return;
  if (without_figures(was) != without_figures(is))
    list(change.state, "services").push_back(is);
  else
    change.services[text(is, "name")] = row_of(is);
}

bool is_server(const json::value& value) {
  return value.is_array() && value.get_array().size() >= server_members && value.get_array()[0].is_string();
}

bool same(const json::array& a, const json::array& b, std::size_t from, std::size_t to) {
  return std::equal(a.begin() + static_cast<std::ptrdiff_t>(from), a.begin() + static_cast<std::ptrdiff_t>(to),
                    b.begin() + static_cast<std::ptrdiff_t>(from));
}

std::string full_name(std::string_view pool, const json::array& server) {
  return std::string{pool} + "/" + std::string{std::string_view{server[0].get_string()}};
}

/// Whether the pool differs in more than its servers' connections; those are written down.
bool differs(const json::object& was, const json::object& is, json::object& moved) {
  for (const auto& [name, value] : is)
    if (name != "servers" && member(was, name) != value) return true;
  const json::array& before = items(was, "servers");
  const json::array& now = items(is, "servers");
  if (before.size() != now.size()) return true;
  for (std::size_t i = 0; i < now.size(); ++i) {
    if (before[i] == now[i]) continue;
    if (!is_server(before[i]) || !is_server(now[i])) return true;
    const json::array& a = before[i].get_array();
    const json::array& b = now[i].get_array();
    if (!same(a, b, 0, server_figures)) return true;
    if (!same(a, b, server_figures, server_members))
      moved[full_name(text(is, "name"), b)] = json::array{b[server_figures], b[server_figures + 1]};
  }
  return false;
}

void compare_pool(const json::object& was, const json::object& is, Change& change) {
  json::object moved;
  if (differs(was, is, moved))
    list(change.state, "pools").push_back(is);
  else if (!moved.empty())
    change.pools[std::string{text(is, "name")}] = std::move(moved);
}

bool is_detail(std::string_view name) {
  return name == "services" || name == "pools" || name == "rates" || name == "cost_us";
}

void compare_rest(const json::object& was, const json::object& is, Change& change) {
  for (const auto& [name, value] : is)
    if (!is_detail(name) && name != "time" && member(was, name) != value) change.state[name] = value;
}

json::object& element(json::object& overview, std::string_view name, std::size_t place) {
  return overview.at(name).get_array()[place].get_object();
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

std::uint64_t number(const json::object& object, std::string_view name) {
  const auto* const found = object.if_contains(name);
  boost::system::error_code error;
  return found == nullptr ? 0 : found->to_number<std::uint64_t>(error);
}

Change compare(const json::object& before, const json::object& now) {
  Change change;
  const json::array& services = items(now, "services");
  const json::array& pools = items(now, "pools");
  change.all = !same_names(items(before, "services"), services) || !same_names(items(before, "pools"), pools);
  if (change.all) return change;
  compare_rest(before, now, change);
  for (std::size_t i = 0; i < services.size(); ++i)
    compare_service(items(before, "services")[i].get_object(), services[i].get_object(), change);
  for (std::size_t i = 0; i < pools.size(); ++i)
    compare_pool(items(before, "pools")[i].get_object(), pools[i].get_object(), change);
  return change;
}

Change View::take(json::object whole) {
  Change change = std::exchange(known_, true) ? compare(overview_, whole) : Change{};
  overview_ = std::move(whole);
  const auto places = [this](std::string_view name) {
    Places found;
    const json::array& all = items(overview_, name);
    for (std::size_t i = 0; i < all.size(); ++i)
      if (all[i].is_object()) found[std::string{text(all[i].get_object(), "name")}] = i;
    return found;
  };
  services_ = places("services");
  pools_ = places("pools");
  return change;
}

bool View::fits(const json::object& part) const {
  const auto known = [&](std::string_view name, const Places& places) {
    const json::array& all = items(part, name);
    return std::all_of(all.begin(), all.end(), [&](const json::value& one) {
      return one.is_object() && places.contains(std::string{text(one.get_object(), "name")});
    });
  };
  return known_ && number(part, "generation") == number(overview_, "generation") && known("services", services_) &&
         known("pools", pools_);
}

Change View::add(json::object part) {
  Change change;
  change.all = !fits(part);
  if (change.all) return change;
  compare_rest(overview_, part, change);
  add_services(part, change);
  add_rates(part, change);
  add_pools(part, change);
  for (auto& [name, value] : part)
    if (!is_detail(name)) overview_[name] = std::move(value);
  return change;
}

void View::add_services(json::object& part, Change& change) {
  if (items(part, "services").empty()) return;
  for (json::value& value : part["services"].get_array()) {
    json::object& is = value.get_object();
    json::object& was = element(overview_, "services", services_.at(std::string{text(is, "name")}));
    compare_service(was, is, change);
    was = std::move(is);
  }
}

/// Each: name and five numbers.
void View::add_rates(const json::object& part, Change& change) {
  for (const json::value& value : items(part, "rates")) {
    const auto* const row = value.if_array();
    if (row == nullptr || row->size() != 6 || !(*row)[0].is_string()) continue;
    const auto place = services_.find(std::string{std::string_view{(*row)[0].get_string()}});
    if (place == services_.end()) continue;
    json::object& service = element(overview_, "services", place->second);
    json::value rates = json::array(row->begin() + 1, row->end());
    json::value& before = service["rates"];
    if (before == rates) continue;
    before = std::move(rates);
    change.services[place->first] = row_of(service);
  }
}

void View::add_pools(json::object& part, Change& change) {
  if (items(part, "pools").empty()) return;
  for (json::value& value : part["pools"].get_array()) {
    json::object& is = value.get_object();
    json::object& was = element(overview_, "pools", pools_.at(std::string{text(is, "name")}));
    compare_pool(was, is, change);
    was = std::move(is);
  }
}

std::string View::pool_of(std::string_view object) const {
  const std::string name{object.substr(0, object.find('/'))};
  if (pools_.contains(name)) return name;
  const auto service = services_.find(std::string{object});
  if (service == services_.end()) return {};
  return std::string{text(items(overview_, "services")[service->second].get_object(), "pool")};
}

json::object View::figures(const std::string& pool) const {
  json::object all;
  const auto place = pools_.find(pool);
  if (place == pools_.end()) return all;
  for (const json::value& value : items(items(overview_, "pools")[place->second].get_object(), "servers"))
    if (is_server(value)) {
      const json::array& server = value.get_array();
      all[full_name(pool, server)] = json::array{server[server_figures], server[server_figures + 1]};
    }
  return all;
}

namespace {

constexpr core::Time usual = std::chrono::seconds{1};
constexpr core::Time soon = std::chrono::milliseconds{100};
constexpr core::Time most_spare = std::chrono::milliseconds{100};
constexpr core::Time most_cost = std::chrono::milliseconds{200};  // a hiccup blinds nobody for long

}  // namespace

core::Time told_cost(std::uint64_t microseconds) {
  constexpr std::chrono::microseconds longest = std::chrono::minutes{1};
  return std::chrono::microseconds{std::min(microseconds, static_cast<std::uint64_t>(longest.count()))};
}

void Pace::took(core::Time cost, core::Time now) {
  spare_ = std::min(most_spare, spare_ + (now - last_) / share_) - std::min(cost, most_cost);
  last_ = now;
  next_ = now + std::max(usual, spare_ < core::Time{} ? -spare_ * share_ : core::Time{});
}

void Pace::skip(core::Time now) { next_ = std::max(next_, now + usual); }

void Pace::hurry(core::Time now) {
  if (spare_ + (now - last_) / share_ > core::Time{}) next_ = std::min(next_, std::max(now, last_ + soon));
}

}  // namespace keepalive::monitor
