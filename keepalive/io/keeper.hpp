// Keeps the state file in step: lines are written together after a moment, or at once by flush(); a file that has worn,
// or that does not take a line, is written anew, and again until that succeeds.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <functional>
#include <string>

#include "io/state_file.hpp"

namespace keepalive::io {

class Keeper {
 public:
  /// `everything`: the whole text as it should be now. `retry`: after a failure, such as a full disk.
  Keeper(boost::asio::io_context& io, const std::string& path, std::function<std::string()> everything,
         std::chrono::milliseconds retry = std::chrono::seconds{10})
      : file_{path}, everything_{std::move(everything)}, timer_{io}, retry_{retry} {}

  std::string read() const { return file_.read(); }
  void replace();
  void add(const std::string& lines);
  void flush();

 private:
  void arm();
  void told(bool good);

  StateFile file_;
  std::function<std::string()> everything_;
  boost::asio::steady_timer timer_;
  std::chrono::milliseconds retry_;
  std::string unsaved_ = "";
  bool armed_ = false;
  bool failing_ = false;
};

}  // namespace keepalive::io
