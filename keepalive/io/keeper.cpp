#include "io/keeper.hpp"

#include <chrono>
#include <utility>

#include "io/log.hpp"

namespace keepalive::io {
namespace {

constexpr std::chrono::milliseconds save_pause{100};

}  // namespace

void Keeper::replace() {
  unsaved_.clear();
  told(file_.replace(everything_()));
  if (failing_) arm();
}

void Keeper::add(const std::string& lines) {
  unsaved_ += lines;
  arm();
}

void Keeper::arm() {
  if (std::exchange(armed_, true)) return;
  timer_.expires_after(failing_ ? retry_ : save_pause);
  timer_.async_wait([this](const boost::system::error_code& error) {
    armed_ = false;
    if (!error) flush();
  });
}

void Keeper::flush() {
  if (unsaved_.empty() && !failing_) return;
  if (failing_ || file_.worn() || !file_.append(unsaved_)) return replace();
  unsaved_.clear();
}

/// A failure is told once.
void Keeper::told(bool good) {
  if (const bool before = std::exchange(failing_, !good); !good && !before)
    log(Level::warning, "CANNOT_KEEP", "file=" + quoted(file_.path()));
}

}  // namespace keepalive::io
