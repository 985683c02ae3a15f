// The unprivileged roles at the director's end: a channel to each. What probers say goes to the engine, journal entries
// go to the sender, and scrapers' requests are answered.
#pragma once

#include <boost/asio/io_context.hpp>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "api.hpp"
#include "base/fd.hpp"
#include "core/action.hpp"
#include "core/alerts.hpp"
#include "core/launch.hpp"
#include "core/monitor_words.hpp"
#include "core/scrape.hpp"
#include "core/standing.hpp"
#include "core/sync_words.hpp"
#include "core/vrrp/messages.hpp"
#include "io/channel.hpp"

namespace keepalive {

class Roles {
 public:
  Roles(boost::asio::io_context& io, Powers& powers) : io_{io}, powers_{powers} {}

  /// A configuration, before the engine has it: what it asks for.
  core::WantRoles take(const Config& config);
  /// The engine has it.
  void taken();

  /// A role was started, at the other end of `fd`.
  void meet(const core::NewRole& role, base::Fd fd);
  void tell_prober(std::size_t index, const core::Message& message);
  void tell_routers(const core::vrrp::Speech& speech);
  /// To the agent of connection sync; `done` gets its JSON, or nothing when there is no agent.
  void ask_sync(const std::string& question, Powers::Asked done);
  void open_sockets(const core::OpenSockets& order);
  void alert(const core::Journal& entry);

 private:
  void meet_prober(std::size_t index, base::Fd fd);
  void meet_sender(int fd);
  void meet_metrics(int fd);
  void meet_monitor(int fd);
  void tell_monitor();
  void serve_monitor(base::Fd fd);
  void meet_routers(int fd);
  void meet_sync(int fd);
  void hear_sync(std::string_view bytes);
  void tell_daemons();
  void tell_sync(const core::SyncWords& message);
  void tell_sender(const core::Dispatch& message);
  void tell_metrics(const core::Scraping& message, int fd = -1);
  core::Dispatch standing() const;

  boost::asio::io_context& io_;
  Powers& powers_;
  std::vector<std::unique_ptr<io::Channel>> probers_ = {};
  bool probing_ = false;  // there was a check once
  std::unique_ptr<io::Channel> sender_ = nullptr;
  std::unique_ptr<io::Channel> metrics_ = nullptr;
  std::unique_ptr<io::Channel> monitor_ = nullptr;
  std::unique_ptr<io::Channel> routers_ = nullptr;
  std::unique_ptr<io::Channel> sync_ = nullptr;
  std::optional<core::SetAgent> agent_ = std::nullopt;
  std::map<std::uint32_t, Powers::Asked> asked_ = {};  // of the agent
  std::uint32_t questions_ = 0;
  core::SenderSettings settings_ = {};
  core::Silence silence_ = {};
  std::string listen_ = "";
  std::uint32_t scraper_ = 0;                                 // counts the processes that scrapers ask
  std::optional<core::SetMonitor> watch_ = std::nullopt;      // what the monitor is told
  std::shared_ptr<int> visitors_ = std::make_shared<int>(0);  // each connection from the monitor has a copy
  std::deque<core::Alert> untold_ = {};                       // while the sender is not there
};

}  // namespace keepalive
