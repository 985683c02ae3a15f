#include "monitor/role.hpp"

#include <fmt/format.h>
#include <sys/resource.h>
#include <unistd.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <chrono>
#include <csignal>
#include <optional>
#include <system_error>
#include <utility>
#include <vector>

#include "base/bytes.hpp"
#include "base/diagnostics.hpp"
#include "core/monitor_words.hpp"
#include "io/channel.hpp"
#include "io/clock.hpp"
#include "io/log.hpp"
#include "io/process.hpp"
#include "monitor/certificate.hpp"
#include "monitor/desk.hpp"
#include "monitor/server.hpp"

namespace keepalive::monitor {
namespace {

constexpr int humble = 5;  // niceness: whoever floods us takes nothing from the director

class Process {
 public:
  Process(boost::asio::io_context& io, int channel_fd, std::string folder)
      : folder_{std::move(folder)},
        channel_{
            io, channel_fd, {[this](std::string_view bytes, const base::Fd&) { hear(bytes); }, [&io] { io.stop(); }}},
        directors_{io, [this] { return connect(); }},
        hub_{io, directors_},
        desk_{io, directors_, hub_},
        server_{io,
                {.longest_body = [this](const Request& request) { return desk_.longest_body(request); },
                 .answer =
                     [this](Request request, const Visitor& visitor, const std::shared_ptr<Reply>& reply) {
                       desk_.answer(std::move(request), visitor, reply);
                     }}} {}

 private:
  void hear(std::string_view bytes) {
    auto message = core::decode_monitor(base::as_bytes(bytes));
    if (!message) return;
    if (auto* const set = std::get_if<core::SetMonitor>(&*message)) use(std::move(*set));
  }

  /// A connection to the director: it serves the other end. -1: there is no descriptor for it.
  int connect() try {
    const auto [ours, theirs] = io::socket_pair();
    channel_.send(encode(core::MonitorWords{core::Connect{}}), theirs);
    ::close(theirs);
    return ours;
  } catch (const std::system_error&) {
    return -1;
  }

  void use(core::SetMonitor set) {
    const Monitor& now = set.settings;
    use_users(now);
    if (set_.name != set.name || set_.settings.peers != now.peers || set_.settings.history != now.history || !any_) {
      for (const std::string& fault : directors_.use(set.name, now.peers))
        io::log(io::Level::warning, "MONITOR_PEER", "text=" + io::quoted(fault));
      hub_.use(folder_, now.history);
    }
    if (auto context = make_context(now)) server_.use(now.listen, std::move(context));
    set_ = std::move(set);
    any_ = true;
  }

  void use_users(const Monitor& settings) {
    std::vector<base::Diagnostic> faults;
    Users users = read_users(settings.users, settings.users_path, faults);
    for (const base::Diagnostic& fault : faults)
      io::log(io::Level::warning, "MONITOR_USERS",
              fmt::format("file={} line={} text={}", io::quoted(settings.users_path), fault.position.line,
                          io::quoted(fault.text)));
    desk_.use(settings, std::move(users));
  }

  TlsContext make_context(const Monitor& settings) {
    KeyPair pair{settings.certificate, settings.certificate_key};
    std::string fault;
    if (pair.certificate.empty()) {  // where it cannot be kept, it lasts as long as we do
      const auto now = io::epoch().count();
      if (!usable(own_, now)) own_ = kept_certificate(folder_ + "/certificate", own_names(), now, fault);
      pair = own_;
    }
    if (!fault.empty()) fault = "it lasts until the monitor ends, since it cannot be kept: " + fault;
    auto context = server_context({.certificate = pair.certificate,
                                   .key = pair.key,
                                   .client_ca = settings.client_ca,
                                   .certificate_path = settings.certificate_path,
                                   .key_path = settings.certificate_key_path,
                                   .client_ca_path = settings.client_ca_path});
    if (!context)
      fault = fmt::format(
          "{}; {}; mend it, then keepalivectl reload", context.error(),
          print_.empty() ? "the monitor does not listen" : "the monitor keeps its certificates and ports of before");
    if (!fault.empty()) io::log(io::Level::warning, "MONITOR_CERTIFICATE", "text=" + io::quoted(fault));
    if (!context) return nullptr;
    const std::string print = fingerprint(pair.certificate);
    if (std::exchange(print_, print) != print)
      io::log(io::Level::notice, "MONITOR_CERTIFICATE",
              fmt::format("own={} sha256={}", settings.certificate.empty() ? "yes" : "no", spoken(print)));
    return *context;
  }

  std::string folder_;
  io::Channel channel_;
  Directors directors_;
  Hub hub_;
  Desk desk_;
  Server server_;
  core::SetMonitor set_ = {};
  bool any_ = false;
  KeyPair own_ = {};
  std::string print_ = "";
};

}  // namespace

int run_monitor(int channel_fd, const std::string& folder) {
  std::signal(SIGPIPE, SIG_IGN);
  ::setpriority(PRIO_PROCESS, 0, humble);
  io::raise_descriptor_limit();
  boost::asio::io_context io;
  boost::asio::signal_set end{io, SIGTERM};  // so that what is closed is told
  end.async_wait([&io](const boost::system::error_code& error, int) {
    if (!error) io.stop();
  });
  const Process process{io, channel_fd, folder};
  io.run();
  return 0;
}

}  // namespace keepalive::monitor
