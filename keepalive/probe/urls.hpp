// libcurl's multi handle in the prober's loop: transfers are added, and come back when they are done.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "core/verdict.hpp"
#include "probe/socket.hpp"

namespace keepalive::probe {

/// An easy handle and its multi handle, as curl/curl.h has them.
using CurlEasy = void*;
using CurlMulti = void*;

/// What moves a transfer on: events of its socket, or the clock as well. LDAP needs the clock: libcurl 7.88 watches no socket
/// between connection and search, and takes one message of a TLS record only (curl/curl#13998, #9580).
enum class Pace { events, clock };

class Urls {
 public:
  /// Tells the poller of its sockets under this token.
  Urls(Poller& poller, std::uint64_t token);
  Urls(const Urls&) = delete;
  Urls& operator=(const Urls&) = delete;
  ~Urls();

  /// Starts a transfer. Its CURLOPT_PRIVATE is a Transfer, whose token comes back from done().
  void add(CurlEasy easy, Pace pace);
  /// Ends it, wherever it stands, without another word to the server.
  void remove(CurlEasy easy);
  /// Some of its sockets have something.
  void ready();
  /// When pass() wants to be called.
  std::optional<core::Time> deadline() const;
  void pass(core::Time now);
  /// Transfers that are done since the last time, by the tokens of their probes.
  std::vector<std::uint64_t> done();

 private:
  static int watch(CurlEasy easy, int fd, int what, void* self, void* known);
  static int set_deadline(CurlMulti multi, long milliseconds, void* self);

  Poller sockets_ = {};
  CurlMulti multi_;
  std::optional<core::Time> deadline_ = std::nullopt;
  std::vector<CurlEasy> clocked_ = {};
  core::Time step_ = {};     // when they are called next
  core::Time between_ = {};  // until the one after: doubles while none is added
};

/// Where a transfer tells its end; what CURLOPT_PRIVATE points to.
struct Transfer {
  std::uint64_t token = 0;
  std::optional<int> result = std::nullopt;  // a CURLcode
  int unwatched = 0;                         // the errno, if its socket could not be watched
};

}  // namespace keepalive::probe
