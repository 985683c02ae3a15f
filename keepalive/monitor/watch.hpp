// What the monitor knows of one director: its journal is followed, its overview asked for while somebody wants it.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/json/object.hpp>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "core/verdict.hpp"
#include "monitor/directors.hpp"
#include "monitor/overview.hpp"

namespace keepalive::monitor {

/// Where what is found goes.
struct Finder {
  std::function<void(std::string_view kind, const std::string& data)> tell;  // an event for viewers
  std::function<bool()> wanted;                                              // somebody looks at overviews
  std::function<void(const std::string& director, const boost::json::object& overview)> keep;  // a new one
};

class Watch {
 public:
  Watch(boost::asio::io_context& io, Directors& directors, std::string name, const Finder& finder);
  Watch(const Watch&) = delete;
  Watch& operator=(const Watch&) = delete;
  ~Watch();

  /// Its part of GET /api/cluster.
  std::string cluster() const;
  /// An overview is wanted: ask now, if that is due.
  void wake();

 private:
  void follow();
  void follow_later();
  void hear(std::string piece);
  void hear_line(std::string_view line);
  void ask();
  void ask_later(core::Time when);
  void take(unsigned status, const std::string& text, const std::string& fault, core::Time cost);
  void take_overview(boost::json::object now);
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
  Pace pace_ = {};
  Rates rates_ = {};
  boost::json::object overview_ = {};
  bool known_ = false;  // there is an overview
  bool reachable_ = false;
  std::string error_ = "not asked yet";
  std::string heard_ = "";  // RFC 3339
};

/// RFC 3339, UTC, now.
std::string timestamp();

}  // namespace keepalive::monitor
