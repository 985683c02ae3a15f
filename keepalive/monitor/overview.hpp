// What changed from one overview of a director to the next, as viewers are told of it; and rates out of counters. Pure.
#pragma once

#include <array>
#include <boost/json/object.hpp>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "core/verdict.hpp"

namespace keepalive::monitor {

struct Change {
  bool all = false;                   // so much that it is better read anew
  boost::json::object state = {};     // members of an overview; of services and pools the elements that changed
  boost::json::object services = {};  // name: active, inactive and five rates
  boost::json::object servers = {};   // "pool/server": active, inactive
};
Change compare(const boost::json::object& before, const boost::json::object& now);

/// Turns each service's `counters` (connections, packets in and out, bytes in and out) into `rates` a second.
class Rates {
 public:
  void apply(boost::json::object& overview, core::Time now);

 private:
  using Counters = std::array<std::uint64_t, 5>;
  std::map<std::string, Counters, std::less<>> before_ = {};
  core::Time taken_ = {};
};

/// Those of an object that are there and of their kind; what a director says is not trusted to be.
const boost::json::array& items(const boost::json::object& object, std::string_view name);
std::string_view text(const boost::json::object& object, std::string_view name);

/// How often to ask: every second, but never for more than 2 % of the time.
class Pace {
 public:
  /// An answer took so long.
  void took(core::Time cost, core::Time now);
  /// Something has happened: sooner, if there is any time left.
  void hurry(core::Time now);
  core::Time next() const { return next_; }

 private:
  core::Time spare_ = {};
  core::Time next_ = {};
  core::Time last_ = {};
};

}  // namespace keepalive::monitor
