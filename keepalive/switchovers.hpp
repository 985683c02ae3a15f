// Those who wait for a virtual router to tell of the state that an operator asked for.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <cstdint>
#include <functional>
#include <list>
#include <memory>
#include <string>

#include "api.hpp"
#include "core/event.hpp"
#include "core/routers.hpp"

namespace keepalive {

class Switchovers {
 public:
  using Done = std::function<void(bool told)>;

  explicit Switchovers(boost::asio::io_context& io, std::chrono::milliseconds patience = switchover_patience)
      : io_{io}, patience_{patience} {}
  Switchovers(const Switchovers&) = delete;
  Switchovers& operator=(const Switchovers&) = delete;
  ~Switchovers() = default;

  /// `done` is called once: by look(), or when the patience is over.
  void wait(const core::OperateRouter& order, Done done);
  /// Something is told of virtual routers.
  void look(const core::Routers& routers);

 private:
  struct Waiting {
    std::uint64_t number = 0;
    core::OperateRouter order;
    Done done;
    boost::asio::steady_timer timer;
  };

  void give_up(std::uint64_t number);

  boost::asio::io_context& io_;
  std::chrono::milliseconds patience_;
  std::uint64_t last_ = 0;
  std::list<std::unique_ptr<Waiting>> waiting_ = {};
};

}  // namespace keepalive
