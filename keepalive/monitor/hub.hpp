// Everything that viewers see together: one watch a director, one stream of events, and the figures over time. What
// several ask for is made once.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "config/monitor.hpp"
#include "monitor/directors.hpp"
#include "monitor/history.hpp"
#include "monitor/stream.hpp"
#include "monitor/watch.hpp"

namespace keepalive::monitor {

class Hub {
 public:
  Hub(boost::asio::io_context& io, Directors& directors);
  Hub(const Hub&) = delete;
  Hub& operator=(const Hub&) = delete;

  /// The directors are others now; `history`: its bytes, in a file of `folder`.
  void use(const std::string& folder, std::uint64_t history);
  /// GET /api/cluster, plain and made small: as it was in the last two seconds. "event" is the number of the last event
  /// of the stream before that.
  Answer cluster(Monitor::Allow allow);
  /// GET /api/stream
  void join(const std::shared_ptr<Reply>& reply, Stream::Wish wish);
  /// Streams end of those who may look no longer.
  void review() { stream_.beat(); }
  /// GET /api/history; nothing: it is not kept, `why` tells.
  std::optional<std::string> history(const std::string& director, const std::string& object, Span span,
                                     std::string& why) const;

 private:
  void beat();
  void beat_often();
  void keep(const std::string& director, const boost::json::object& overview, bool whole);

  boost::asio::io_context& io_;
  Directors& directors_;
  Stream stream_;
  History history_ = {};
  Finder finder_;
  std::vector<std::unique_ptr<Watch>> watches_ = {};
  boost::asio::steady_timer beat_;
  boost::asio::steady_timer tick_;
  Answer cluster_ = {};        // as made last; without a body: not at all
  Monitor::Allow allow_ = {};  // of that
  core::Time made_ = {};       // when it was
  core::Time looked_ = {};     // when somebody last asked for it
  std::size_t left_out_ = 0;   // as told last
};

}  // namespace keepalive::monitor
