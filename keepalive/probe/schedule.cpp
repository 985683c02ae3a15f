#include "probe/schedule.hpp"

namespace keepalive::probe {

void Schedule::set(Slot slot, core::Time at) {
  if (slot >= place_.size()) place_.resize(std::size_t{slot} + 1, nowhere);
  if (place_[slot] == nowhere) {
    heap_.emplace_back();
    return rise(heap_.size() - 1, {at, slot});
  }
  settle(place_[slot], {at, slot});
}

void Schedule::erase(Slot slot) {
  if (slot >= place_.size() || place_[slot] == nowhere) return;
  const std::size_t place = place_[slot];
  place_[slot] = nowhere;
  const Entry last = heap_.back();
  heap_.pop_back();
  if (place < heap_.size()) settle(place, last);
}

std::optional<core::Time> Schedule::next() const {
  if (heap_.empty()) return std::nullopt;
  return heap_.front().at;
}

std::optional<Schedule::Slot> Schedule::pop(core::Time now) {
  if (heap_.empty() || heap_.front().at > now) return std::nullopt;
  const Slot slot = heap_.front().slot;
  erase(slot);
  return slot;
}

void Schedule::put(std::size_t place, Entry entry) {
  heap_[place] = entry;
  place_[entry.slot] = static_cast<std::uint32_t>(place);
}

void Schedule::rise(std::size_t place, Entry entry) {
  for (std::size_t parent = (place - 1) / 2; place > 0 && entry.at < heap_[parent].at; parent = (place - 1) / 2) {
    put(place, heap_[parent]);
    place = parent;
  }
  put(place, entry);
}

void Schedule::sink(std::size_t place, Entry entry) {
  for (std::size_t child = 2 * place + 1; child < heap_.size(); child = 2 * place + 1) {
    if (child + 1 < heap_.size() && heap_[child + 1].at < heap_[child].at) ++child;
    if (entry.at <= heap_[child].at) break;
    put(place, heap_[child]);
    place = child;
  }
  put(place, entry);
}

/// Puts an entry where `place` is free, or further up or down.
void Schedule::settle(std::size_t place, Entry entry) {
  if (place > 0 && entry.at < heap_[(place - 1) / 2].at) return rise(place, entry);
  sink(place, entry);
}

}  // namespace keepalive::probe
