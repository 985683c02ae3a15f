#include "monitor/gate.hpp"

#include <algorithm>

namespace keepalive::monitor {

const Session& Gate::open(const std::string& id, Session session, Time now) {
  make_room(session.user, now);
  session.begun = session.used = now;
  return sessions_[digest(id)] = std::move(session);
}

const Session* Gate::find(const std::string& id, Time now) {
  const auto found = sessions_.find(digest(id));
  if (found == sessions_.end()) return nullptr;
  if (end(found->second) <= now) return sessions_.erase(found), nullptr;
  found->second.used = now;
  return &found->second;
}

const Session* Gate::peek(const std::string& id, Time now) const {
  const auto found = sessions_.find(digest(id));
  return found != sessions_.end() && end(found->second) > now ? &found->second : nullptr;
}

void Gate::retain(const std::function<bool(const Session&)>& keep) {
  std::erase_if(sessions_, [&](const auto& one) { return !keep(one.second); });
}

Time Gate::end(const Session& session) const {
  return std::min(session.used + limits_.idle, session.begun + limits_.longest);
}

void Gate::make_room(const std::string& user, Time now) {
  std::erase_if(sessions_, [&](const auto& one) { return end(one.second) <= now; });
  const auto drop_oldest = [&](const auto& counts) {
    auto oldest = sessions_.end();
    for (auto one = sessions_.begin(); one != sessions_.end(); ++one)
      if (counts(one->second) && (oldest == sessions_.end() || one->second.used < oldest->second.used)) oldest = one;
    if (oldest != sessions_.end()) sessions_.erase(oldest);
  };
  const auto of_user = [&](const Session& session) { return session.user == user; };
  const auto count =
      std::count_if(sessions_.begin(), sessions_.end(), [&](const auto& one) { return of_user(one.second); });
  if (static_cast<std::size_t>(count) >= most_of_user) return drop_oldest(of_user);
  if (sessions_.size() >= most_sessions) drop_oldest([](const Session&) { return true; });
}

}  // namespace keepalive::monitor
