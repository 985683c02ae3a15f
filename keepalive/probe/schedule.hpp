// When what is due: one time for each slot, the earliest first. A binary heap that knows where each slot stands, so
// that a time can be changed or taken back. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "core/verdict.hpp"

namespace keepalive::probe {

class Schedule {
 public:
  using Slot = std::uint32_t;

  /// Sets or changes the time of a slot.
  void set(Slot slot, core::Time at);
  void erase(Slot slot);
  /// The earliest time of all.
  std::optional<core::Time> next() const;
  /// Takes the earliest slot out, if it is due.
  std::optional<Slot> pop(core::Time now);
  std::size_t size() const { return heap_.size(); }

 private:
  struct Entry {
    core::Time at{0};
    Slot slot = 0;
  };
  static constexpr std::uint32_t nowhere = 0xffffffff;

  void put(std::size_t place, Entry entry);
  void rise(std::size_t place, Entry entry);
  void sink(std::size_t place, Entry entry);
  void settle(std::size_t place, Entry entry);

  std::vector<Entry> heap_ = {};
  std::vector<std::uint32_t> place_ = {};  // of each slot in the heap
};

}  // namespace keepalive::probe
