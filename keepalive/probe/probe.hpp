// One run of a check against one server. It never waits: it is called when its socket has something, and tells what
// it found as soon as it knows; the prober ends it when its time is over.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "ipvs++/address.hpp"
#include "ipvs++/service.hpp"
#include "probe/evidence.hpp"
#include "probe/fd.hpp"
#include "probe/plan.hpp"

namespace keepalive::probe {

class Poller;

using Sockets = std::vector<Fd>;

struct Task {
  Poller* poller = nullptr;
  std::uint64_t token = 0;  // under which the poller tells of its socket
  std::shared_ptr<const Plan> plan = nullptr;
  ipvs::Endpoint endpoint = {};
  ipvs::Fwmark mark = {};
  ipvs::Endpoint behind = {};                  // the server that a marked probe shall reach
  std::string host = "";                       // http: default of the check's
  std::unique_ptr<Sockets> sockets = nullptr;  // the director's; null: the probe opens its own

  const Check& check() const { return plan->check; }
};

using Found = std::optional<Finding>;  // nothing: it goes on

class Probe {
 public:
  explicit Probe(Task task) : task_{std::move(task)} {}
  Probe(const Probe&) = delete;
  Probe& operator=(const Probe&) = delete;
  virtual ~Probe() = default;

  virtual Found start() = 0;
  /// `events`: of epoll(7).
  virtual Found ready(std::uint32_t events) = 0;
  /// The check's timeout is over.
  virtual Finding expired() {
    return {.fact = Fact::late, .number = static_cast<std::int32_t>(task_.check().timeout.count())};
  }

 protected:
  const Task& task() const { return task_; }
  const Check& check() const { return task_.plan->check; }

 private:
  Task task_;
};

}  // namespace keepalive::probe
