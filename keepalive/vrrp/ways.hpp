// The routes and rules of those who are master: added and removed as the router says, tried again where the kernel
// refused them, and put back when somebody takes them away.
#pragma once

#include <functional>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "core/vrrp/messages.hpp"
#include "net/edits.hpp"
#include "net/links.hpp"

namespace keepalive::vrrp_role {

class Ways {
 public:
  using Tell = std::function<void(const core::vrrp::Holding&)>;

  /// `tell`: the launcher, of what it must undo.
  explicit Ways(Tell tell) : tell_{std::move(tell)} {}

  void take(const core::vrrp::Lay& order, const net::Links& links, net::Edits& edits);
  /// Adds what is missing. At most some ms where there are a hundred.
  void mend(const net::Links& links, net::Edits& edits);
  /// What `links` must look after so that mend() can tell.
  std::set<net::RouteKey> keys() const;

 private:
  struct Has {
    core::vrrp::Lay order = {};  // in force
    std::vector<net::Route> routes = {};
    std::vector<net::Rule> rules = {};
    std::vector<net::Route> seen = {};  // of the routes, those that the kernel has told of
  };
  void look_for(Has& has, const net::Links& links);
  void add_routes(Has& has, const net::Links& links, net::Edits& edits);
  void add_rules(Has& has, net::Edits& edits);
  void refuse(const core::vrrp::Lay& order, const std::string& what, int error);
  template <class T>
  void remove(std::vector<T> gone, net::Edits& edits);

  Tell tell_;
  std::map<std::string, Has> all_ = {};                         // by instance
  std::set<std::pair<std::string, std::string>> refused_ = {};  // instance and what, told of
};

}  // namespace keepalive::vrrp_role
