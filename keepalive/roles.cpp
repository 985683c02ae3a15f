#include "roles.hpp"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <utility>

#include "base/bytes.hpp"
#include "core/sync_agent.hpp"
#include "io/clock.hpp"
#include "io/control.hpp"
#include "io/log.hpp"
#include "io/socket.hpp"
#include "scrapes.hpp"

namespace keepalive {
namespace {

using io::Level;

constexpr std::size_t most_untold = 1000;
constexpr std::size_t most_waiting = 16U << 20U;  // bytes that the sender has not read
constexpr long most_visitors = 192;               // connections of the monitor
constexpr std::size_t most_descriptors = 256;     // that a prober has not read
constexpr const char* prober_is_slow = "cannot probe: the prober does not take the sockets that it has asked for";

std::string host_name() {
  std::array<char, 256> name{};
  gethostname(name.data(), name.size() - 1);
  return name.data();
}

core::SenderSettings sender_settings(const Global& global) {
  const Mail& mail = global.mail;
  const std::string router = global.router_id.empty() ? host_name() : global.router_id;
  return {.router_id = router,
          .server = mail.server,
          .login = mail.login,
          .password = mail.password,
          .from = mail.from.empty() ? "keepalive@" + host_name() : mail.from,
          .to = mail.to,
          .digest = mail.digest,
          .repeat = mail.repeat,
          .webhook = global.webhook};
}

bool wants_sender(const core::SenderSettings& settings) {
  return !settings.server.empty() || !settings.webhook.empty();
}

void log(const core::Sent& sent) {
  if (sent.error.empty()) return io::log(Level::info, "ALERT_SENT", "what=" + io::quoted(sent.what));
  io::log(Level::warning, "ALERT_FAILED", "what=" + io::quoted(sent.what) + " error=" + io::quoted(sent.error));
}

}  // namespace

core::WantRoles Roles::take(const Config& config) {
  probers_.resize(config.global.probers);  // those that go hear no more
  settings_ = sender_settings(config.global);
  silence_ = core::Silence{config};
  listen_ = config.global.metrics;
  watch_.reset();
  if (config.monitor)
    watch_ = core::SetMonitor{*config.monitor, config.global.router_id.empty() ? host_name() : config.global.router_id};
  auto agent = core::agent_settings(config);
  if (agent && agent->settings.host.empty()) agent->settings.host = host_name();
  if (agent && agent_) agent->settings.daemons = std::move(agent_->settings.daemons);
  agent_ = std::move(agent);
  if (!wants_sender(settings_)) sender_.reset();  // it ends when it has said its last word
  probing_ = probing_ || !config.checks.empty();
  return {.probers = static_cast<std::uint32_t>(probing_ ? probers_.size() : 0),
          .sender = wants_sender(settings_),
          .metrics = !listen_.empty(),
          .monitor = watch_.has_value(),
          .routers = !config.vrrps.empty(),
          .sync = agent_.has_value(),
          .realtime = config.global.realtime};
}

void Roles::taken() {
  tell_sender(settings_);
  tell_sender(standing());
  if (const auto at = ipvs::Endpoint::parse(listen_)) tell_metrics(core::Listen{*at});
  if (agent_) tell_sync(*agent_);
  tell_monitor();
}

void Roles::meet(const core::NewRole& role, base::Fd fd) {
  if (!fd) return;
  switch (role.kind) {
    case core::NewRole::Kind::prober:
      return meet_prober(role.index, std::move(fd));
    case core::NewRole::Kind::sender:
      return meet_sender(fd.release());
    case core::NewRole::Kind::metrics:
      return meet_metrics(fd.release());
    case core::NewRole::Kind::vrrp:
      return meet_routers(fd.release());
    case core::NewRole::Kind::sync:
      return meet_sync(fd.release());
    case core::NewRole::Kind::monitor:
      return meet_monitor(fd.release());
  }
}

// ---- Probers

void Roles::meet_prober(std::size_t index, base::Fd fd) {
  if (index >= probers_.size()) return;
  const auto hear = [this, index](std::string_view bytes, const base::Fd&) {
    if (auto message = core::decode(base::as_bytes(bytes))) powers_.handle(core::Heard{index, std::move(*message)});
  };
  probers_[index] = std::make_unique<io::Channel>(
      io_, fd.release(), io::Channel::Handler{hear, [this, index] { powers_.handle(core::ProberLost{index}); }});
  powers_.handle(core::ProberStarted{index});
}

void Roles::tell_prober(std::size_t index, const core::Message& message) {
  if (index < probers_.size() && probers_[index]) probers_[index]->send(core::encode(message));
}

void Roles::open_sockets(const core::OpenSockets& order) {
  if (order.prober >= probers_.size()) return;
  for (std::uint32_t i = 0; i < order.wanted.count && probers_[order.prober]; ++i) {
    io::Channel& channel = *probers_[order.prober];
    core::GotSocket answer{.target = order.wanted.target, .run = order.wanted.run};
    const bool room = channel.waiting_descriptors() < most_descriptors;
    const auto socket = room ? io::open_socket(order.need) : tl::unexpected{std::string{prober_is_slow}};
    if (!socket) answer.fault = socket.error();
    channel.send(core::encode(answer), socket.value_or(-1));
    if (!socket) return;
    ::close(*socket);
  }
}

// ---- The sender

void Roles::meet_sender(int fd) {
  const auto hear = [](std::string_view bytes, const base::Fd&) {
    const auto message = core::decode_dispatch(base::as_bytes(bytes));
    if (const auto* sent = message ? std::get_if<core::Sent>(&*message) : nullptr) log(*sent);
  };
  sender_ = std::make_unique<io::Channel>(io_, fd, io::Channel::Handler{hear, [this] { sender_.reset(); }});
  tell_sender(settings_);
  tell_sender(standing());
  for (core::Alert& alert : untold_) tell_sender(std::move(alert));
  untold_.clear();
}

core::Dispatch Roles::standing() const { return core::standing(powers_.engine(), silence_, io::boot()); }

void Roles::tell_sender(const core::Dispatch& message) {
  if (sender_) sender_->send(encode(message));
}

void Roles::alert(const core::Journal& entry) {
  if (!wants_sender(settings_)) return untold_.clear();
  if (silence_.covers(entry)) return;
  core::Alert alert = core::alert(entry, io::boot());
  if (!sender_) {
    untold_.push_back(std::move(alert));
    if (untold_.size() > most_untold) untold_.pop_front();
  } else if (sender_->waiting() < most_waiting) {
    tell_sender(std::move(alert));
  }
}

// ---- Virtual routers

void Roles::meet_routers(int fd) {
  const auto hear = [this](std::string_view bytes, const base::Fd&) {
    auto message = core::vrrp::decode_speech(base::as_bytes(bytes));
    if (!message) return;
    if (auto* told = std::get_if<core::vrrp::Told>(&*message)) powers_.handle(std::move(*told));
    if (auto* news = std::get_if<core::vrrp::Statuses>(&*message)) powers_.handle(std::move(*news));
  };
  routers_ = std::make_unique<io::Channel>(io_, fd, io::Channel::Handler{hear, [this] {
                                                                           routers_.reset();
                                                                           powers_.handle(core::RoutersLost{});
                                                                         }});
  powers_.handle(core::RoutersStarted{});
}

void Roles::tell_routers(const core::vrrp::Speech& speech) {
  if (routers_) routers_->send(encode(speech));
}

// ---- Connection sync

void Roles::meet_sync(int fd) {
  const auto lost = [this] {
    sync_.reset();
    for (auto& [id, done] : std::exchange(asked_, {})) done(std::nullopt);
    powers_.handle(core::SyncReport{});
  };
  sync_ = std::make_unique<io::Channel>(
      io_, fd, io::Channel::Handler{[this](std::string_view bytes, const base::Fd&) { hear_sync(bytes); }, lost});
  if (agent_) tell_sync(*agent_);
}

void Roles::hear_sync(std::string_view bytes) {
  auto message = core::decode_sync(base::as_bytes(bytes));
  if (!message) return;
  if (auto* told = std::get_if<core::SyncTold>(&*message)) {
    powers_.handle(core::sync_report(std::move(told->report)));
    tell_daemons();
  }
  if (auto* answer = std::get_if<core::SyncAnswer>(&*message)) {
    const auto asked = asked_.extract(answer->id);
    if (asked) asked.mapped()(std::move(answer->json));
  }
}

void Roles::tell_sync(const core::SyncWords& message) {
  if (sync_) sync_->send(encode(message));
}

/// The sync daemons as they run, for who asks the agent.
void Roles::tell_daemons() {
  std::vector<ipvs::Daemon> daemons;
  for (const auto& [role, one] : powers_.engine().syncing().roles())
    if (one.actual) daemons.push_back(*one.actual);
  if (!agent_ || agent_->settings.daemons == daemons) return;
  agent_->settings.daemons = daemons;
  tell_sync(*agent_);
}

void Roles::ask_sync(const std::string& question, Powers::Asked done) {
  if (!sync_) return done(std::nullopt);
  asked_[++questions_] = std::move(done);
  tell_sync(core::SyncQuestion{questions_, question});
}

// ---- Metrics

void Roles::meet_metrics(int fd) {
  const auto hear = [this](std::string_view bytes, const base::Fd&) {
    const auto message = core::decode_scraping(base::as_bytes(bytes));
    const auto* const scrape = message ? std::get_if<core::Scrape>(&*message) : nullptr;
    if (scrape == nullptr) return;
    powers_.scrape(scrape->format, [this, format = scrape->format, scraper = scraper_,
                                    sheet = std::make_shared<Sheet>()](std::string_view piece, bool more) {
      sheet->add(piece);
      if (!more && scraper == scraper_) tell_metrics(core::Scraped{format, sheet->bytes()}, sheet->fd());
    });
  };
  ++scraper_;
  metrics_ = std::make_unique<io::Channel>(io_, fd, io::Channel::Handler{hear, [this] { metrics_.reset(); }});
  if (const auto at = ipvs::Endpoint::parse(listen_)) tell_metrics(core::Listen{*at});
}

void Roles::tell_metrics(const core::Scraping& message, int fd) {
  if (metrics_) metrics_->send(encode(message), fd);
}

// ---- The monitor

void Roles::meet_monitor(int fd) {
  const auto hear = [this](std::string_view bytes, base::Fd socket) {
    const auto message = core::decode_monitor(base::as_bytes(bytes));
    if (message && std::holds_alternative<core::Connect>(*message)) serve_monitor(std::move(socket));
  };
  monitor_ = std::make_unique<io::Channel>(io_, fd, io::Channel::Handler{hear, [this] { monitor_.reset(); }});
  tell_monitor();
}

void Roles::tell_monitor() {
  if (monitor_ && watch_) monitor_->send(encode(core::MonitorWords{*watch_}));
}

/// What the connection may do is looked up at each request: a reload may have changed it.
void Roles::serve_monitor(base::Fd fd) {
  if (!fd) return;
  boost::system::error_code error;
  boost::asio::local::stream_protocol::socket socket{io_};
  if (visitors_.use_count() > most_visitors || socket.assign({}, fd.get(), error)) return;
  static_cast<void>(fd.release());
  io::serve(std::move(socket),
            [this, ticket = visitors_](const io::ControlRequest& request, std::shared_ptr<io::ControlReply> reply) {
              answer(powers_, request, std::move(reply), watch_ ? watch_->settings.allow : Monitor::Allow::read);
            });
}

}  // namespace keepalive
