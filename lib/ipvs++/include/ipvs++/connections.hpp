// The kernel's connection table, read from /proc as a stream: memory does not grow with it.
// The kernel hands out at most 4 kB a read and walks its table anew for each: 200,000 entries take a
// minute in a small machine. Read it seldom.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "ipvs++/address.hpp"
#include "ipvs++/error.hpp"
#include "ipvs++/service.hpp"

namespace ipvs {
inline namespace [[gnu::visibility("default")]] v0 {

/// One entry. A protocol number other than TCP, UDP, SCTP, AH and ESP may appear (IP: templates of marks).
struct Connection {
  Protocol protocol = Protocol::tcp;
  Endpoint client = {};
  Endpoint virtual_endpoint = {};
  Endpoint destination = {};
  std::string state = "";                     ///< "ESTABLISHED", "NONE", …
  Seconds expires = {};                       ///< until the entry is forgotten
  std::string persistence_engine = "";        ///< "sip", or empty
  std::string persistence_data = "";          ///< what the engine keys on, as the kernel prints it
  std::optional<bool> synced = std::nullopt;  ///< made by the sync daemon; absent in ConnectionFile::plain

  friend bool operator==(const Connection&, const Connection&) = default;
};

enum class ConnectionFile : std::uint8_t {
  plain,        ///< /proc/net/ip_vs_conn
  with_origin,  ///< /proc/net/ip_vs_conn_sync: origin, but no persistence engine
};

/// Reads entries one by one. Move-only; one thread at a time.
class [[nodiscard]] ConnectionReader final {
 public:
  /// Errors: ENOENT when IPVS is not there.
  static Result<ConnectionReader> open(ConnectionFile file = ConnectionFile::plain);
  /// Reads a file of either form from anywhere (tests, saved copies).
  static Result<ConnectionReader> open(const std::string& path, ConnectionFile file);

  ConnectionReader(ConnectionReader&&) noexcept;
  ConnectionReader& operator=(ConnectionReader&&) noexcept;
  ~ConnectionReader();

  /// Fills `connection` with the next entry, reusing its memory; false at the end.
  /// Errors: EBADMSG for a line of another form, named as subject; errno of read(2).
  [[nodiscard]] Result<bool> next(Connection& connection);

 private:
  class Implementation;
  explicit ConnectionReader(std::unique_ptr<Implementation> implementation);

  std::unique_ptr<Implementation> implementation_;
};

}  // namespace gnu::visibility("default")]]v0
}  // namespace ipvs
