// The schema's rows of [monitor], the rules between them, and what is likely not meant.
#pragma once

#include <span>

#include "config/schema.hpp"
#include "config/teller.hpp"

namespace keepalive::config {

/// Where users stand unless `users` says otherwise.
inline constexpr const char* default_users = "/etc/keepalive/users";

std::span<const Key> monitor_keys();

void resolve_monitor(Draft& draft, Teller& tell);
/// Into `monitor`; a file that is not there has none. Fault: why it cannot be read.
Fault read_users_file(const FileReader& files, const std::string& path, Monitor& monitor);
/// Of a draft without faults, at its section.
Diagnostics monitor_warnings(const Draft& draft);

}  // namespace keepalive::config
