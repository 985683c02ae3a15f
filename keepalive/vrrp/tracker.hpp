// Processes and routes that instances track: the kernel tells of routes, processes are looked for every second.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "core/vrrp/vocabulary.hpp"
#include "net/links.hpp"
#include "vrrp/processes.hpp"

namespace keepalive::vrrp_role {

class Tracker {
 public:
  /// `tell`: called for each thing at first, and whenever it comes or goes.
  Tracker(boost::asio::io_context& io, std::function<void(const core::vrrp::Tracked&)> tell)
      : timer_{io}, tell_{std::move(tell)} {}

  /// Looks after these, and no others.
  void want(const std::vector<vrrp::Instance>& instances);
  /// What `links` must look after for it.
  std::set<net::RouteKey> keys() const;
  /// A route may have come or gone.
  void look_at_routes(const net::Links& links);

 private:
  void look_at_processes();
  void go_on(const std::shared_ptr<ProcessSearch>& search);
  void say(vrrp::Track::Kind kind, const std::string& name, bool well);

  boost::asio::steady_timer timer_;
  std::function<void(const core::vrrp::Tracked&)> tell_;
  std::set<std::string> processes_ = {};
  std::shared_ptr<ProcessSearch> search_ = nullptr;
  std::map<std::string, net::RouteKey> routes_ = {};
  std::map<std::pair<vrrp::Track::Kind, std::string>, bool> told_ = {};
};

}  // namespace keepalive::vrrp_role
