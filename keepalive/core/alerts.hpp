// The language between the director and the sender, which tells people and other programs what happened.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <variant>
#include <vector>

#include "core/level.hpp"
#include "core/verdict.hpp"

namespace keepalive::core {

// Director to sender.
/// The first word, and again at each reload. An empty mail server or webhook: there is none.
struct SenderSettings {
  std::string router_id = "";
  std::string server = "";  // URL: smtp://, smtps://
  std::string login = "";
  std::string password = "";
  std::string from = "";
  std::vector<std::string> to = {};
  Time digest{0};  // alerts of this time go in one mail
  Time repeat{0};  // what is still open is told again; 0: never
  std::string webhook = "";

  friend bool operator==(const SenderSettings&, const SenderSettings&) = default;
};
/// An entry of the journal.
struct Alert {
  using Level = core::Level;
  std::uint64_t sequence = 0;
  Time time{0};  // since 1970
  Level level = Level::info;
  std::string kind = "";  // SERVER_DOWN
  std::string object = "";
  std::string text = "";
  std::string cause = "";

  friend bool operator==(const Alert&, const Alert&) = default;
};
/// What is wrong at present with servers and pools: no news, but still to be closed.
struct Standing {
  std::vector<Alert> list = {};

  friend bool operator==(const Standing&, const Standing&) = default;
};

// Sender to director.
/// How an attempt ended.
struct Sent {
  std::string what = "";   // "mail to ops@example.net"
  std::string error = "";  // "connection refused"; empty: it went out

  friend bool operator==(const Sent&, const Sent&) = default;
};

using Dispatch = std::variant<SenderSettings, Alert, Standing, Sent>;

std::string encode(const Dispatch& message);
std::optional<Dispatch> decode_dispatch(std::span<const std::uint8_t> bytes);

}  // namespace keepalive::core
