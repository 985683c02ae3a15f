// What one run of a probe found, kept small and without words until someone is told: most findings never are.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/verdict.hpp"

namespace keepalive::probe {

enum class Fact : std::uint8_t {
  connected,  // in so much time
  answered,   // in so much time
  status,     // number: of an HTTP answer
  quiet,      // nothing came, as it should be
  weight,     // number
  late,       // number: milliseconds that were not enough
  system,     // number: an errno
  said,       // text
  lacking,    // it takes one more socket of the director's
  unable,     // we could not probe, which says nothing of the server; number: an errno, or 0 and text
};

struct Finding {
  bool good = false;
  Fact fact = Fact::said;
  std::int32_t number = 0;
  std::string text = "";  // said: all of it; else what is to be added
  std::optional<std::int32_t> weight = std::nullopt;
  core::Certificate certificate = {};

  friend bool operator==(const Finding&, const Finding&) = default;
};

Finding success(Fact fact, std::int32_t number = 0);
Finding fault(std::string text);
/// The fault is on our side: the state of the server stays what it is.
Finding unable(std::string text);
/// A socket of the director's is missing.
Finding lacking();
/// An errno; one that speaks of us becomes Fact::unable.
Finding system_fault(int error);

/// "connection refused".
std::string print_error(int error);
/// One line that a person understands: "connected in 0.4 ms".
std::string describe(const Finding& finding, std::chrono::microseconds latency);
/// "0.4 ms", "1 s".
std::string print_duration(std::chrono::microseconds time);
/// Foreign text fit to be shown: printable ASCII, cut.
std::string clean(std::string_view foreign, std::size_t longest = 80);

}  // namespace keepalive::probe
