// ldirectord.cf as statements: "key = value", those of a virtual service inside it.
#pragma once

#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <vector>

#include "import/tree.hpp"

namespace keepalive::import {

/// Two words each, the key and its value; with a remark a line that is neither, or an option without a service.
std::vector<Node> read_ldirectord(std::string_view file, std::string_view text);

/// "10.0.0.1:80", "[fd00::1]:80", "10.0.0.1->10.0.0.9:80", without a port perhaps.
struct Place {
  std::string first = "";
  std::string last = "";  // empty: there is no range
  std::string port = "";
};
/// Errors: why it is none, and for a name what to write instead.
tl::expected<Place, std::string> read_virtual_place(std::string_view text);
/// The same of a server, which no other than a host can be.
tl::expected<Place, std::string> read_server_place(std::string_view text);
bool is_ipv6(std::string_view address);

}  // namespace keepalive::import
