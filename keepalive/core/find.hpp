// A server by the words that people use.
#pragma once

#include <string>
#include <string_view>
#include <tl/expected.hpp>

#include "config/model.hpp"
#include "core/probes.hpp"

namespace keepalive::core {

/// "pool/server"; a name, an endpoint or an address alone when only one pool has it.
/// Error: "no server is called `x'; did you mean `y'?", "`b' is ambiguous: web/b, mail/b".
tl::expected<ServerRef, std::string> find_server(const Config& config, std::string_view word);

/// "no virtual router is called `x'; did you mean `y'?"
std::string no_router(const Config& config, std::string_view name);

/// Whether the word, with or without "pool/", is this server's name, endpoint or address.
bool called(const Pool& pool, const Server& server, std::string_view word);

}  // namespace keepalive::core
