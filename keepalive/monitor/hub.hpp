// Everything that viewers see together: one watch a director, one stream of events, and the figures over time.
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
  /// GET /api/cluster
  Text cluster(Monitor::Allow allow);
  Stream& stream() { return stream_; }
  /// GET /api/history; nothing: it is not kept, `why` tells.
  std::optional<std::string> history(const std::string& director, const std::string& object, Span span,
                                     std::string& why) const;

 private:
  void beat();
  void keep(const std::string& director, const boost::json::object& overview);

  boost::asio::io_context& io_;
  Directors& directors_;
  Stream stream_;
  History history_ = {};
  Finder finder_;
  std::vector<std::unique_ptr<Watch>> watches_ = {};
  boost::asio::steady_timer beat_;
  Text cluster_ = nullptr;    // as asked for last, while nothing has changed since
  core::Time looked_ = {};    // when somebody last asked for the cluster
  std::size_t left_out_ = 0;  // as told last
};

}  // namespace keepalive::monitor
