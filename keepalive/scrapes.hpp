// Pages of metrics, one after the other, each written in slices between which the loop goes on.
#pragma once

#include <boost/asio/io_context.hpp>
#include <cstdint>
#include <deque>
#include <memory>
#include <string_view>

#include "api.hpp"
#include "base/fd.hpp"
#include "core/metrics.hpp"

namespace keepalive {

class Scrapes {
 public:
  Scrapes(boost::asio::io_context& io, Powers& powers) : io_{io}, powers_{powers} {}

  void ask(core::Format format, Powers::Scraped give);

 private:
  struct Asked {
    core::Format format = core::Format::open_metrics;
    Powers::Scraped give = nullptr;
  };
  void begin();
  void go_on();

  boost::asio::io_context& io_;
  Powers& powers_;
  std::deque<Asked> waiting_ = {};  // the first is being served
  std::unique_ptr<core::MetricsPage> page_ = nullptr;
};

/// A page in memory that goes to another process as a file: nobody has to copy it.
class Sheet {
 public:
  Sheet();

  /// What cannot be written is a page of no bytes.
  void add(std::string_view piece);
  /// -1: there is none.
  int fd() const { return bytes_ == 0 ? -1 : file_.get(); }
  std::uint64_t bytes() const { return bytes_; }

 private:
  base::Fd file_;
  std::uint64_t bytes_ = 0;
  bool broken_ = false;
};

}  // namespace keepalive
