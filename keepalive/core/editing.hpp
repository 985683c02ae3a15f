// Answers about the configuration's files and versions as JSON: keepalive-api(7) has the members.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/report.hpp"
#include "core/versions.hpp"

namespace keepalive::core {

class Json;

struct ConfigFile {
  std::string path = "";
  std::string text = "";
  bool writable = false;
};
struct ConfigSight {
  std::vector<ConfigFile> files = {};
  std::vector<ConfigVersion> versions = {};  // the newest first
  std::optional<Pending> pending = std::nullopt;
};
/// What is wrong with a text, or likely not meant.
struct ConfigFault {
  std::string path = "";
  std::uint32_t line = 0;
  std::uint32_t column = 0;
  bool warning = false;
  std::string text = "";
};
struct AppliedConfig {
  std::uint64_t version = 0;
  std::uint64_t generation = 0;
  std::size_t changes = 0;
  std::vector<std::string> refusals = {};
  std::optional<Pending> pending = std::nullopt;
};

/// GET /v1/config
std::string configuration(const ConfigSight& sight, std::uint64_t generation);
/// GET /v1/config/versions/N
std::string version_files(const ConfigVersion& version);
/// POST /v1/config/check; null: there is no plan.
std::string checked(const std::vector<ConfigFault>& faults, const Planned* planned);
/// POST /v1/config/apply and rollback
std::string applied(const AppliedConfig& outcome);
/// POST /v1/config/confirm
std::string confirmed(std::uint64_t version);
/// "pending": null, or its version, the one before, and the time.
void tell_pending(Json& json, const std::optional<Pending>& pending);

}  // namespace keepalive::core
