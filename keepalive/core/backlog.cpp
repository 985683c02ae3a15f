#include "core/backlog.hpp"

#include <algorithm>
#include <utility>

namespace keepalive::core {
namespace {

constexpr std::size_t slice = 16;  // services a step: two requests each, some milliseconds
constexpr Time first_wait = std::chrono::seconds{1};
constexpr Time longest_wait = std::chrono::seconds{30};

}  // namespace

void Backlog::Refused::again(Time now) {
  wait = wait == Time{0} ? first_wait : std::min(wait * 2, longest_wait);
  retry = now + wait;
}

void Backlog::look_after(Keys keys, Time interval, Time now) {
  watched_ = std::move(keys);
  interval_ = interval;
  cursor_.reset();
  std::erase_if(refused_, [&](const auto& entry) { return !watched_.contains(entry.first); });
  next_look_ = interval > Time{0} ? std::optional{now + interval} : std::nullopt;
}

void Backlog::repair_now(Time now) {
  next_look_ = now;
  cursor_.reset();
  repair_ = true;
}

std::optional<Reconcile> Backlog::drift_slice(Drift drift, Time now) {
  if (!next_look_ || *next_look_ > now) return std::nullopt;
  Reconcile look{.purpose = repair_ || drift == Drift::repair ? Reconcile::Purpose::drift : Reconcile::Purpose::report};
  auto place = cursor_ ? watched_.upper_bound(*cursor_) : watched_.begin();
  while (place != watched_.end() && look.keys.size() < slice) look.keys.insert(*place++);
  if (place == watched_.end()) {
    cursor_.reset();
    repair_ = false;
    next_look_ = interval_ > Time{0} ? std::optional{now + interval_} : std::nullopt;
  } else {
    cursor_ = *std::prev(place);
  }
  if (look.keys.empty()) return std::nullopt;
  return look;
}

std::vector<Reconcile> Backlog::take(Drift drift, bool whole, Time now) {
  for (auto& [key, refused] : refused_)
    if (refused.retry <= now) {
      refused.retry = Time::max();
      dirty_.insert(key);
    }
  std::vector<Reconcile> list;
  if (flush_ && flush_->retry <= now) {
    flush_->retry = Time::max();
    list.push_back(Reconcile{.foreign = true});
  }
  if (!dirty_.empty()) {
    Reconcile write;
    if (whole) write.keys = std::exchange(dirty_, {});
    while (!dirty_.empty() && write.keys.size() < slice) write.keys.insert(dirty_.extract(dirty_.begin()));
    list.push_back(std::move(write));
  }
  if (dirty_.empty())
    if (auto look = drift_slice(drift, now)) list.push_back(std::move(*look));
  return list;
}

void Backlog::take_flush(const std::string& fault, Time now, News& news) {
  if (!flush_) return;
  if (fault.empty()) {
    news.flushed = !flush_->text.empty();
    return flush_.reset();
  }
  flush_->again(now);
  if (std::exchange(flush_->text, fault) != fault) news.no_flush = fault;
}

Backlog::News Backlog::take(const Reconciled& reconciled, Time now) {
  News news;
  if (reconciled.foreign) take_flush(reconciled.fault, now, news);
  std::set<ipvs::ServiceKey> again;
  for (const KernelEdit& refusal : reconciled.refusals) {
    Refused& known = refused_[refusal.key];
    if (again.insert(refusal.key).second) {
      known.again(now);
      if (known.text == refusal.text) continue;
      known.text = refusal.text;
      news.refused.push_back(refusal);
    }
  }
  // A look that only reports has tried nothing: what differs is as refused as before.
  if (reconciled.purpose == Reconcile::Purpose::report)
    for (const KernelEdit& edit : reconciled.drift) again.insert(edit.key);
  for (const ipvs::ServiceKey& key : reconciled.keys)
    if (!again.contains(key) && refused_.erase(key) != 0) news.taken.push_back(key);
  return news;
}

std::optional<Time> Backlog::deadline() const {
  if (!dirty_.empty()) return Time{0};
  std::optional<Time> first = next_look_;
  if (flush_ && flush_->retry != Time::max() && (!first || flush_->retry < *first)) first = flush_->retry;
  for (const auto& [key, refused] : refused_)
    if (refused.retry != Time::max() && (!first || refused.retry < *first)) first = refused.retry;
  return first;
}

std::vector<std::string> Backlog::refusals() const {
  std::vector<std::string> texts;
  if (flush_ && !flush_->text.empty()) texts.push_back(flush_->text);
  for (const auto& [key, refused] : refused_) texts.push_back(refused.text);
  return texts;
}

}  // namespace keepalive::core
