// The kernel's table, compared with the wanted one and written where it differs.
#pragma once

#include "core/action.hpp"
#include "core/event.hpp"
#include "ipvs++/client.hpp"

namespace keepalive::io {

class Kernel {
 public:
  static ipvs::Result<Kernel> open();

  /// `owned`: services that may be removed when they are not wanted.
  core::Reconciled reconcile(const core::Reconcile& order, const ipvs::Table& wanted,
                             const std::set<ipvs::ServiceKey>& owned);
  /// The edits that would lead from the kernel's table to `wanted`.
  ipvs::Result<std::vector<ipvs::Change>> plan(const ipvs::Table& wanted, const std::set<ipvs::ServiceKey>& owned);
  ipvs::Client& client() { return client_; }

 private:
  explicit Kernel(ipvs::Client client) : client_{std::move(client)} {}

  ipvs::Result<std::vector<ipvs::Change>> differences(const core::Reconcile& order, const ipvs::Table& wanted,
                                                      const std::set<ipvs::ServiceKey>& owned);
  ipvs::Result<std::optional<ipvs::TableService>> read(const ipvs::ServiceKey& key);

  ipvs::Client client_;
};

/// An edit in words.
std::string text(const ipvs::Change& change);
/// The service that an edit concerns.
const ipvs::ServiceKey& service_of(const ipvs::Change& change);

}  // namespace keepalive::io
