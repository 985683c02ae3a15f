// The roles that a configuration asks for, at the launcher's end: started, started again with a growing pause when
// they end, killed when it asks no more.
#pragma once

#include <sys/types.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <string>

#include "core/launch.hpp"
#include "core/verdict.hpp"

namespace keepalive {

/// A process that is started again when it ends, later each time that it lived for a short while only.
struct Role {
  pid_t pid = -1;
  core::Time started{0};
  std::chrono::milliseconds pause{0};
  std::unique_ptr<boost::asio::steady_timer> timer = {};
};
void start_again(boost::asio::io_context& io, Role& role, std::function<void()> start);

class Crew {
 public:
  struct Hooks {
    /// Starts this role's program with its end of a channel; -1: it could not.
    std::function<pid_t(const std::string& role, int fd)> start;
    /// The director's end, which stays ours.
    std::function<void(const core::NewRole& role, int fd)> announce;
    /// The process of the virtual routers: our end of its channel; and that it is to end: whether there is one.
    std::function<void(int fd)> guard;
    std::function<bool()> dismiss_routers;
  };
  Crew(boost::asio::io_context& io, Hooks hooks) : io_{io}, hooks_{std::move(hooks)} {}

  void want(const core::WantRoles& wanted);
  void restart_prober(std::uint32_t index);
  /// Whether the process was one of them.
  bool ended(pid_t pid, const std::string& how, bool again);
  /// Any but the process of the virtual routers.
  bool running() const;
  /// The process of the virtual routers; it outlives directors.
  bool routers_running() const;
  void kill_routers();
  /// One that was dismissed has given everything up and ended: the next may start.
  void routers_gone();

  /// The director is gone, and with it their channels. The sender ends by itself, after its last word.
  void dismiss();
  /// The daemon stops: none is started any more; the sender may say its last word until `kill()`. The process of the
  /// virtual routers, if there still is one, is asked last.
  void rest();
  void kill();

 private:
  void start(const core::NewRole& which);
  void let_go(pid_t pid);

  boost::asio::io_context& io_;
  Hooks hooks_;
  std::map<core::NewRole, Role> roles_ = {};
  bool routers_leave_ = false;
  std::map<pid_t, boost::asio::steady_timer> leaving_ = {};  // senders that end by themselves, or are killed then
};

}  // namespace keepalive
