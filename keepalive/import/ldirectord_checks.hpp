// What ldirectord looks at, as checks of ours.
#pragma once

#include <cstdint>
#include <string>

#include "import/site.hpp"

namespace keepalive::import {

/// How a service is looked at. Texts without their quotes.
struct Look {
  std::string type = "negotiate";  // checktype
  std::string service = "";        // empty: what the port says
  std::string port = "";           // checkport
  std::string request = "";
  std::string receive = "";
  std::string method = "";
  std::string host = "";
  std::string command = "/bin/true";
  std::string login = "";
  std::string password = "";
  bool udp = false;
  std::uint64_t check_timeout = 5;  // seconds
  std::uint64_t negotiate_timeout = 30;
  std::uint64_t interval = 10;
  std::uint64_t failures = 1;
  std::uint64_t pings = 1;  // of a probe: checkcount
  std::string virtual_address = "";
  std::string virtual_port = "";
};

/// A server as its line names it, and the port where packets for it go; empty: it has none.
struct Target {
  std::string address = "";
  std::string written_port = "";
  std::string port = "";
};

/// The check's name; empty: there is none, and servers count as up. Remarks go to the desk, at the server's node.
std::string take_look(Desk& desk, const Node& node, const Look& look, const Target& target);

}  // namespace keepalive::import
