// How the monitor speaks TLS: 1.2 at least, as server and as client of other monitors.
#pragma once

#include <memory>
#include <string>
#include <tl/expected.hpp>

struct ssl_ctx_st;
struct ssl_session_st;

namespace keepalive::monitor {

using TlsContext = std::shared_ptr<ssl_ctx_st>;
/// What spares a client's next connection to the same server most of the handshake.
using TlsSession = std::shared_ptr<ssl_session_st>;
using MadeContext = tl::expected<TlsContext, std::string>;

struct ServerTls {
  std::string certificate = "";  // PEM text, with those between it and the root
  std::string key = "";          // PEM text
  std::string client_ca = "";    // PEM text, revocation lists as well; empty: clients are not asked for one
  // Where they stand, for what is said of them; empty: in no file.
  std::string certificate_path = "";
  std::string key_path = "";
  std::string client_ca_path = "";
};
/// Errors, as a sentence: what cannot be used.
MadeContext server_context(const ServerTls& settings);
/// `ca`: PEM text that the server's certificate must come from; empty: any is taken, and compared by its fingerprint.
MadeContext client_context(const std::string& ca);

}  // namespace keepalive::monitor
