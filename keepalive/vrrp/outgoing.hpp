// Frames on their way: what the kernel has no room for waits, and goes when it has.
#pragma once

#include <deque>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "net/frames.hpp"

namespace keepalive::vrrp_role {

class Outgoing {
 public:
  explicit Outgoing(std::unique_ptr<net::FrameSender> sender) : sender_{std::move(sender)} {}
  Outgoing(const Outgoing&) = delete;
  Outgoing& operator=(const Outgoing&) = delete;

  /// In order. Of an interface that takes none they are lost; so are the oldest when thousands wait.
  void send(net::Index interface, const std::vector<std::string>& frames);

 private:
  void flush();
  std::size_t send_some();

  std::unique_ptr<net::FrameSender> sender_;
  std::deque<std::pair<net::Index, std::string>> queue_ = {};
  bool waits_ = false;
};

}  // namespace keepalive::vrrp_role
