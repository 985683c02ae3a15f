#include "sender/sender.hpp"

#include <curl/curl.h>
#include <fmt/format.h>

#include <algorithm>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <csignal>
#include <optional>

#include "base/bytes.hpp"
#include "core/alerts.hpp"
#include "io/channel.hpp"
#include "io/clock.hpp"
#include "sender/carrier.hpp"
#include "sender/digest.hpp"
#include "sender/hook.hpp"
#include "sender/mail.hpp"
#include "sender/outbox.hpp"

namespace keepalive::sender {
namespace {

constexpr std::size_t most_mails = 20;
constexpr std::size_t most_calls = 1000;
constexpr std::chrono::seconds last_patience{4};

/// An url may hold a secret; its host does not.
std::string host(std::string_view url) {
  if (const std::size_t colon = url.find("://"); colon != url.npos) url.remove_prefix(colon + 3);
  url = url.substr(0, url.find('/'));
  return std::string{url.substr(url.rfind('@') + 1)};
}

/// One way out: what waits, and who carries it.
struct Way {
  Way(boost::asio::io_context& io, std::size_t most) : box{most}, carrier{io} {}

  bool idle() const { return !box.under_way() && (box.empty() || box.failing()); }

  Outbox box;
  Carrier carrier;
};

class Sender {
 public:
  explicit Sender(int fd)
      : channel_{io_, fd,
                 io::Channel::Handler{[this](std::string_view bytes, const base::Fd&) { hear(bytes); },
                                      [this] { leave(); }}} {}

  void run() { io_.run(); }

 private:
  void hear(std::string_view bytes) {
    const auto message = core::decode_dispatch(base::as_bytes(bytes));
    if (!message) return;
    std::visit([this](const auto& one) { take(one); }, *message);
    work();
  }

  void take(const core::SenderSettings& settings) {
    settings_ = settings;
    digest_.set(settings.digest, settings.repeat, io::now());
    if (settings.server.empty()) mails_.box.clear();
    if (settings.webhook.empty()) calls_.box.clear();
  }
  void take(const core::Standing& standing) { digest_.stand(standing, io::now()); }
  void take(const core::Alert& alert) {
    if (digest_.take(alert, io::now()) && !settings_.webhook.empty())
      calls_.box.put({.body = hook_text(alert, settings_.router_id)});
  }
  void take(const core::Sent&) {}

  void work() {
    const Time now = io::now();
    while (auto letter = digest_.letter(now)) put(std::move(*letter));
    if (const Letter* const letter = mails_.box.begin(now)) send(mails_, mail(*letter), mail_name());
    if (const Letter* const call = calls_.box.begin(now))
      send(calls_, {.url = settings_.webhook, .text = call->body}, "webhook at " + host(settings_.webhook));
    if (leaving_ && mails_.idle() && calls_.idle()) return io_.stop();
    set_timer(now);
  }

  void put(Letter letter) {
    if (!settings_.server.empty()) mails_.box.put(std::move(letter));
  }

  Parcel mail(Letter letter) {
    if (mails_.box.lost() > 0) letter.body += fmt::format("{} mails before this one were lost\n", mails_.box.lost());
    return {.url = settings_.server,
            .login = settings_.login,
            .password = settings_.password,
            .from = settings_.from,
            .to = settings_.to,
            .text = mail_text(letter, settings_, io::boot() + io::now(), ++serial_)};
  }
  std::string mail_name() const { return fmt::format("mail to {}", fmt::join(settings_.to, ", ")); }

  void send(Way& way, Parcel parcel, std::string name) {
    way.carrier.carry(std::move(parcel),
                      [this, &way, name = std::move(name)](Attempt attempt, const std::string& error) {
                        way.box.done(attempt, io::now());
                        if (!leaving_) channel_.send(encode(core::Dispatch{core::Sent{name, error}}));
                        work();
                      });
  }

  void set_timer(Time now) {
    std::optional<Time> next;
    for (const auto& one : {digest_.deadline(), mails_.box.deadline(), calls_.box.deadline()})
      if (one && (!next || *one < *next)) next = one;
    if (!next) return static_cast<void>(timer_.cancel());
    timer_.expires_after(std::max(*next - now, Time{0}));
    timer_.async_wait([this](const boost::system::error_code& error) {
      if (!error) work();
    });
  }

  /// The director is gone: what waits gets one more chance.
  void leave() {
    leaving_ = true;
    if (auto letter = digest_.last_letter()) put(std::move(*letter));
    last_.expires_after(last_patience);
    last_.async_wait([this](const boost::system::error_code&) { io_.stop(); });
    work();
  }

  boost::asio::io_context io_ = {};
  boost::asio::steady_timer timer_{io_};
  boost::asio::steady_timer last_{io_};
  io::Channel channel_;
  core::SenderSettings settings_ = {};
  Digest digest_ = {};
  Way mails_{io_, most_mails};
  Way calls_{io_, most_calls};
  std::uint64_t serial_ = 0;
  bool leaving_ = false;
};

}  // namespace

int run_sender(int channel_fd) {
  std::signal(SIGPIPE, SIG_IGN);
  curl_global_init(CURL_GLOBAL_DEFAULT);
  Sender{channel_fd}.run();
  return 0;
}

}  // namespace keepalive::sender
