// The director's end of a prober that runs in a thread.
#pragma once

#include <boost/asio/io_context.hpp>
#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <tl/expected.hpp>
#include <vector>

#include "core/messages.hpp"
#include "io/channel.hpp"

namespace probe_test {

using keepalive::core::State;

class Director {
 public:
  Director();
  Director(const Director&) = delete;
  Director& operator=(const Director&) = delete;
  /// Closes the channel; the prober must end.
  ~Director();

  void tell(const keepalive::core::Message& message);
  /// A check and one target of it, both of this number.
  void probe(std::uint32_t number, const std::string& check, std::uint16_t port, State state = State::unknown);
  /// Reads messages until this is so; false: it was not within 30 s.
  bool until(const std::function<bool()>& done);

  /// The first verdict of the target, whichever way it came.
  keepalive::core::Verdict verdict(std::uint32_t target);
  /// The last state that the prober told.
  State state(std::uint32_t target) const;
  const keepalive::core::Summary* summary(std::uint32_t target) const;

  std::vector<keepalive::core::Message> got = {};
  /// Opens the sockets that are asked for; none: no answer.
  std::function<tl::expected<int, std::string>()> open_socket = nullptr;

 private:
  void hear(std::string_view bytes);
  void give(const keepalive::core::WantSockets& wanted);

  boost::asio::io_context io_;
  std::unique_ptr<keepalive::io::Channel> channel_;
  std::thread prober_;
};

/// The verdict of one probe of a server on a port of 127.0.0.1.
keepalive::core::Verdict verdict_of(const std::string& check, std::uint16_t port);

}  // namespace probe_test
