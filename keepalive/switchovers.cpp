#include "switchovers.hpp"

#include <algorithm>
#include <utility>

#include "api.hpp"

namespace keepalive {

void Switchovers::wait(const core::OperateRouter& order, Done done) {
  waiting_.push_back(
      std::make_unique<Waiting>(Waiting{order, std::move(done), boost::asio::steady_timer{io_, switchover_patience}}));
  waiting_.back()->timer.async_wait([this, one = waiting_.back().get()](const boost::system::error_code& error) {
    if (error) return;  // it may be gone
    const Done late = std::move(one->done);
    waiting_.remove_if([&](const auto& other) { return other.get() == one; });
    late(false);
  });
}

void Switchovers::look(const core::Routers& routers) {
  std::list<std::unique_ptr<Waiting>> over;
  for (auto one = waiting_.begin(); one != waiting_.end();) {
    const auto next = std::next(one);
    const auto* const status = routers.find((*one)->order.router);
    if (status != nullptr && core::is_so(*status, (*one)->order.to_master)) over.splice(over.end(), waiting_, one);
    one = next;
  }
  for (const auto& one : over) std::exchange(one->done, {})(true);
}

}  // namespace keepalive
