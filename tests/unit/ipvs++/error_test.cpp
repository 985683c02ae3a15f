#include "ipvs++/error.hpp"

#include <doctest/doctest.h>

#include <cerrno>

using namespace ipvs;

TEST_CASE("a message is a sentence: what was tried, on what, what came back") {
  struct Row {
    Error error;
    const char* message;
  };
  const Row rows[] = {
      {{EEXIST, Operation::add_service, "TCP 192.0.2.1:80"}, "cannot add service TCP 192.0.2.1:80: it exists already"},
      {{ESRCH, Operation::remove_service, "FWM 7"}, "cannot remove service FWM 7: no such service"},
      {{ENOENT, Operation::add_service, "FWM 7"}, "cannot add service FWM 7: no such scheduler or persistence engine"},
      {{ENOENT, Operation::edit_destination, "192.0.2.7:80 of FWM 7"},
       "cannot edit destination 192.0.2.7:80 of FWM 7: no such destination"},
      {{EBADMSG, Operation::list_services}, "cannot list services: the answer does not have the expected form"},
      {{EINTR, Operation::list_destinations},
       "cannot list destinations: the kernel's table kept changing while it was read; try again"},
      {{ENOBUFS, Operation::add_service}, "cannot add service: the receive buffer overflowed and answers were lost"},
      {{ENOMEM, Operation::flush}, "cannot flush: Cannot allocate memory"},
      {{ENOENT, Operation::open_namespace, "/run/netns/x"},
       "cannot open network namespace /run/netns/x: no such network namespace"},
      {{99999, Operation::flush}, "cannot flush: unknown error"},
  };
  for (const Row& row : rows) CHECK(row.error.message() == row.message);
}

TEST_CASE("a kernel without IPVS is told in just those words") {
  const Error error{ENOENT, Operation::find_family};
  CHECK(error.ipvs_missing());
  CHECK(error.message() == "IPVS is missing from the kernel: neither built in nor loadable as module ip_vs");
  CHECK_FALSE(Error{ENOENT, Operation::add_service}.ipvs_missing());
  CHECK_FALSE(Error{EPERM, Operation::find_family}.ipvs_missing());
}

TEST_CASE("a missing privilege is told in just those words") {
  const Error error{EPERM, Operation::flush};
  CHECK(error.privilege_missing());
  CHECK(error.message() == "cannot flush: CAP_NET_ADMIN is missing");
  CHECK_FALSE(Error{EACCES, Operation::flush}.privilege_missing());
}

TEST_CASE("every operation has words") {
  for (int i = 0; i <= static_cast<int>(Operation::list_connections); ++i) {
    CHECK(!to_string(static_cast<Operation>(i)).empty());
  }
  CHECK(to_string(Operation::stop_daemon) == "stop sync daemon");
  CHECK(to_string(Operation::list_connections) == "list connections");
  CHECK(to_string(static_cast<Operation>(200)) == "carry out an unknown operation");
}
