// The servers of a virtual_server, and what a pool needs to know of them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "import/probing.hpp"
#include "import/site.hpp"

namespace keepalive::import {

/// How packets get to servers: of a service, or of one server.
struct Way {
  std::string forward = "";  // empty: not said
  std::string tunnel = "";   // empty: ipip
  std::string port = "";
  std::string checksum = "";

  friend bool operator==(const Way&, const Way&) = default;
};

/// lvs_method and lb_kind: "TUN type gue port 6080 csum", from its second word on.
std::optional<Way> read_way(Desk& desk, const Node& node);
/// Its options on a server's line.
std::string way_options(const Way& way);

struct Server {
  std::string place = "";  // address and port
  std::string address = "";
  std::string options = "";
  std::uint64_t weight = 1;
  std::vector<std::string> checks = {};
  std::vector<std::string> comments = {};  // that stand before its line
  bool down_first = false;                 // alpha
  bool quiesce = false;                    // inhibit_on_failure
  bool dynamic = false;                    // something says its weight
};

/// What the service says that counts for its servers.
struct Frame {
  std::string port = "";  // the service's; empty: none, or several
  bool several = false;   // ports
  Way way = {};
  Timing timing = {};
};

inline constexpr std::string_view no_servers = "has no server here, which a pool needs: the whole service is left out";

/// A service without servers, or without a place, is left out.
void leave_out(Desk& service, Section& pool, const Node& node, std::string_view why);

/// Nothing: it can be no server, which is remarked on.
std::optional<Server> take_server(Site& site, Section& pool, const Node& node, const Frame& frame);
/// The one that serves when no other does; its way is said apart.
std::optional<Server> take_sorry_server(Desk& pool, const Node& node, const Frame& frame, const Way& way);

}  // namespace keepalive::import
