// What is known of one director, kept up to date by answers about all of it or some, and what viewers are told of the
// difference. Pure.
#pragma once

#include <boost/json/object.hpp>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <unordered_map>

#include "core/verdict.hpp"

namespace keepalive::monitor {

struct Change {
  bool all = false;                                       // so much that it is better read anew
  boost::json::object state = {};                         // members; of services and pools the elements that changed
  boost::json::object services = {};                      // name: active, inactive and five rates
  std::map<std::string, boost::json::object> pools = {};  // of each: "pool/server": active, inactive
};

/// Between two answers about all of a director.
Change compare(const boost::json::object& before, const boost::json::object& now);

class View {
 public:
  /// An answer about everything. The first one changes nothing.
  Change take(boost::json::object whole);
  /// One about some pools, their services, the rates of all services and whatever is neither. If `all` is set, it does
  /// not fit what is known, and nothing was taken.
  Change add(boost::json::object part);

  bool known() const { return known_; }
  const boost::json::object& overview() const { return overview_; }
  /// The pool that an entry of the journal about this object touches; empty: none.
  std::string pool_of(std::string_view object) const;
  /// All connections of a pool's servers, as in Change::pools.
  boost::json::object figures(const std::string& pool) const;

 private:
  using Places = std::unordered_map<std::string, std::size_t>;
  bool fits(const boost::json::object& part) const;
  void add_services(boost::json::object& part, Change& change);
  void add_rates(const boost::json::object& part, Change& change);
  void add_pools(boost::json::object& part, Change& change);

  boost::json::object overview_ = {};
  Places services_ = {};
  Places pools_ = {};
  bool known_ = false;
};

/// Those of an object that are there and of their kind; what a director says is not trusted to be.
const boost::json::array& items(const boost::json::object& object, std::string_view name);
std::string_view text(const boost::json::object& object, std::string_view name);
std::uint64_t number(const boost::json::object& object, std::string_view name);
/// Of an answer that says so; no more than a minute, whatever it says.
core::Time told_cost(std::uint64_t microseconds);

/// How often to ask: every second, but never for more than a share of the time.
class Pace {
 public:
  /// A `share`th of it.
  explicit Pace(int share) : share_{share} {}
  /// An answer took so long.
  void took(core::Time cost, core::Time now);
  /// Another answer made this one needless.
  void skip(core::Time now);
  /// Something has happened: sooner, if there is any time left.
  void hurry(core::Time now);
  core::Time next() const { return next_; }

 private:
  int share_;
  core::Time spare_ = {};
  core::Time next_ = {};
  core::Time last_ = {};
};

}  // namespace keepalive::monitor
