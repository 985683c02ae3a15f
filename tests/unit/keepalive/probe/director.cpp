#include "director.hpp"

#include <doctest/doctest.h>
#include <unistd.h>

#include "base/bytes.hpp"
#include "core/sockets.hpp"
#include "io/socket.hpp"
#include "probe/prober.hpp"

namespace probe_test {

namespace core = keepalive::core;
namespace io = keepalive::io;
namespace probe = keepalive::probe;

namespace {

/// What the prober could not find out stands where its evidence would.
core::Verdict word_of(const core::Summary& summary) {
  if (summary.unable.empty()) return summary.verdict;
  return {.evidence = summary.unable};
}

}  // namespace

Director::Director() {
  const auto [ours, theirs] = io::socket_pair();
  channel_ = std::make_unique<io::Channel>(
      io_, ours,
      io::Channel::Handler{.message = [this](std::string_view bytes, const base::Fd&) { hear(bytes); },
                           .closed = [] {}});
  prober_ = std::thread{[fd = theirs] { CHECK(probe::run_prober(fd) == 0); }};
}

Director::~Director() {
  channel_.reset();
  prober_.join();
}

void Director::hear(std::string_view bytes) {
  auto message = core::decode(base::as_bytes(bytes));
  REQUIRE(message);
  const auto* const wanted = std::get_if<core::WantSockets>(&*message);
  if (wanted != nullptr && open_socket) give(*wanted);
  got.push_back(*std::move(message));
}

void Director::give(const core::WantSockets& wanted) {
  for (std::uint32_t i = 0; i < wanted.count; ++i) {
    const auto socket = open_socket();
    const core::GotSocket answer{wanted.target, wanted.run, socket ? "" : socket.error()};
    channel_->send(core::encode(answer), socket.value_or(-1));
    if (socket) ::close(*socket);
  }
}

void Director::tell(const core::Message& message) { channel_->send(core::encode(message)); }

void Director::probe(std::uint32_t number, const std::string& check, std::uint16_t port, State state) {
  tell(core::SetCheck{number, check});
  const auto address = *ipvs::Address::parse("127.0.0.1");
  tell(core::SetTargets{{{.id = number, .check = number, .endpoint = {address, {port}}, .state = state}}});
}

bool Director::until(const std::function<bool()>& done) {
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds{30};
  while (!done()) {
    if (std::chrono::steady_clock::now() > deadline) return false;
    io_.restart();
    io_.run_one_for(std::chrono::milliseconds{100});
  }
  return true;
}

core::Verdict Director::verdict(std::uint32_t target) {
  core::Verdict verdict;
  CHECK(until([&] {
    for (const core::Message& message : got) {
      const auto* const transition = std::get_if<core::Transition>(&message);
      if (transition != nullptr && transition->target == target) return verdict = transition->verdict, true;
      const auto* const summaries = std::get_if<core::Summaries>(&message);
      if (summaries == nullptr) continue;
      for (const core::Summary& summary : summaries->list)
        if (summary.target == target) return verdict = word_of(summary), true;
    }
    return false;
  }));
  return verdict;
}

State Director::state(std::uint32_t target) const {
  State state = State::unknown;
  for (const core::Message& message : got)
    if (const auto* const one = std::get_if<core::Transition>(&message); one != nullptr && one->target == target)
      state = one->state;
  return state;
}

const core::Summary* Director::summary(std::uint32_t target) const {
  const core::Summary* last = nullptr;
  for (const core::Message& message : got)
    if (const auto* const summaries = std::get_if<core::Summaries>(&message))
      for (const core::Summary& summary : summaries->list)
        if (summary.target == target) last = &summary;
  return last;
}

core::Verdict verdict_of(const std::string& check, std::uint16_t port) {
  Director director;
  director.open_socket = [] { return io::open_socket({.kind = core::SocketNeed::Kind::ping}); };
  std::string text = check.ends_with('\n') ? check : check + "\n";
  if (check.find("timeout") == check.npos) text += "timeout = 20s\n";  // for slow machines
  director.probe(1, text + "fall = 1\ninterval = 60s\njitter = 0\n", port);
  return director.verdict(1);
}

}  // namespace probe_test
