// What the director is told: news in their order, kept while there is no director, and how everything is, as far as it
// has changed.
#pragma once

#include <boost/asio/io_context.hpp>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "core/vrrp/messages.hpp"
#include "core/vrrp/router.hpp"
#include "io/channel.hpp"

namespace keepalive::vrrp_role {

class Reporter {
 public:
  using Hear = std::function<void(std::string_view bytes)>;

  Reporter(boost::asio::io_context& io, Hear hear) : io_{io}, hear_{std::move(hear)} {}

  /// A new director, at the other end of this channel; it knows nothing yet.
  void meet(int fd, const core::vrrp::Router& router);
  void tell(const core::vrrp::News& news);
  void tell(const core::vrrp::Router& router);
  /// An advertisement went out so late.
  void late(core::vrrp::Time by) { lateness_.add(by); }

 private:
  void flush();
  void find_gone(core::vrrp::Statuses& news, const core::vrrp::Router& router);

  boost::asio::io_context& io_;
  Hear hear_;
  std::unique_ptr<io::Channel> director_ = nullptr;
  std::deque<core::vrrp::Told> untold_ = {};
  std::map<std::string, core::vrrp::Status> told_ = {};
  std::vector<core::vrrp::LineStatus> told_lines_ = {};
  std::vector<core::vrrp::WitnessStatus> told_witnesses_ = {};
  core::vrrp::Lateness lateness_ = {};  // not told yet
};

}  // namespace keepalive::vrrp_role
