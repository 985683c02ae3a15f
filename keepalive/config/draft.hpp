// A configuration while it is read: values beside the names that are not resolved yet, each with its place.
#pragma once

#include <deque>
#include <initializer_list>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/ini.hpp"
#include "config/model.hpp"

namespace keepalive::config {

/// The keys that a section has, each with its first entry, whether its value is good or not.
class Given {
 public:
  /// The entry that stood there before; null: none.
  const base::ini::Entry* add(const base::ini::Entry& entry) {
    const auto [place, fresh] = entries_.emplace(entry.key, &entry);
    return fresh ? nullptr : place->second;
  }
  void spoil(std::string_view key) { faulty_.insert(key); }

  /// Null: not given.
  const base::ini::Entry* find(std::string_view key) const {
    const auto found = entries_.find(key);
    return found == entries_.end() ? nullptr : found->second;
  }
  bool contains(std::string_view key) const { return entries_.contains(key); }
  /// Whether none of these has a fault.
  bool sound(std::initializer_list<std::string_view> keys) const {
    for (const std::string_view key : keys)
      if (faulty_.contains(key)) return false;
    return true;
  }
  bool sound() const { return faulty_.empty(); }

 private:
  std::map<std::string_view, const base::ini::Entry*> entries_ = {};
  std::set<std::string_view> faulty_ = {};
};

/// A part of an entry's value.
struct Spot {
  const base::ini::Entry* entry = nullptr;
  std::size_t offset = 0;

  friend auto operator<=>(const Spot&, const Spot&) = default;
};

/// A name of something else, and where it stands.
struct Reference {
  std::string name = "";
  Spot spot = {};
};

/// An address of a service, spread out.
struct Listen {
  ipvs::VipKey key = {};
  Spot spot = {};
};

struct CheckDraft {
  Given given = {};
  bool sound = true;  // its type is known
  const base::ini::Section* section = nullptr;
};

/// Small, for there may be tens of thousands.
struct ServerDraft {
  Server server = {};
  std::unique_ptr<std::vector<Reference>> checks = nullptr;  // null: the pool's
  const base::ini::Entry* entry = nullptr;
  bool sound = true;  // its options are good
};

struct PoolDraft {
  Pool pool = {};
  std::vector<Reference> checks = {};
  std::vector<ServerDraft> servers = {};
  std::optional<ServerDraft> sorry_server = std::nullopt;
  const base::ini::Section* section = nullptr;  // null: only its name is known
  Given given = {};
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

struct VrrpDraft {
  Vrrp vrrp = {};
  std::optional<ipvs::Family> family = std::nullopt;
  bool virtual_mac = false;                     // by an interface of our own naming
  std::vector<Spot> tracks = {};                // of vrrp.router.track
  const base::ini::Section* section = nullptr;  // null: only its name is known
  Given given = {};
};

struct HeartbeatDraft {
  vrrp::Heartbeat heartbeat = {};
  const base::ini::Section* section = nullptr;
  Given given = {};
};

struct WitnessDraft {
  vrrp::Witness witness = {};
  const base::ini::Section* section = nullptr;
  Given given = {};
};

struct Draft {
  Config config = {};
  std::vector<CheckDraft> checks = {};  // of config.checks
  std::deque<PoolDraft> pools = {};
  std::deque<ServiceDraft> services = {};
  std::deque<VrrpDraft> vrrps = {};
  std::deque<HeartbeatDraft> heartbeats = {};
  std::deque<WitnessDraft> witnesses = {};
  std::map<std::string, Given> plain = {};      // of sections without a name
  const base::ini::Section* sync = nullptr;     // [sync]
  const base::ini::Section* monitor = nullptr;  // [monitor]
};

}  // namespace keepalive::config
