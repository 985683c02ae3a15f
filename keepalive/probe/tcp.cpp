#include "probe/tcp.hpp"

#include "probe/socket.hpp"
#include "probe/stream.hpp"

namespace keepalive::probe {

Found TcpProbe::start() {
  unsent_ = check().send;
  return open_tcp(fd_, task());
}

Found TcpProbe::ready(std::uint32_t events) {
  if (connected_) return converse(events);
  if ((events & (EPOLLERR | EPOLLHUP)) != 0) return socket_fault(fd_.get());
  if ((events & EPOLLOUT) == 0) return std::nullopt;
  connected_ = true;
  if (unsent_.empty() && !task().plan->expect) return success(Fact::connected);
  return converse(events);
}

Found TcpProbe::converse(std::uint32_t events) {
  if (auto failed = transmit(fd_.get(), unsent_)) return failed;
  if (!unsent_.empty()) return std::nullopt;
  const Plan& plan = *task().plan;
  if (!plan.expect) {
    const linger wait{0, 0};  // the words must arrive
    setsockopt(fd_.get(), SOL_SOCKET, SO_LINGER, &wait, sizeof wait);
    return success(Fact::connected);
  }
  return receive(
      fd_.get(), task(), events, [&](std::string_view piece) { return answer_.take(plan, piece); },
      [&] { return answer_.end(plan); });
}

Finding TcpProbe::expired() { return answer_.empty() ? Probe::expired() : answer_.end(*task().plan); }

}  // namespace keepalive::probe
