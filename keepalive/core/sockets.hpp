// Sockets that the director opens for probers, which have no right to: those that mark packets, and ping sockets. The
// prober names the target only; what its socket is like follows from the configuration. Pure.
#pragma once

#include <cstdint>
#include <optional>

#include "config/model.hpp"
#include "core/verdict.hpp"
#include "ipvs++/address.hpp"
#include "ipvs++/service.hpp"

namespace keepalive::core {

constexpr std::uint32_t most_sockets = 64;  // of one probe

struct SocketNeed {
  enum class Kind : std::uint8_t { stream, datagram, ping };
  Kind kind = Kind::stream;
  ipvs::Family family = ipvs::Family::ipv4;
  ipvs::Fwmark mark = {};

  friend bool operator==(const SocketNeed&, const SocketNeed&) = default;
};

/// What a probe of this check needs of the director; nothing: it opens its sockets itself. `path`: the mark of a probe
/// through the path; 0: none.
std::optional<SocketNeed> socket_need(const Check& check, ipvs::Family family, ipvs::Fwmark path);

/// How many sockets a prober is given in a second: more than probes can use, fewer than would keep the director busy.
class Allowance {
 public:
  static constexpr std::uint32_t a_second = 20'000;

  bool take(std::uint32_t count, Time now);

 private:
  Time begin_{0};
  std::uint32_t taken_ = 0;
};

}  // namespace keepalive::core
