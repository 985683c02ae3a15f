// The interfaces that carry virtual MACs: macvlans of our own making. Which of them are ours the kernel tells, by an
// alias that holds how the interface below was set before: so who comes after a crash can put things in order.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/vrrp/messages.hpp"
#include "net/edits.hpp"
#include "net/links.hpp"

namespace keepalive::vrrp_role {

class VirtualMacs {
 public:
  using Tell = std::function<void(const core::vrrp::Holding&)>;

  /// `owner`: of the alias, another one for each daemon of a host. `tell`: the launcher, of what it must undo.
  VirtualMacs(const std::string& instance, Tell tell)
      : owner_{instance.empty() ? "keepalive" : "keepalive-" + instance}, tell_{std::move(tell)} {}

  /// From now on these are wanted, and no others.
  void want(const std::vector<vrrp::Instance>& instances);
  /// Makes those that are missing, where their interface is there. False: `links` have not heard of all of them yet.
  bool make(const net::Links& links, net::Edits& edits);
  /// Removes those of ours that nobody wants, and sets the interface below as it was.
  void clean(const net::Links& links, net::Edits& edits);

 private:
  struct Wanted {
    std::string lower = "";
    net::Mac mac = {};
  };
  std::optional<net::ArpSettings> noted(const net::Link& link) const;
  bool is(const net::Link& link, const net::Link& lower, const Wanted& wanted) const;
  int make_one(const std::string& name, const Wanted& wanted, const net::Links& links, net::Edits& edits);
  int prepare(net::Index lower, const net::Links& links, net::Edits& edits);
  void restore(net::Index lower, const net::Links& links, net::Edits& edits);

  std::string owner_;
  Tell tell_;
  std::map<std::string, Wanted> wanted_ = {};
  std::map<std::string, net::Index> made_ = {};
  std::map<net::Index, net::ArpSettings> before_ = {};  // how the interfaces below were set
  std::map<std::string, int> refused_ = {};             // and told of
};

}  // namespace keepalive::vrrp_role
