#include "vrrp/outgoing.hpp"

#include "base/bytes.hpp"

namespace keepalive::vrrp_role {
namespace {

constexpr std::size_t at_once = 128;
constexpr std::size_t most = 65536;

}  // namespace

void Outgoing::send(net::Index interface, const std::vector<std::string>& frames) {
  for (const std::string& frame : frames) queue_.emplace_back(interface, frame);
  while (queue_.size() > most) queue_.pop_front();
  if (!waits_) flush();
}

void Outgoing::flush() {
  while (!queue_.empty())
    if (send_some() == 0) {
      waits_ = true;
      return sender_->wait([this] {
        waits_ = false;
        flush();
      });
    }
}

/// The first ones of one interface; how many have left the queue.
std::size_t Outgoing::send_some() {
  std::vector<net::Frame> frames;
  const net::Index interface = queue_.front().first;
  for (const auto& [its, frame] : queue_) {
    if (its != interface || frames.size() == at_once) break;
    frames.push_back(base::as_bytes(frame));
  }
  const std::size_t gone = sender_->send(interface, frames).value_or(frames.size());
  queue_.erase(queue_.begin(), queue_.begin() + static_cast<std::ptrdiff_t>(gone));
  return gone;
}

}  // namespace keepalive::vrrp_role
