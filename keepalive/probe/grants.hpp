// Sockets that were asked of the director, until those of one probe are all here.
#pragma once

#include <cstdint>
#include <memory>
#include <unordered_map>

#include "probe/probe.hpp"

namespace keepalive::probe {

class Grants {
 public:
  using Slot = std::uint32_t;

  /// The number of the request.
  std::uint32_t ask(Slot slot, std::uint32_t count);
  bool waits(Slot slot) const { return open_.contains(slot); }
  /// Whether it answers what is asked now.
  bool answers(Slot slot, std::uint32_t run) const;
  /// One has come; all of them, once they are here.
  std::unique_ptr<Sockets> take(Slot slot, Fd socket);
  void drop(Slot slot) { open_.erase(slot); }

 private:
  struct Request {
    std::uint32_t run = 0;
    std::uint32_t count = 0;
    std::unique_ptr<Sockets> sockets = nullptr;
  };
  std::unordered_map<Slot, Request> open_ = {};
  std::uint32_t last_ = 0;
};

}  // namespace keepalive::probe
