#include "messages.hpp"

#include <fmt/format.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <initializer_list>
#include <string_view>

namespace ipvsadm {
namespace {

using ipvs::Operation;

struct Words {
  std::initializer_list<Operation> operations;  // none: any
  int code;
  std::string_view text;
};

constexpr auto server_edits = {Operation::add_destination, Operation::edit_destination, Operation::remove_destination};

// The first row that fits is taken.
const std::array<Words, 18> texts = {{
    {{Operation::add_service}, EEXIST, "Service already exists"},
    {{Operation::add_service, Operation::edit_service}, ENOENT, "Scheduler or persistence engine not found"},
    {{Operation::edit_service, Operation::remove_service, Operation::zero, Operation::get_service},
     ESRCH,
     "No such service"},
    {server_edits, ESRCH, "Service not defined"},
    {server_edits, EEXIST, "Destination already exists"},
    {server_edits, ENOENT, "No such destination"},
    {{Operation::start_daemon}, EEXIST, "Daemon has already run"},
    {{Operation::stop_daemon}, ESRCH, "No daemon is running"},
    {{}, EPERM, "Permission denied (you must be root)"},
    {{}, EINVAL, "Invalid operation.  Possibly wrong module version, address not unicast, ..."},
    {{}, ENOPROTOOPT, "Protocol not available"},
    {{}, ENOMEM, "Memory allocation problem"},
    {{}, EOPNOTSUPP, "Operation not supported with IPv6"},
    {{}, EAFNOSUPPORT, "Operation not supported with specified address family"},
    {{}, EMSGSIZE, "Module is wrong version"},
    {{}, EINTR, "The table changes faster than it can be read; try again"},
    {{}, EBADMSG, "The kernel's answer has an unknown form"},
    {{}, ENOBUFS, "Answers of the kernel were lost; look at the table before you go on"},
}};

bool fits(const Words& words, const ipvs::Error& error) {
  if (words.code != error.code) return false;
  for (const Operation operation : words.operations)
    if (operation == error.operation) return true;
  return words.operations.size() == 0;
}

}  // namespace

std::string message(const ipvs::Error& error) {
  for (const Words& words : texts)
    if (fits(words, error)) return std::string{words.text};
  return std::strerror(error.code);
}

std::string cannot_initialize(const ipvs::Error& error) {
  std::string reason = error.privilege_missing() ? "Permission denied (you must be root)"
                       : error.ipvs_missing()    ? "Protocol not available"
                                                 : message(error);
  return fmt::format(
      "Can't initialize ipvs: {}\nAre you sure that IP Virtual Server is built in the kernel or as module?", reason);
}

}  // namespace ipvsadm
