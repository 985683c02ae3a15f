// A configuration while it is read: values beside the names that are not resolved yet, each with its place.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/ini.hpp"
#include "config/model.hpp"

namespace keepalive::config {

/// The keys that a section has, each with its first entry.
using Given = std::map<std::string, const base::ini::Entry*, std::less<>>;

/// A name of something else, and where it stands.
struct Reference {
  std::string name = "";
  const base::ini::Entry* entry = nullptr;
};

/// An address of a service, spread out.
struct Listen {
  ipvs::VipKey key = {};
  const base::ini::Entry* entry = nullptr;
};

struct PoolDraft {
  Pool pool = {};
  std::vector<Reference> checks = {};
  const base::ini::Section* section = nullptr;
  Given given = {};
  std::vector<const base::ini::Entry*> servers = {};  // of pool.servers
};

struct ServiceDraft {
  VirtualServer service = {};
  std::vector<Listen> addresses = {};
  std::optional<ipvs::Protocol> protocol = std::nullopt;
  std::optional<std::uint32_t> fwmark = std::nullopt;
  std::optional<std::uint32_t> mark = std::nullopt;
  ipvs::Family family = ipvs::Family::ipv4;
  std::set<std::string_view> flags_of = {};  // schedulers that the flags' words name
  bool mask_is_prefix = false;
  Reference pool = {};
  const base::ini::Section* section = nullptr;
  Given given = {};
};

struct Draft {
  Config config = {};
  std::vector<PoolDraft> pools = {};
  std::vector<ServiceDraft> services = {};
  std::map<std::string, Given> plain = {};  // of sections without a name
};

}  // namespace keepalive::config
