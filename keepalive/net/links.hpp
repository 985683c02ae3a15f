// What the kernel says of its interfaces, addresses and routes, now and whenever it changes.
#pragma once

#include <boost/asio/io_context.hpp>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string_view>

#include "net/outcome.hpp"
#include "net/values.hpp"

namespace keepalive::net {

/// A route of this kind to exactly this prefix in this table; one of unicast counts where its link works.
struct RouteKey {
  Prefix destination = {};
  std::uint32_t table = main_table;
  RouteKind kind = RouteKind::unicast;
  std::optional<std::uint32_t> metric = std::nullopt;  // nothing: any

  friend auto operator<=>(const RouteKey&, const RouteKey&) = default;
};

/// All that changed since the last time. What stands here was looked at last; ask Links how it is now.
struct Change {
  std::set<Index> links = {};            // new, changed or gone
  std::set<HeldAddress> addresses = {};  // new or gone
  bool routes = false;                   // a watched route came or went

  bool empty() const { return links.empty() && addresses.empty() && !routes; }
  friend bool operator==(const Change&, const Change&) = default;
};

class Links {
 public:
  using Changed = std::function<void(const Change&)>;

  /// Follows the kernel. The first call of `changed` comes when everything has been read once; later ones when
  /// something changed, one for as many messages as lay there (at most 8 datagrams a turn of the loop, some 1 ms).
  /// `changed` is called from the loop and may destroy this. Messages that are lost make it read everything again.
  /// Changes by Edits of this process are heard like all others. Errors: those of socket(2) and bind(2).
  static Outcome<std::unique_ptr<Links>> open(boost::asio::io_context& io, Changed changed);

  Links(const Links&) = delete;
  Links& operator=(const Links&) = delete;
  ~Links();

  /// Everything was read once.
  bool ready() const;
  const std::map<Index, Link>& links() const;
  const std::set<HeldAddress>& addresses() const;
  /// Null: no such interface.
  const Link* find(std::string_view name) const;
  const Link* find(Index index) const;
  bool holds(const HeldAddress& address) const;

  /// From now on these routes are looked after, no others; `changed` tells when that is known. A route's table is read
  /// as a whole when one of them or a link changes.
  void watch(std::set<RouteKey> routes);
  /// False too while it is not known yet.
  bool has(const RouteKey& route) const;

 private:
  struct State;
  explicit Links(std::shared_ptr<State> state);
  std::shared_ptr<State> state_;
};

}  // namespace keepalive::net
