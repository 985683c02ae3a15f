#include "ipvs++/error.hpp"

#include <array>
#include <cerrno>
#include <cstring>
#include <ostream>

namespace ipvs {
inline namespace v0 {
namespace {

constexpr auto any_operation = static_cast<Operation>(0xff);

struct Words {
  Operation operation;
  int code;
  std::string_view text;
};

// The first row that fits speaks; strerror's words otherwise.
constexpr Words table[] = {
    {Operation::list_services, EINTR, "the kernel's table kept changing while it was read; try again"},
    {Operation::list_destinations, EINTR, "the kernel's table kept changing while it was read; try again"},
    {any_operation, EBADMSG, "the answer does not have the expected form"},
    {any_operation, ENOBUFS, "the receive buffer overflowed and answers were lost"},
    {Operation::open_namespace, ENOENT, "no such network namespace"},
    {Operation::open_namespace, EINVAL, "not a network namespace"},
    {Operation::set_timeouts, EINVAL, "a timeout is out of range"},
    {Operation::list_connections, ENOENT, "IPVS is missing from the kernel, or the file does not exist"},
    {Operation::get_service, ESRCH, "no such service"},
    {Operation::add_service, EEXIST, "it exists already"},
    {Operation::add_service, ENOENT, "no such scheduler or persistence engine"},
    {Operation::edit_service, ESRCH, "no such service"},
    {Operation::edit_service, ENOENT, "no such scheduler or persistence engine"},
    {Operation::remove_service, ESRCH, "no such service"},
    {Operation::add_destination, ESRCH, "no such service"},
    {Operation::add_destination, EEXIST, "it exists already"},
    {Operation::add_destination, ERANGE, "weight or thresholds out of range"},
    {Operation::edit_destination, ESRCH, "no such service"},
    {Operation::edit_destination, ENOENT, "no such destination"},
    {Operation::edit_destination, ERANGE, "weight or thresholds out of range"},
    {Operation::remove_destination, ESRCH, "no such service"},
    {Operation::remove_destination, ENOENT, "no such destination"},
    {Operation::start_daemon, EEXIST, "a daemon of this role runs already"},
    {Operation::start_daemon, ENODEV, "no such network interface"},
    {Operation::stop_daemon, ESRCH, "no daemon of this role runs"},
    {Operation::zero, ESRCH, "no such service"},
};

std::string_view words(Operation operation, int code) {
  for (const Words& row : table) {
    if (row.code == code && (row.operation == operation || row.operation == any_operation)) return row.text;
  }
  const char* text = strerrordesc_np(code);
  return text != nullptr ? text : "unknown error";
}

constexpr std::array names{
    "open network namespace",
    "connect to the kernel",
    "find IPVS in the kernel",
    "get info",
    "get timeouts",
    "set timeouts",
    "list services",
    "get service",
    "add service",
    "edit service",
    "remove service",
    "list destinations",
    "add destination",
    "edit destination",
    "remove destination",
    "list sync daemons",
    "start sync daemon",
    "stop sync daemon",
    "zero counters",
    "flush",
    "list connections",
};
static_assert(names.size() == static_cast<std::size_t>(Operation::list_connections) + 1);

}  // namespace

bool Error::ipvs_missing() const { return operation == Operation::find_family && code == ENOENT; }

bool Error::privilege_missing() const { return code == EPERM; }

std::string Error::message() const {
  if (ipvs_missing()) return "IPVS is missing from the kernel: neither built in nor loadable as module ip_vs";
  std::string text = "cannot ";
  text += to_string(operation);
  if (!subject.empty()) text += " " + subject;
  text += ": ";
  text += privilege_missing() ? "CAP_NET_ADMIN is missing" : words(operation, code);
  return text;
}

std::string_view to_string(Operation operation) {
  const auto index = static_cast<std::size_t>(operation);
  return index < names.size() ? names[index] : "carry out an unknown operation";
}

std::ostream& operator<<(std::ostream& out, const Error& error) { return out << error.message(); }

}  // namespace v0
}  // namespace ipvs
