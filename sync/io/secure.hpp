// The channel between two agents: TLS 1.3 in which each proves itself to the other, by a shared secret or by
// certificates of one authority.
#pragma once

#include <boost/asio/ssl/context.hpp>
#include <memory>
#include <string>
#include <tl/expected.hpp>

#include "sync/settings.hpp"

namespace ipvs::sync {

enum class Side : std::uint8_t { asks, answers };

/// Errors, as a sentence: a certificate or key that cannot be used; neither secrets nor certificates.
tl::expected<std::shared_ptr<boost::asio::ssl::context>, std::string> secure_context(const AgentSettings& settings,
                                                                                     Side side);

/// Whether a finished handshake has shown that the other side has the secret, where the context has one. Certificates
/// are looked at in the handshake itself.
bool proven(const SSL& connection);

}  // namespace ipvs::sync
