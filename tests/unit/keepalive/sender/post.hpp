// The other ends of a sender that runs in a thread: its director, a mail server and a webhook.
#pragma once

#include <boost/asio/io_context.hpp>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "../probe/server.hpp"
#include "core/alerts.hpp"
#include "io/channel.hpp"

namespace keepalive::sender {

class Director {
 public:
  Director();
  Director(const Director&) = delete;
  Director& operator=(const Director&) = delete;
  ~Director();

  void tell(const core::Dispatch& message);
  /// Reads until this is so; false: it was not within 30 s.
  bool until(const std::function<bool()>& done);
  /// Closes the channel and waits for the sender's end.
  void leave();

  std::vector<core::Sent> sent = {};

 private:
  boost::asio::io_context io_;
  std::unique_ptr<io::Channel> channel_;
  std::thread sender_;
};

/// What several connections wrote down.
class Notes {
 public:
  void add(std::string note);
  std::vector<std::string> all() const;
  std::size_t count() const { return all().size(); }

 private:
  mutable std::mutex mutex_ = {};
  std::vector<std::string> list_ = {};
};

/// Speaks SMTP; `mails` gets what came, `commands` the lines before. Answers a mail by the next of `verdicts`, then 250.
class MailServer {
 public:
  explicit MailServer(std::vector<std::string> verdicts = {}, std::string extensions = "250 8BITMIME\r\n");

  std::string url() const { return "smtp://127.0.0.1:" + std::to_string(server_.port()); }

  Notes mails = {};
  Notes commands = {};

 private:
  void talk(probe_test::Peer& peer);

  std::vector<std::string> verdicts_;
  std::string extensions_;
  probe_test::Listener server_;
};

/// Answers each request by the next of `statuses`, then 200; `bodies` gets them all.
class Webhook {
 public:
  explicit Webhook(std::vector<int> statuses = {});

  std::string url() const { return "http://user:secret@127.0.0.1:" + std::to_string(server_.port()) + "/secret"; }

  Notes bodies = {};

 private:
  void talk(probe_test::Peer& peer);

  std::vector<int> statuses_;
  probe_test::Listener server_;
};

}  // namespace keepalive::sender
