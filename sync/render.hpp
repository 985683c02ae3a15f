// What ipvs-sync prints for people.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

#include "sync/message.hpp"
#include "sync/options.hpp"
#include "sync/traffic.hpp"

namespace ipvs::sync {

/// A datagram and its entries, a line each; or one JSON object and a line feed.
std::string text_of(const Datagram& datagram, const Endpoint& source, bool own);
std::string json_of(const Datagram& datagram, const Endpoint& source, bool own);
/// The senders as a table; `before`: a second ago, for the rates.
std::string table_of(const Traffic& traffic, const Traffic& before, Time now);

/// An agent's answer, as `verb` shows it.
std::string render(Verb verb, std::string_view answer);
/// Whether the answer tells of something that is wrong: for the exit code.
bool alarming(Verb verb, std::string_view answer);

/// How far a parity or resync is, that was begun `since` ago; of the status, of all peers together.
enum class Outcome : std::uint8_t { goes_on, happened, failed };  // failed: with one peer or more, or there is none
Outcome outcome(Verb verb, std::string_view status, std::chrono::milliseconds since);

}  // namespace ipvs::sync
