// Where requests are judged and answered: who is it, may he, and then what.
#pragma once

#include <boost/asio/io_context.hpp>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "config/monitor.hpp"
#include "monitor/connection.hpp"
#include "monitor/directors.hpp"
#include "monitor/gate.hpp"
#include "monitor/hub.hpp"
#include "monitor/lockout.hpp"
#include "monitor/permits.hpp"
#include "monitor/users.hpp"
#include "monitor/verifier.hpp"

namespace keepalive::monitor {

class Desk {
 public:
  static constexpr std::size_t longest_of_strangers = 4096;  // bytes of a body

  Desk(boost::asio::io_context& io, Directors& directors, Hub& hub);
  Desk(const Desk&) = delete;
  Desk& operator=(const Desk&) = delete;

  /// Sessions of users who are there no more, or with another password or role, are over.
  void use(const Monitor& settings, Users users);

  std::size_t longest_body(const Request& request) const;
  void answer(Request request, const Visitor& visitor, const std::shared_ptr<Reply>& reply);

 private:
  struct Who {
    std::string name = "";
    Role role = Role::viewer;
    std::string csrf = "";  // empty: by a token, which no browser sends by itself
  };
  struct Call {
    Request request = {};
    Visitor visitor = {};
    std::shared_ptr<Reply> reply = nullptr;
    Found found = {};
    Who who = {};
  };
  using Called = std::shared_ptr<Call>;

  std::optional<Who> identify(const Request& request);
  bool may_look(const std::string& session, const std::string& token) const;
  /// What speaks against it; nothing: go on.
  std::optional<Answer> objection(const Call& call) const;
  void dispatch(const Called& call);
  void give_asset(const Request& request, const std::shared_ptr<Reply>& reply) const;

  void log_in(const Called& call);
  void log_in_by_certificate(const Called& call, const std::string& user);
  void compare(const Called& call, const std::string& user, std::string password);
  void put_off(const Called& call, const std::string& user, core::Time wait);
  void judged(const Called& call, const std::string& user, const std::string& hash, bool fits);
  void log_out(const Called& call);
  void open_session(const Called& call, const User& user);
  Answer session_answer(const Session& session) const;

  void give_session(const Called& call);
  void begin_stream(const Called& call);
  void give_history(const Called& call);
  void relay(const Called& call);
  void relay_answer(const Called& call, const std::string& director, std::string target);
  void audit(const Call& call, unsigned status) const;
  bool is_over(const std::string& name) const;

  struct Kept {
    Text text = nullptr;
    Text packed = nullptr;
    std::string tag = "";
    std::string_view type = {};
    Answer::Kept kept = Answer::Kept::asked;
  };
  Kept& keep_asset(std::string path, std::string text);

  Directors& directors_;
  Hub& hub_;
  Monitor::Allow allow_ = Monitor::Allow::read;
  Users users_ = {};
  Gate gate_ = {};
  Lockout lockout_ = {};
  unsigned put_off_ = 0;  // logins, since it was told last
  std::optional<core::Time> put_off_told_ = std::nullopt;
  Verifier verifier_;
  std::map<std::string, Kept, std::less<>> assets_ = {};
  Text openapi_ = nullptr;
};

}  // namespace keepalive::monitor
