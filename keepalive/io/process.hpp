// Programs started by the launcher: our own roles, and what the configuration names.
#pragma once

#include <sys/types.h>

#include <map>
#include <optional>
#include <string>
#include <tl/expected.hpp>
#include <vector>

namespace keepalive::io {

struct Spawn {
  std::vector<std::string> argv = {};                                            // a whole path first
  std::optional<std::map<std::string, std::string>> environment = std::nullopt;  // absent: ours
  std::string user = "";                                                         // empty: stays who we are
  int keep_fd = -1;                                                              // stays open, under its number
  int input = -1;          // becomes stdin; -1: nothing, when there is an output
  int output = -1;         // becomes stdout and stderr; -1: ours
  bool own_group = false;  // of processes, so that all can be killed together
};

/// The process that runs it, or what could not be done.
tl::expected<pid_t, std::string> spawn(const Spawn& what);

/// The path of our own program.
std::string own_program();
/// That of one that is installed beside it.
std::string beside_us(const std::string& name);
/// What of our environment the roles get: the rest may hold secrets of the configuration.
std::map<std::string, std::string> role_environment();
/// As many descriptors as we may have: sockets of probes.
void raise_descriptor_limit();
bool user_exists(const std::string& name);

}  // namespace keepalive::io
