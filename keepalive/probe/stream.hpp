// Bytes of a connected TCP socket, in and out, under an edge-triggered watch.
#pragma once

#include <cstdint>
#include <string_view>

#include "probe/probe.hpp"

namespace keepalive::probe {

/// Sends what the socket takes; `rest` is what it did not.
Found transmit(int fd, std::string_view& rest);

namespace stream {

constexpr int portions = 4;
enum class Read : std::uint8_t { data, nothing, last, failed };
/// `last`: data, and nothing more behind it. `piece` is valid until the next read.
Read read(int fd, std::uint32_t events, std::string_view& piece, int& error);
Found read_again(int fd, const Task& task);

}  // namespace stream

/// Hands on what the socket has to take(), and calls end() where the server ends it. In bounded portions: a server
/// that sends without pause is read again in the poller's next round.
template <class Take, class End>
Found receive(int fd, const Task& task, std::uint32_t events, Take take, End end) {
  std::string_view piece;
  for (int i = 0; i < stream::portions; ++i) {
    int error = 0;
    const stream::Read got = stream::read(fd, events, piece, error);
    if (got == stream::Read::failed) return system_fault(error);
    if (got == stream::Read::nothing) return std::nullopt;
    if (piece.empty()) return end();
    if (Found found = take(piece)) return found;
    if (got == stream::Read::last) return std::nullopt;
  }
  return stream::read_again(fd, task);
}

}  // namespace keepalive::probe
