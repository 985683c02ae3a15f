// The launcher's care for the process of the virtual routers: what it holds is taken away when it is dead, or has been
// silent for so long that another router has taken over. Its kernel would go on answering for it otherwise.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "core/vrrp/messages.hpp"
#include "io/channel.hpp"

namespace keepalive {

class Guard {
 public:
  explicit Guard(boost::asio::io_context& io) : io_{io}, patience_{io} {}

  /// A new process, at the other end of this channel; when that closes, the process has ended.
  void meet(int fd);
  /// Gives it the channel to a director.
  void introduce(int director_fd);
  /// Asks it to give everything up and end.
  void dismiss();

 private:
  void hear(std::string_view bytes);
  void expect(core::vrrp::Time patience);
  void remove_all(const char* why);

  boost::asio::io_context& io_;
  boost::asio::steady_timer patience_;
  std::unique_ptr<io::Channel> channel_ = nullptr;
  std::set<core::vrrp::Held> held_ = {};
  std::vector<std::string> undo_ = {};  // the last one first
};

}  // namespace keepalive
