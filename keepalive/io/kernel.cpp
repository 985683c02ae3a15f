#include "io/kernel.hpp"

#include <algorithm>
#include <cerrno>
#include <sstream>

namespace keepalive::io {
namespace {

constexpr std::size_t few = 64;  // services that are read one by one

/// Every service of the order is refused, or the order as a whole: it will be tried again.
core::Reconciled failed(const core::Reconcile& order, const ipvs::Error& error) {
  core::Reconciled outcome{.purpose = order.purpose,
                           .keys = order.keys,
                           .foreign = order.foreign,
                           .fault = order.foreign ? error.message() : std::string{}};
  for (const ipvs::ServiceKey& key : order.keys) outcome.refusals.push_back({key, error.message()});
  return outcome;
}

}  // namespace

std::string text(const ipvs::Change& change) {
  std::ostringstream out;
  out << change;
  return out.str();
}

const ipvs::ServiceKey& service_of(const ipvs::Change& change) {
  return std::visit(
      [](const auto& edit) -> const ipvs::ServiceKey& {
        if constexpr (requires { edit.service.key; })
          return edit.service.key;
        else if constexpr (requires { edit.key; })
          return edit.key;
        else
          return edit.service;
      },
      change);
}

ipvs::Result<Kernel> Kernel::open() {
  auto client = ipvs::Client::open();
  if (!client) return tl::unexpected{client.error()};
  return Kernel{std::move(*client)};
}

ipvs::Result<std::optional<ipvs::TableService>> Kernel::read(const ipvs::ServiceKey& key) {
  auto service = client_.service(key);
  if (!service && service.error().code == ESRCH) return std::optional<ipvs::TableService>{};
  if (!service) return tl::unexpected{service.error()};
  auto destinations = client_.destinations(key);
  if (!destinations) return tl::unexpected{destinations.error()};
  ipvs::TableService whole{.service = canonical(std::move(service->service))};
  whole.destinations.reserve(destinations->size());
  for (const ipvs::DestinationEntry& entry : *destinations) whole.destinations.insert(entry.destination);
  return std::optional{std::move(whole)};
}

ipvs::Result<std::vector<ipvs::Change>> Kernel::differences(const core::Reconcile& order, const ipvs::Table& wanted,
                                                            const std::set<ipvs::ServiceKey>& owned) {
  ipvs::Table part;
  const bool all = order.foreign || order.keys.size() >= wanted.size();
  if (!all)
    for (const ipvs::ServiceKey& key : order.keys)
      if (const auto found = wanted.find(key); found != wanted.end()) part.insert(*found);
  ipvs::Comparison comparison{all ? wanted : part};
  const auto see = [&](const ipvs::TableService& actual) {
    const ipvs::ServiceKey& key = actual.service.key;
    const bool ours = order.foreign || (owned.contains(key) && order.keys.contains(key));
    comparison.see(actual, ours ? ipvs::Comparison::Owner::us : ipvs::Comparison::Owner::others);
  };
  if (order.foreign || order.keys.size() > few) {
    const auto visited = client_.visit_table([&](ipvs::TableService&& actual) { see(actual); });
    if (!visited) return tl::unexpected{visited.error()};
  } else {
    for (const ipvs::ServiceKey& key : order.keys) {
      const auto actual = read(key);
      if (!actual) return tl::unexpected{actual.error()};
      if (*actual) see(**actual);
    }
  }
  return std::move(comparison).changes();
}

core::Reconciled Kernel::reconcile(const core::Reconcile& order, const ipvs::Table& wanted,
                                   const std::set<ipvs::ServiceKey>& owned) {
  using Purpose = core::Reconcile::Purpose;
  auto changes = differences(order, wanted, owned);
  if (!changes) return failed(order, changes.error());
  core::Reconciled outcome{.purpose = order.purpose, .keys = order.keys, .foreign = order.foreign};
  std::vector<ipvs::Refusal> refused;
  if (order.purpose != Purpose::report && !changes->empty()) {
    auto applied = client_.apply(*changes);
    if (!applied) return failed(order, applied.error());
    refused = std::move(*applied);
    outcome.changes = changes->size() - refused.size();
  }
  std::set<std::size_t> not_done;
  for (const ipvs::Refusal& refusal : refused) {
    not_done.insert(refusal.index);
    outcome.refusals.push_back({service_of((*changes)[refusal.index]), refusal.error.message()});
  }
  for (std::size_t i = 0; i < changes->size() && order.purpose != Purpose::write; ++i)
    if (!not_done.contains(i)) outcome.drift.push_back({service_of((*changes)[i]), text((*changes)[i])});
  return outcome;
}

ipvs::Result<std::vector<ipvs::Change>> Kernel::plan(const ipvs::Table& wanted,
                                                     const std::set<ipvs::ServiceKey>& owned) {
  core::Reconcile order{.keys = owned};
  for (const auto& [key, entry] : wanted) order.keys.insert(key);
  return differences(order, wanted, owned);
}

}  // namespace keepalive::io
