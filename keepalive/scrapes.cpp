#include "scrapes.hpp"

#include <boost/asio/post.hpp>
#include <utility>

namespace keepalive {
namespace {

constexpr std::size_t slice = 4000;       // samples: one or two milliseconds
constexpr std::size_t piece = 1U << 20U;  // bytes

}  // namespace

void Scrapes::ask(Powers::Scraped give) {
  waiting_.push_back(std::move(give));
  if (waiting_.size() == 1) begin();
}

void Scrapes::begin() {
  powers_.count([this](const core::CountTable& counts) {
    page_ = std::make_unique<core::MetricsPage>(powers_.engine(), powers_.circumstances(), counts);
    boost::asio::post(io_, [this] { go_on(); });
  });
}

void Scrapes::go_on() {
  const bool whole = page_->step(slice);
  if (whole || page_->size() >= piece) waiting_.front()(page_->take(), !whole);
  if (!whole) return boost::asio::post(io_, [this] { go_on(); });
  page_.reset();
  waiting_.pop_front();
  if (!waiting_.empty()) begin();
}

}  // namespace keepalive
