#include "core/vrrp/witnesses.hpp"

#include <algorithm>
#include <functional>
#include <utility>

namespace keepalive::core::vrrp {

void Witnesses::want(std::vector<Witness> witnesses, std::set<std::string> interfaces, Time interval, Time now) {
  std::erase_if(answers_, [&](const auto& answer) {
    const std::string& witness = answer.first.first;
    const auto as_before = [&](const Witness& one) {
      return one.name == witness && std::find(witnesses_.begin(), witnesses_.end(), one) != witnesses_.end();
    };
    return !interfaces.contains(answer.first.second) || std::none_of(witnesses.begin(), witnesses.end(), as_before);
  });
  witnesses_ = std::move(witnesses);
  interfaces_ = std::move(interfaces);
  interval_ = interval;
  next_ = now;
}

void Witnesses::answered(const std::string& witness, const std::string& interface, Time now) {
  const bool known =
      std::any_of(witnesses_.begin(), witnesses_.end(), [&](const Witness& one) { return one.name == witness; });
  if (known && interfaces_.contains(interface)) answers_[{witness, interface}] = now;
}

std::optional<Time> Witnesses::answer(const std::string& witness, const std::string& interface) const {
  const auto found = answers_.find({witness, interface});
  return found == answers_.end() ? std::nullopt : std::optional{found->second};
}

std::optional<Time> Witnesses::majority(const std::string& interface) const {
  std::vector<Time> times;
  for (const Witness& one : witnesses_)
    if (const auto at = answer(one.name, interface)) times.push_back(*at);
  const std::size_t needed = witnesses_.size() / 2 + 1;
  if (times.size() < needed) return std::nullopt;
  std::sort(times.begin(), times.end(), std::greater<>{});
  return times[needed - 1];
}

bool Witnesses::asks(Time now) {
  if (empty() || now < next_) return false;
  next_ = now + interval_;
  return true;
}

}  // namespace keepalive::core::vrrp
