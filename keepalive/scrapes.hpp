// Pages of metrics, one after the other, each written in slices between which the loop goes on.
#pragma once

#include <boost/asio/io_context.hpp>
#include <deque>
#include <memory>

#include "api.hpp"
#include "core/metrics.hpp"

namespace keepalive {

class Scrapes {
 public:
  Scrapes(boost::asio::io_context& io, Powers& powers) : io_{io}, powers_{powers} {}

  void ask(Powers::Scraped give);

 private:
  void begin();
  void go_on();

  boost::asio::io_context& io_;
  Powers& powers_;
  std::deque<Powers::Scraped> waiting_ = {};  // the first is being served
  std::unique_ptr<core::MetricsPage> page_ = nullptr;
};

}  // namespace keepalive
