#include "scrapes.hpp"

#include <sys/mman.h>
#include <unistd.h>

#include <boost/asio/post.hpp>
#include <utility>

namespace keepalive {
namespace {

constexpr std::size_t slice = 4000;         // samples: one or two milliseconds
constexpr std::size_t piece = 256U << 10U;  // bytes: the room for more would have to be found each time

}  // namespace

void Scrapes::ask(core::Format format, Powers::Scraped give) {
  waiting_.push_back({format, std::move(give)});
  if (waiting_.size() == 1) begin();
}

void Scrapes::begin() {
  powers_.count([this](const core::CountTable& counts) {
    page_ =
        std::make_unique<core::MetricsPage>(powers_.engine(), powers_.circumstances(), counts, waiting_.front().format);
    boost::asio::post(io_, [this] { go_on(); });
  });
}

void Scrapes::go_on() {
  const bool whole = page_->step(slice);
  if (whole || page_->text().size() >= piece) {
    waiting_.front().give(page_->text(), !whole);
    page_->clear();
  }
  if (!whole) return boost::asio::post(io_, [this] { go_on(); });
  page_.reset();
  waiting_.pop_front();
  if (!waiting_.empty()) begin();
}

Sheet::Sheet() : file_{::memfd_create("metrics", MFD_CLOEXEC)} {}

void Sheet::add(std::string_view piece) {
  while (!broken_ && !piece.empty()) {
    const ssize_t written = ::write(file_.get(), piece.data(), piece.size());
    if (written <= 0) {
      broken_ = true;
      bytes_ = 0;
      return;
    }
    bytes_ += static_cast<std::uint64_t>(written);
    piece.remove_prefix(static_cast<std::size_t>(written));
  }
}

}  // namespace keepalive
