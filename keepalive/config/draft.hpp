// A configuration while it is read: values beside the names that are not resolved yet, each with its place.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/ini.hpp"
#include "config/model.hpp"

namespace keepalive::config {

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
  std::vector<const base::ini::Entry*> servers = {};  // of pool.servers
  const base::ini::Entry* sorry = nullptr;
  const base::ini::Entry* quorum = nullptr;
};

struct ServiceDraft {
  VirtualServer service = {};
  std::vector<Listen> addresses = {};
  std::optional<ipvs::Protocol> protocol = std::nullopt;
  std::optional<std::uint32_t> fwmark = std::nullopt;
  std::optional<std::uint32_t> mark = std::nullopt;
  ipvs::Family family = ipvs::Family::ipv4;
  Reference pool = {};
  bool tunnel_options = false;
  const base::ini::Section* section = nullptr;
};

struct Draft {
  Config config = {};
  std::vector<PoolDraft> pools = {};
  std::vector<ServiceDraft> services = {};
};

}  // namespace keepalive::config
