// ipvs-sync: sees, checks, compares and carries the kernel's connection sync.
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <thread>

#include "ipvs++/client.hpp"
#include "sync/io/agent.hpp"
#include "sync/io/capture.hpp"
#include "sync/io/desk.hpp"
#include "sync/io/store.hpp"
#include "sync/options.hpp"
#include "sync/render.hpp"

namespace ipvs::sync {
namespace {

namespace asio = boost::asio;
using namespace std::chrono_literals;

constexpr std::string_view clear_screen = "\x1b[H\x1b[2J";

int fail(std::string_view what) {
  fmt::print(stderr, "ipvs-sync: {}\n", what);
  return 1;
}

/// The exit code.
int put(std::string_view text) {
  const bool good = std::fwrite(text.data(), 1, text.size(), stdout) == text.size() && std::fflush(stdout) == 0;
  return good ? 0 : fail(fmt::format("cannot write standard output: {}", std::strerror(errno)));
}

/// Runs until a signal asks it to end, or it has ended.
void run_loop(asio::io_context& io) {
  asio::signal_set signals{io, SIGTERM, SIGINT};
  signals.async_wait([&io](const boost::system::error_code& error, int) {
    if (!error) io.stop();
  });
  io.run();
}

// ---- monitor

class Monitor {
 public:
  Monitor(asio::io_context& io, const Options& options) : io_{io}, options_{options}, clock_{io} {}

  int run() {
    auto capture = Capture::open(io_, options_.agent.line);
    if (!capture) return fail(capture.error());
    capture->start([this](const Heard& heard) { hear(heard); });
    tick();
    run_loop(io_);
    return code_;
  }

 private:
  void show(std::string_view text) {
    code_ = put(text);
    if (code_ != 0) io_.stop();
  }

  void hear(const Heard& heard) {
    store_.hear(heard.datagram, heard.source, heard.own);
    if (options_.watch || options_.form == Form::counters) return;
    const auto datagram = decode(heard.datagram);
    if (decode_probe(heard.datagram)) return;
    if (!datagram)
      show(fmt::format("{} no datagram of the kernel's: {}, {} bytes\n", to_string(heard.source),
                       to_string(datagram.error()), heard.datagram.size()));
    else if (options_.form == Form::json)
      show(json_of(*datagram, heard.source, heard.own));
    else
      show(text_of(*datagram, heard.source, heard.own));
  }

  void tick() {
    if (options_.watch)
      show(std::string{clear_screen} + table_of(store_.traffic(), before_, now()));
    else if (options_.form == Form::counters && passed_ > 0)
      show(table_of(store_.traffic(), before_, now()));
    before_ = store_.traffic();
    store_.mirror().age(now(), store_.mirror().buckets() / 10 + 1);
    if (options_.seconds != 0 && passed_++ == options_.seconds) return io_.stop();
    if (options_.seconds == 0) ++passed_;
    clock_.expires_after(1s);
    clock_.async_wait([this](const boost::system::error_code& error) {
      if (!error) tick();
    });
  }

  asio::io_context& io_;
  const Options& options_;
  asio::steady_timer clock_;
  Store store_{options_.agent.line};
  Traffic before_ = {};
  std::uint32_t passed_ = 0;
  int code_ = 0;
};

int run_monitor(const Options& options) {
  asio::io_context io;
  return Monitor{io, options}.run();
}

// ---- The agent

std::optional<std::vector<Daemon>> running_daemons() {
  auto client = Client::open();
  if (!client) return std::nullopt;
  auto daemons = client->daemons();
  return daemons ? std::optional{std::move(*daemons)} : std::nullopt;
}

int run_agent(AgentSettings settings) {
  std::signal(SIGPIPE, SIG_IGN);
  asio::io_context io;
  settings.daemons = running_daemons();
  Agent agent{io, settings};
  std::string told;
  std::uint32_t reports = 0;
  agent.on_report([&](const Report& report) {
    std::string faults;
    for (const std::string& fault : report.faults) faults += (faults.empty() ? "" : "; ") + fault;
    if (faults != told) fmt::print(stderr, "ipvs-sync: {}\n", faults.empty() ? "all is well again" : faults);
    told = faults;
    if (++reports % 30 != 0) return;
    settings.daemons = running_daemons();
    agent.use(settings);
  });
  run_loop(io);
  return 0;
}

// ---- The tools

int ask(const Options& options, const std::string& request) {
  const auto answer = ask_agent(options.agent.socket, request);
  if (!answer) return fail(answer.error());
  const int code = put(options.form == Form::json ? *answer : render(options.verb, *answer));
  return code != 0 || alarming(options.verb, *answer) ? 1 : 0;
}

/// Begins it, and tells how things are when it is over.
int begin(const Options& options, const std::string& request) {
  const auto start = std::chrono::steady_clock::now();
  const auto begun = ask_agent(options.agent.socket, request);
  if (!begun) return fail(begun.error());
  while (true) {
    std::this_thread::sleep_for(500ms);
    const auto status = ask_agent(options.agent.socket, "status");
    if (!status) return fail(status.error());
    const auto since = std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - start);
    const Outcome how = outcome(options.verb, *status, since);
    if (how != Outcome::goes_on) return std::max(ask(options, "status"), how == Outcome::failed ? 1 : 0);
  }
}

int watch(const Options& options) {
  while (true) {
    const auto answer = ask_agent(options.agent.socket, "status");
    if (!answer) return fail(answer.error());
    const int code = put(std::string{clear_screen} + render(options.verb, *answer));
    if (code != 0) return code;
    std::this_thread::sleep_for(1s);
  }
}

int run(const Options& options) {
  switch (options.verb) {
    case Verb::help:
      return put(help());
    case Verb::version:
      return put("ipvs-sync " IPVS_NG_VERSION "\n");
    case Verb::monitor:
      return run_monitor(options);
    case Verb::mirror:
    case Verb::relay:
      return run_agent(options.agent);
    case Verb::status:
      if (options.watch) return watch(options);
      return ask(options, "status");
    case Verb::doctor:
      return ask(options, "doctor");
    case Verb::parity:
      return begin(options, "compare");
    case Verb::resync:
      return begin(options, "resync");
    case Verb::differences:
      return ask(options, fmt::format("differences {}", options.count));
    case Verb::connections:
      return ask(options, fmt::format("connections {} {}", options.by, options.count));
  }
  return 2;
}

}  // namespace
}  // namespace ipvs::sync

int main(int argc, char** argv) {
  std::signal(SIGPIPE, SIG_DFL);
  const auto options = ipvs::sync::read_options({argv + 1, argv + argc});
  if (!options) {
    ipvs::sync::fail(options.error());
    return 2;
  }
  return ipvs::sync::run(*options);
}
