#include "vrrp/ways.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "io/log.hpp"
#include "net/undo.hpp"
#include "vrrp/places.hpp"

namespace keepalive::vrrp_role {
namespace {

using core::vrrp::Lay;
using io::Level;

template <class T>
bool contains(const std::vector<T>& list, const T& one) {
  return std::find(list.begin(), list.end(), one) != list.end();
}

std::vector<net::Route> routes_of(const Lay& order, const net::Links& links) {
  std::vector<net::Route> list;
  for (const vrrp::Route& one : order.routes)
    if (auto route = kernels(one, order.interface, links)) list.push_back(std::move(*route));
  return list;
}

std::vector<net::Rule> rules_of(const Lay& order) {
  std::vector<net::Rule> list;
  for (const vrrp::Rule& one : order.rules) list.push_back(kernels(one));
  return list;
}

std::string name(const net::Route& route) {
  return fmt::format("route {}/{}", to_string(route.destination.address), route.destination.length);
}
std::string name(const net::Rule& rule) { return fmt::format("rule {}", rule.priority); }

net::RouteKey key(const net::Route& route) {
  constexpr std::uint32_t metric6 = 1024;  // IPv6's, where none is given
  const bool six = route.destination.address.family() == ipvs::Family::ipv6;
  return {.destination = route.destination,
          .table = route.table,
          .kind = route.kind,
          .metric = six && route.metric == 0 ? metric6 : route.metric};
}

void tell_repair(const Lay& order, const std::string& what) {
  io::log(Level::warning, "ROUTE_REPAIRED",
          fmt::format("router={} what={} cause=\"it was gone\"", order.instance, io::quoted(what)));
}

}  // namespace

template <class T>
void Ways::remove(std::vector<T> gone, net::Edits& edits) {
  static_cast<void>(edits.remove(std::span<const T>{gone}));
  core::vrrp::Holding told;
  for (const T& one : gone) told.undone.push_back(net::removal(one));
  if (!gone.empty()) tell_(told);
}

/// What it must not have goes; of what it had before the kernel keeps what it is to have.
void Ways::take(const Lay& order, const net::Links& links, net::Edits& edits) {
  Has& has = all_[order.instance];
  std::erase_if(refused_, [&](const auto& one) { return one.first == order.instance; });
  std::vector<net::Route> routes = routes_of(order, links);
  std::vector<net::Rule> rules = rules_of(order);
  if (order.wanted) {
    const auto keep = [](auto& had, const auto& wanted) {
      auto stays =
          std::stable_partition(had.begin(), had.end(), [&](const auto& one) { return contains(wanted, one); });
      std::remove_reference_t<decltype(had)> gone{stays, had.end()};
      had.erase(stays, had.end());
      return gone;
    };
    remove(keep(has.rules, rules), edits);
    remove(keep(has.routes, routes), edits);
    has.order = order;
    return mend(links, edits);
  }
  for (const net::Rule& one : has.rules)
    if (!contains(rules, one)) rules.push_back(one);
  for (const net::Route& one : has.routes)
    if (!contains(routes, one)) routes.push_back(one);
  remove(rules, edits);
  remove(routes, edits);
  all_.erase(order.instance);
}

void Ways::mend(const net::Links& links, net::Edits& edits) {
  for (auto& [instance, has] : all_) {
    look_for(has, links);
    add_routes(has, links, edits);
    add_rules(has, edits);
  }
}

/// Somebody may have removed one that was there.
void Ways::look_for(Has& has, const net::Links& links) {
  std::erase_if(has.routes, [&](const net::Route& route) {
    const bool there = links.has(key(route));
    if (there && !contains(has.seen, route)) has.seen.push_back(route);
    if (there || std::erase(has.seen, route) == 0) return false;
    tell_repair(has.order, name(route));
    return true;
  });
}

void Ways::add_routes(Has& has, const net::Links& links, net::Edits& edits) {
  std::vector<net::Route> missing = routes_of(has.order, links);
  if (missing.size() < has.order.routes.size()) refuse(has.order, "a route of an interface that is not there", ENODEV);
  std::erase_if(missing, [&](const net::Route& one) { return contains(has.routes, one); });
  core::vrrp::Holding told;
  for (const net::Route& one : missing) told.undo.push_back(net::removal(one));
  if (missing.empty()) return;
  tell_(told);  // first: who guards them must know
  const net::Answers answers = edits.add(std::span<const net::Route>{missing});
  for (std::size_t i = 0; i < missing.size(); ++i) {
    if (answers[i] == 0) has.routes.push_back(missing[i]);
    if (answers[i] != 0) refuse(has.order, name(missing[i]), answers[i]);
  }
}

/// The kernel tells nothing of rules, but takes one that is there for what it is.
void Ways::add_rules(Has& has, net::Edits& edits) {
  const std::vector<net::Rule> wanted = rules_of(has.order);
  core::vrrp::Holding told;
  for (const net::Rule& one : wanted)
    if (!contains(has.rules, one)) told.undo.push_back(net::removal(one));
  if (!told.undo.empty()) tell_(told);
  const net::Answers answers = edits.add(std::span<const net::Rule>{wanted});
  const std::vector<net::Rule> before = std::exchange(has.rules, {});
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    const bool made = answers[i] == 0;
    if (made && contains(before, wanted[i])) tell_repair(has.order, name(wanted[i]));
    if (made || answers[i] == EEXIST)
      has.rules.push_back(wanted[i]);
    else
      refuse(has.order, name(wanted[i]), answers[i]);
  }
}

void Ways::refuse(const Lay& order, const std::string& what, int error) {
  if (!refused_.insert({order.instance, what}).second) return;
  io::log(Level::warning, "ROUTE_REFUSED",
          fmt::format("router={} what={} error={} text=\"it is tried again\"", order.instance, io::quoted(what),
                      io::quoted(std::strerror(error))));
}

std::set<net::RouteKey> Ways::keys() const {
  std::set<net::RouteKey> list;
  for (const auto& [instance, has] : all_)
    for (const net::Route& route : has.routes) list.insert(key(route));
  return list;
}

}  // namespace keepalive::vrrp_role
