#include "core/sockets.hpp"

namespace keepalive::core {
namespace {

std::optional<SocketNeed::Kind> kind(CheckType type) {
  switch (type) {
    case CheckType::script:
    case CheckType::file:
      return std::nullopt;
    case CheckType::ping:
      return SocketNeed::Kind::ping;
    case CheckType::udp:
    case CheckType::dns:
      return SocketNeed::Kind::datagram;
    default:
      return SocketNeed::Kind::stream;
  }
}

}  // namespace

std::optional<SocketNeed> socket_need(const Check& check, ipvs::Family family, ipvs::Fwmark path) {
  const ipvs::Fwmark mark = check.via == Via::path ? path : check.mark;
  const auto its_kind = kind(check.type);
  if (!its_kind || (mark.value == 0 && *its_kind != SocketNeed::Kind::ping)) return std::nullopt;
  return SocketNeed{.kind = *its_kind, .family = family, .mark = mark};
}

bool Allowance::take(std::uint32_t count, Time now) {
  if (now - begin_ >= std::chrono::seconds{1}) begin_ = now, taken_ = 0;
  if (count == 0 || count > most_sockets || taken_ + count > a_second) return false;
  taken_ += count;
  return true;
}

}  // namespace keepalive::core
