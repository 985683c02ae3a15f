#include "sync/io/store.hpp"

#include "sync/message.hpp"

namespace ipvs::sync {

Micros micros_now() { return std::chrono::duration_cast<Micros>(std::chrono::steady_clock::now().time_since_epoch()); }

Time now() { return std::chrono::duration_cast<Time>(micros_now()); }

void Store::hear(base::Bytes datagram, const Endpoint& source, bool own) {
  if (const auto token = decode_probe(datagram)) {
    if (!own) probes_.hear(*token);
    return;
  }
  const Time at = now();
  const auto read = decode(datagram);
  if (!read) return traffic_.count(source, own, datagram.size(), read.error(), at);
  std::size_t late = 0;
  for (const Entry& entry : read->entries)
    if (mirror_.hear(entry, at) == Mirror::News::late) ++late;
  traffic_.count(source, own, datagram.size(), *read, late, at);
}

void Store::bring(const std::string& datagram) {
  const auto read = decode(base::as_bytes(datagram));
  if (!read) ++unreadable_;
  if (!read || !injector_) return;
  hear(read->entries);
  injector_->give(datagram);
}

void Store::give(const std::vector<Entry>& entries) {
  if (!injector_) return;
  for (std::string& datagram : encode(entries, line_.id.value)) injector_->give(std::move(datagram));
  hear(entries);
}

void Store::know(const std::vector<Entry>& entries) {
  const Time at = now();
  for (const Entry& entry : entries)
    if (mirror_.find(identity(entry), at) == nullptr) mirror_.hear(entry, at);
}

/// One look at the clock for all: where it is a system call, 200,000 looks take longer than all the rest.
void Store::hear(const std::vector<Entry>& entries) {
  const Time at = now();
  for (const Entry& entry : entries) mirror_.hear(entry, at);
}

}  // namespace ipvs::sync
