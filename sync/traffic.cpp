#include "sync/traffic.hpp"

#include <algorithm>

namespace ipvs::sync {

Sender* Traffic::sender(const Endpoint& source, bool own, std::size_t bytes, Time now) {
  if (senders_.size() == most_senders && !senders_.contains(source)) {
    ++unknown_;
    return nullptr;
  }
  const auto [place, fresh] = senders_.try_emplace(source);
  Sender& sender = place->second;
  if (fresh) {
    sender.first = now;
  } else if (now - sender.last > pause) {
    ++sender.gaps;
    sender.longest_gap = std::max(sender.longest_gap, now - sender.last);
  }
  sender.own = own;
  sender.last = now;
  ++sender.datagrams;
  sender.bytes += bytes;
  sender.largest = std::max<std::uint64_t>(sender.largest, bytes);
  return &sender;
}

void Traffic::count(const Endpoint& source, bool own, std::size_t bytes, const Datagram& datagram, std::size_t late,
                    Time now) {
  Sender* const from = sender(source, own, bytes, now);
  if (from == nullptr) return;
  from->version = datagram.version;
  from->id = datagram.id;
  from->entries += datagram.entries.size();
  from->late += late;
  from->templates += static_cast<std::uint64_t>(std::count_if(datagram.entries.begin(), datagram.entries.end(),
                                                              [](const Entry& entry) { return entry.is_template(); }));
}

void Traffic::count(const Endpoint& source, bool own, std::size_t bytes, Fault fault, Time now) {
  Sender* const from = sender(source, own, bytes, now);
  if (from != nullptr) ++from->faulty.at(static_cast<std::size_t>(fault));
}

}  // namespace ipvs::sync
