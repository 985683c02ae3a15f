// Takes one parcel at a time to a mail server or a webhook, in a thread of its own: libcurl waits there, we do not.
#pragma once

#include <boost/asio/io_context.hpp>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "sender/outbox.hpp"

namespace keepalive::sender {

struct Parcel {
  std::string url = "";  // smtp://, smtps://: a mail; http://, https://: JSON to POST
  std::string login = "";
  std::string password = "";
  std::string from = "";  // of a mail
  std::vector<std::string> to = {};
  std::string text = "";
};

class Carrier {
 public:
  /// `error`: empty when it was sent.
  using Done = std::function<void(Attempt attempt, const std::string& error)>;

  /// Results come through `io`, which must run no more when the carrier goes.
  explicit Carrier(boost::asio::io_context& io);
  Carrier(const Carrier&) = delete;
  Carrier& operator=(const Carrier&) = delete;
  /// Breaks off what is under way.
  ~Carrier();

  /// Takes 30 s at most. The one before must be done.
  void carry(Parcel parcel, Done done);

 private:
  struct Handle;
  boost::asio::io_context& io_;
  std::unique_ptr<Handle> handle_;  // the thread's, as long as it runs
  std::jthread thread_;
};

}  // namespace keepalive::sender
