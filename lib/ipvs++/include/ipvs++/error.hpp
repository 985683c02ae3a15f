// Why something was refused: the kernel's errno as it came, what was tried, and on what.
#pragma once

#include <cstdint>
#include <iosfwd>
#include <string>
#include <string_view>
#include <tl/expected.hpp>

namespace ipvs {
inline namespace [[gnu::visibility("default")]] v0 {

enum class Operation : std::uint8_t {
  open_namespace,
  connect,      ///< open the netlink socket
  find_family,  ///< ask the kernel for generic netlink family IPVS
  get_info,
  get_timeouts,
  set_timeouts,
  list_services,
  get_service,
  add_service,
  edit_service,
  remove_service,
  list_destinations,
  add_destination,
  edit_destination,
  remove_destination,
  list_daemons,
  start_daemon,
  stop_daemon,
  zero,
  flush,
  list_connections,
};

/// Codes that this library adds to the kernel's own:
///   EINTR    a dump was interrupted by changes, again and again; any other request: by a signal
///   EBADMSG  the kernel's answer does not have the form that <linux/ip_vs.h> describes
///   ENOBUFS  the answers did not fit in the socket's receive buffer; some are lost
struct Error {
  int code = 0;  ///< errno, positive, exactly as the kernel gave it
  Operation operation = {};
  std::string subject = "";  ///< "TCP 192.0.2.1:80", "192.0.2.7:80 of TCP 192.0.2.1:80", or empty

  /// IPVS is neither built in nor loadable as module ip_vs.
  bool ipvs_missing() const;
  /// The caller lacks CAP_NET_ADMIN in the initial user namespace.
  bool privilege_missing() const;
  /// A sentence for people, without a final period: "cannot add service TCP 192.0.2.1:80: it exists already".
  std::string message() const;

  friend bool operator==(const Error&, const Error&) = default;
};

template <class T>
using Result = tl::expected<T, Error>;

/// The words of Error::message(): "add service", "list connections".
std::string_view to_string(Operation operation);
std::ostream& operator<<(std::ostream& out, const Error& error);

}  // namespace gnu::visibility("default")]]v0
}  // namespace ipvs
