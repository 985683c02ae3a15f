// Runs programs of the configuration: each in a process group of its own, which is killed at its time limit.
#pragma once

#include <boost/asio/io_context.hpp>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "core/launch.hpp"

namespace keepalive::io {

class Runner {
 public:
  using Done = std::function<void(const core::ProgramDone&)>;

  Runner(boost::asio::io_context& io, Done done) : io_{io}, done_{std::move(done)} {}

  struct Order {
    std::uint32_t id = 0;
    std::vector<std::string> argv = {};
    std::map<std::string, std::string> environment = {};
    std::string user = "";   // empty: our own
    std::string input = "";  // for its standard input
    std::uint64_t limit_ms = 0;
    bool leave_nothing = false;  // when it ends, what it started ends too
  };
  /// Done follows, never from within.
  void run(Order order);
  /// A process ended, as waitpid(2) tells. False: none of ours.
  bool ended(int pid, int status);
  std::size_t running() const { return jobs_.size(); }
  /// Kills all that run.
  void kill_all();

 private:
  struct Job;

  boost::asio::io_context& io_;
  Done done_;
  std::map<int, std::shared_ptr<Job>> jobs_ = {};  // by process
};

}  // namespace keepalive::io
