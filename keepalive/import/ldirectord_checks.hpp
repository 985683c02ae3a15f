// What ldirectord looks at, as checks of ours.
#pragma once

#include <string>

#include "import/site.hpp"

namespace keepalive::import {

/// Options that count for all services unless one says otherwise; null: not said.
struct Common {
  const Node* check_timeout = nullptr;
  const Node* negotiate_timeout = nullptr;
  const Node* interval = nullptr;
  const Node* failures = nullptr;
  const Node* count = nullptr;
  const Node* quiescent = nullptr;
  const Node* fallback = nullptr;
  const Node* fallback_command = nullptr;
};

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
  std::string virtual_address = "";
  std::string virtual_port = "";
};

/// The check's name; empty: there is none, and servers count as up. Remarks go to the desk, at the service's node.
std::string take_look(Desk& desk, const Node& node, const Look& look, const Common& common,
                      const std::string& server_address, const std::string& server_port);

}  // namespace keepalive::import
