// What the monitor knows of one director: its journal is followed; what it is like is asked for while somebody wants to
// know it, in small questions each second and in one about everything as often as that may cost.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/json/object.hpp>
#include <cstdint>
#include <functional>
#include <memory>
#include <set>
#include <string>
#include <string_view>

#include "core/verdict.hpp"
#include "monitor/directors.hpp"
#include "monitor/overview.hpp"

namespace keepalive::monitor {

/// Where what is found goes.
struct Finder {
  std::function<void(std::string_view kind, const std::string& data)> tell;  // an event for viewers
  /// One for those who look at a pool.
  std::function<void(const std::string& pool, std::string_view kind, const std::string& data)> tell_pool;
  std::function<std::set<std::string>()> looked;  // the pools that somebody looks at
  std::function<bool()> wanted;                   // somebody wants to know
  /// The director's state now. `whole`: its servers' figures are new, too.
  std::function<void(const std::string& director, const boost::json::object& overview, bool whole)> keep;
};

class Watch {
 public:
  Watch(boost::asio::io_context& io, Directors& directors, std::string name, const Finder& finder);
  Watch(const Watch&) = delete;
  Watch& operator=(const Watch&) = delete;
  ~Watch();

  /// Its part of GET /api/cluster.
  std::string cluster() const;
  /// Connections of a pool's servers, as an event's data; empty: it has no such pool.
  std::string figures(const std::string& pool) const;
  /// It is wanted now: ask, if that is due.
  void wake();

 private:
  void follow();
  void follow_later();
  void hear(std::string piece);
  void hear_line(std::string_view line);
  /// What is asked for: everything; rates of all services and what viewers look at; what the journal spoke of.
  enum class Scope : std::uint8_t { whole, looked, touched };
  core::Time due() const;
  void ask_later(core::Time when);
  void ask();
  void question(Scope scope);
  std::string target(Scope scope);
  void took(Scope scope, core::Time cost);
  void take(Scope scope, unsigned status, const std::string& text, const std::string& fault, core::Time took);
  void take_overview(Scope scope, boost::json::object now);
  void tell(const Change& change);
  std::string told(boost::json::object data) const;
  void judge(bool reachable, const std::string& error);

  Directors& directors_;
  std::string name_;
  const Finder& finder_;
  boost::asio::steady_timer follow_timer_;
  boost::asio::steady_timer ask_timer_;
  std::shared_ptr<Call> follower_ = nullptr;
  std::shared_ptr<Call> question_ = nullptr;
  std::shared_ptr<int> alive_ = std::make_shared<int>();  // callbacks look whether we are
  std::string line_ = "";                                 // of the journal, not yet whole
  std::uint64_t sequence_ = 0;
  core::Time pause_ = {};
  // Fractions of a director's time: a fiftieth together.
  Pace whole_pace_{150};
  Pace looked_pace_{100};
  Pace touched_pace_{300};
  View view_ = {};
  std::set<std::string> touched_ = {};  // pools that the journal spoke of, not asked for since
  bool stale_ = true;                   // everything must be asked for
  bool reachable_ = false;
  std::string error_ = "not asked yet";
  std::string heard_ = "";  // RFC 3339
};

/// RFC 3339, UTC, now.
std::string timestamp();

}  // namespace keepalive::monitor
