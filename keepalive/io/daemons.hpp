// The kernel's sync daemons, from a thread of its own: to start or stop one may take the kernel some 100 ms, in which
// the loop would be deaf.
#pragma once

#include <boost/asio/io_context.hpp>
#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "core/action.hpp"
#include "core/event.hpp"
#include "ipvs++/client.hpp"

namespace keepalive::io {

class Daemons {
 public:
  using Done = std::function<void(const core::DaemonsAre&)>;

  /// `done` is called on the loop, once for each order.
  Daemons(boost::asio::io_context& io, Done done) : io_{io}, done_{std::move(done)} {}
  /// Carries out first what was asked for; nobody is told of it any more.
  ~Daemons();
  Daemons(const Daemons&) = delete;
  Daemons& operator=(const Daemons&) = delete;

  /// Orders are carried out one after the other.
  void set(core::SetDaemons order);

 private:
  void work();

  boost::asio::io_context& io_;
  Done done_;
  std::mutex mutex_ = {};
  std::condition_variable news_ = {};
  std::deque<core::SetDaemons> orders_ = {};
  bool ending_ = false;
  std::thread thread_ = {};  // since the first order
};

/// Compares the daemons that run with those that are wanted, and starts and stops what differs.
core::DaemonsAre set_daemons(const core::SetDaemons& order, ipvs::Client& client);

/// What an order would do, as sentences, when settings have changed so. Nothing if the kernel cannot be asked.
std::vector<std::string> planned_daemons(std::optional<core::SetDaemons> order,
                                         const std::vector<core::SettingEdit>& settings, ipvs::Client& client);

}  // namespace keepalive::io
