// Who has logged in: sessions that end by themselves. Pure: time and randomness are passed in.
#pragma once

#include <functional>
#include <map>
#include <string>

#include "core/verdict.hpp"
#include "monitor/secret.hpp"
#include "monitor/users.hpp"

namespace keepalive::monitor {

using core::Time;

struct SessionLimits {
  Time idle = std::chrono::minutes{30};
  Time longest = std::chrono::hours{12};
};

struct Session {
  std::string user = "";
  Role role = Role::viewer;
  std::string csrf = "";
  std::string hash = "";  // of the password that opened it: with another one it is over
  Time begun = {};
  Time used = {};
};

class Gate {
 public:
  static constexpr std::size_t most_sessions = 1024;  // beyond, who was idle longest is out
  static constexpr std::size_t most_of_user = 32;

  void use(const SessionLimits& limits) { limits_ = limits; }

  /// `id`: the cookie's secret, of which only the digest is kept; session.csrf another one.
  const Session& open(const std::string& id, Session session, Time now);
  /// Null: no such session, or no more. A session found has been used.
  const Session* find(const std::string& id, Time now);
  /// The same without using it.
  const Session* peek(const std::string& id, Time now) const;
  void close(const std::string& id) { sessions_.erase(digest(id)); }
  /// Ends those that `keep` denies.
  void retain(const std::function<bool(const Session&)>& keep);
  /// When it ends at the latest if it is not used.
  Time end(const Session& session) const;
  std::size_t size() const { return sessions_.size(); }

 private:
  void make_room(const std::string& user, Time now);

  SessionLimits limits_ = {};
  std::map<Digest, Session> sessions_ = {};
};

}  // namespace keepalive::monitor
