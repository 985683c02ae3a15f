#include "switchovers.hpp"

#include <algorithm>
#include <utility>

namespace keepalive {

void Switchovers::wait(const core::OperateRouter& order, Done done) {
  waiting_.push_back(
      std::make_unique<Waiting>(Waiting{++last_, order, std::move(done), boost::asio::steady_timer{io_, patience_}}));
  waiting_.back()->timer.async_wait([this, number = last_](const boost::system::error_code& error) {
    if (!error) give_up(number);
  });
}

/// It may be gone: a wait that is over cannot be cancelled any more.
void Switchovers::give_up(std::uint64_t number) {
  const auto one = std::ranges::find_if(waiting_, [&](const auto& other) { return other->number == number; });
  if (one == waiting_.end()) return;
  const Done late = std::move((*one)->done);
  waiting_.erase(one);
  late(false);
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
