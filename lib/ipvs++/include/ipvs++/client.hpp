// Every request to the kernel's IPVS, over one generic netlink socket.
//
//   auto client = ipvs::Client::open();
//   if (!client) return complain(client.error().message());
//   const auto services = client->services();
//   for (const ipvs::ServiceEntry& entry : services.value()) …
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "ipvs++/daemon.hpp"
#include "ipvs++/destination.hpp"
#include "ipvs++/error.hpp"
#include "ipvs++/info.hpp"
#include "ipvs++/service.hpp"
#include "ipvs++/table.hpp"

namespace ipvs {
inline namespace [[gnu::visibility("default")]] v0 {

/// A network namespace by a path that opens it: /run/netns/NAME or /proc/PID/ns/net.
struct Netns {
  std::string path = "";

  /// The namespace that `ip netns add NAME` made.
  static Netns named(const std::string& name) { return {"/run/netns/" + name}; }
};

/// An edit of apply() that the kernel refused; `index` counts in the span given.
struct Refusal {
  std::size_t index = 0;
  Error error = {};

  friend bool operator==(const Refusal&, const Refusal&) = default;
};

/// One connection to the kernel. Move-only; one thread at a time. Every call blocks until the kernel has
/// answered. The kernel asks CAP_NET_ADMIN of the initial user namespace for all of them, EPERM otherwise.
/// Other common errors: ENOMEM; EINTR, EBADMSG and ENOBUFS as error.hpp says.
/// Source: linux net/netfilter/ipvs/ip_vs_ctl.c.
class [[nodiscard]] Client final {
 public:
  /// In the caller's network namespace. Asking for the family makes the kernel load ip_vs by itself.
  /// Errors: ipvs_missing(), or the errno of socket(2).
  static Result<Client> open();
  /// In another network namespace; the caller's own stays. Errors: those of open(2) and setns(2) too.
  static Result<Client> open(const Netns& netns);

  Client(Client&&) noexcept;
  Client& operator=(Client&&) noexcept;
  ~Client();

  [[nodiscard]] Result<Info> info();
  [[nodiscard]] Result<Timeouts> timeouts();
  /// A member that is 0 keeps its value. Errors: EINVAL out of range.
  [[nodiscard]] Result<void> set_timeouts(const Timeouts& timeouts);

  /// All services in the kernel's order. A table that changes meanwhile may be read incompletely.
  [[nodiscard]] Result<std::vector<ServiceEntry>> services();
  /// Errors: ESRCH no such service.
  [[nodiscard]] Result<ServiceEntry> service(const ServiceKey& key);
  /// Errors: EEXIST; ENOENT unknown scheduler or persistence engine; EAFNOSUPPORT; EINVAL.
  [[nodiscard]] Result<void> add_service(const Service& service);
  /// Replaces every property. Errors: ESRCH no such service; ENOENT as for add_service().
  [[nodiscard]] Result<void> edit_service(const Service& service);
  /// Removes the service and its destinations. Errors: ESRCH.
  [[nodiscard]] Result<void> remove_service(const ServiceKey& key);

  /// Destinations of a service in the kernel's order; none when there is no such service.
  [[nodiscard]] Result<std::vector<DestinationEntry>> destinations(const ServiceKey& service);
  /// Errors: ESRCH no such service; EEXIST; EINVAL address not unicast; ERANGE weight or thresholds.
  [[nodiscard]] Result<void> add_destination(const ServiceKey& service, const Destination& destination);
  /// Replaces every property. Errors: ESRCH no such service; ENOENT no such destination; ERANGE.
  [[nodiscard]] Result<void> edit_destination(const ServiceKey& service, const Destination& destination);
  /// Errors: ESRCH no such service; ENOENT no such destination.
  [[nodiscard]] Result<void> remove_destination(const ServiceKey& service, const Endpoint& endpoint);

  /// Calls `visit` for each service with its destinations, without counters, as they are read one by one.
  [[nodiscard]] Result<void> visit_table(const std::function<void(TableService&&)>& visit);
  /// All of them.
  [[nodiscard]] Result<Table> table();
  /// Carries out the edits in order, many in each system call; one refused does not stop the rest.
  /// The value lists the refusals by index. An error of the call itself says that the outcome is unknown.
  [[nodiscard]] Result<std::vector<Refusal>> apply(std::span<const Change> changes);

  /// The running sync daemons: none, one, or one of each role.
  [[nodiscard]] Result<std::vector<Daemon>> daemons();
  /// Errors: EEXIST already running with this role; ENODEV no such interface; EINVAL; EADDRNOTAVAIL.
  [[nodiscard]] Result<void> start_daemon(const Daemon& daemon);
  /// Errors: ESRCH not running.
  [[nodiscard]] Result<void> stop_daemon(DaemonRole role);

  /// Sets the counters of every service and destination to 0.
  [[nodiscard]] Result<void> zero();
  /// Sets the counters of one service and its destinations to 0. Errors: ESRCH.
  [[nodiscard]] Result<void> zero(const ServiceKey& key);
  /// Removes every service of the namespace; timeouts and daemons stay.
  [[nodiscard]] Result<void> flush();

 private:
  class Implementation;
  explicit Client(std::unique_ptr<Implementation> implementation);

  std::unique_ptr<Implementation> implementation_;
};

}  // namespace gnu::visibility("default")]]v0
}  // namespace ipvs
