// The launcher's care for the process of the virtual routers: what it holds is taken away when it is dead, or has been
// silent for so long that another router has taken over. Its kernel would go on answering for it otherwise.
#pragma once

#include <boost/asio/io_context.hpp>
#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "core/vrrp/messages.hpp"
#include "io/channel.hpp"
#include "io/patience.hpp"

namespace keepalive {

class Guard {
 public:
  /// `gone`: the process has ended, and what it had to say is heard.
  Guard(boost::asio::io_context& io, std::function<void()> gone) : io_{io}, patience_{io}, gone_{std::move(gone)} {}

  /// A new process, at the other end of this channel; when that closes, the process has ended.
  void meet(int fd);
  /// Gives it the channel to a director.
  void introduce(int director_fd);
  /// Asks it to give everything up and end. Whether there is one.
  bool dismiss();
  /// Asks it to end and to leave everything as it is, for a successor.
  void retire();
  /// What it left then, as bytes. Empty: nothing.
  std::string estate() const;
  /// Takes what a predecessor of ours was left: its next process gets it, or it is taken away in time.
  void inherit(std::string_view estate);
  /// Whether there is a process.
  bool listens() const { return channel_ != nullptr; }
  void remove_all(const char* why);

 private:
  void hear(std::string_view bytes);
  void expect(core::vrrp::Time patience);

  boost::asio::io_context& io_;
  io::Patience patience_;
  std::function<void()> gone_;
  std::unique_ptr<io::Channel> channel_ = nullptr;
  std::set<core::vrrp::Held> held_ = {};
  std::optional<core::vrrp::Estate> estate_ = std::nullopt;  // between two processes
  std::vector<std::string> undo_ = {};                       // the last one first
};

}  // namespace keepalive
