#include "monitor/verifier.hpp"

#include <boost/asio/post.hpp>
#include <utility>

#include "monitor/password.hpp"

namespace keepalive::monitor {

Verifier::Verifier(boost::asio::io_context& io) : io_{io}, thread_{[this] { work(); }} {}

Verifier::~Verifier() {
  {
    const std::lock_guard lock{mutex_};
    stop_ = true;
  }
  wake_.notify_one();
  thread_.join();
}

bool Verifier::compare(std::string password, std::string hash, Done done) {
  {
    const std::lock_guard lock{mutex_};
    if (orders_.size() >= longest_queue) return false;
    orders_.push_back({std::move(password), std::move(hash), std::move(done)});
  }
  wake_.notify_one();
  return true;
}

void Verifier::work() {
  for (;;) {
    std::unique_lock lock{mutex_};
    wake_.wait(lock, [this] { return stop_ || !orders_.empty(); });
    if (stop_) return;
    Order order = std::move(orders_.front());
    orders_.pop_front();
    lock.unlock();
    const bool known = !order.hash.empty();
    const bool equal = fits(order.password, known ? order.hash : nobodys_hash());
    boost::asio::post(io_, [done = std::move(order.done), good = known && equal] { done(good); });
  }
}

}  // namespace keepalive::monitor
