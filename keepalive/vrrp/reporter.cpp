#include "vrrp/reporter.hpp"

#include <iterator>

#include "io/clock.hpp"
#include "vrrp/statuses.hpp"

namespace keepalive::vrrp_role {
namespace {

constexpr std::size_t most_untold = 1000;

}  // namespace

using namespace core::vrrp;

void Reporter::meet(int fd, const Router& router) {
  director_ = std::make_unique<io::Channel>(
      io_, fd,
      io::Channel::Handler{[this](std::string_view bytes, const base::Fd&) { hear_(bytes); },
                           [this] { director_.reset(); }});
  told_.clear();
  flush();
  tell(router);
}

void Reporter::tell(const News& news) {
  untold_.push_back(Told{.news = news, .time = io::now()});
  if (untold_.size() > most_untold) untold_.pop_front();
  flush();
}

void Reporter::flush() {
  for (; director_ && !untold_.empty(); untold_.pop_front()) director_->send(encode(Speech{untold_.front()}));
}

void Reporter::tell(const Router& router) {
  if (!director_) return;
  Statuses news{.list = {},
                .gone = {},
                .lateness = lateness_,
                .lines = line_statuses(router),
                .witnesses = witness_statuses(router)};
  for (const auto& [name, one] : router.instances()) {
    Status now = status(one, router);
    const auto known = told_.find(name);
    if (known != told_.end() && known->second == now) continue;
    told_[name] = now;
    news.list.push_back(std::move(now));
  }
  find_gone(news, router);
  const bool as_before = news.lines == told_lines_ && news.witnesses == told_witnesses_;
  if (news.list.empty() && news.gone.empty() && news.lateness == Lateness{} && as_before) return;
  told_lines_ = news.lines;
  told_witnesses_ = news.witnesses;
  lateness_ = {};
  director_->send(encode(Speech{news}));
}

void Reporter::find_gone(Statuses& news, const Router& router) {
  for (auto known = told_.begin(); known != told_.end();) {
    const bool gone = !router.instances().contains(known->first);
    if (gone) news.gone.push_back(known->first);
    known = gone ? told_.erase(known) : std::next(known);
  }
}

}  // namespace keepalive::vrrp_role
