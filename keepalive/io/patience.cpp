#include "io/patience.hpp"

#include <utility>

namespace keepalive::io {
namespace {

constexpr int part = 4;  // of the patience: to see its end that late is to have slept

}  // namespace

void Patience::expect(Time patience, Over over) { wait(patience, std::move(over), Grace::left); }

void Patience::cancel() {
  ++run_;
  timer_.cancel();
}

void Patience::wait(Time patience, Over over, Grace grace) {
  timer_.expires_after(patience);
  timer_.async_wait(
      [this, run = ++run_, patience, over = std::move(over), grace](const boost::system::error_code& error) mutable {
        if (error || run != run_) return;
        const bool slept = std::chrono::steady_clock::now() - timer_.expiry() > patience / part;
        if (slept && grace == Grace::left) return wait(patience, std::move(over), Grace::spent);
        over();
      });
}

}  // namespace keepalive::io
