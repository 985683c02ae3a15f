#include "core/alerts.hpp"

#include <type_traits>

#include "core/archive.hpp"

namespace keepalive::core {

template <class V, class T>
static void members(V& visit, T& m) {
  using Plain = std::remove_const_t<T>;
  if constexpr (std::is_same_v<Plain, SenderSettings>)
    visit(m.router_id, m.server, m.login, m.password, m.from, m.to, m.digest, m.repeat, m.webhook);
  if constexpr (std::is_same_v<Plain, Alert>) visit(m.sequence, m.time, m.kind, m.object, m.text, m.cause, m.level);
  if constexpr (std::is_same_v<Plain, Standing>) visit(m.list);
  if constexpr (std::is_same_v<Plain, Sent>) visit(m.what, m.error);
}

std::string encode(const Dispatch& message) { return archive::encode(message); }

std::optional<Dispatch> decode_dispatch(std::span<const std::uint8_t> bytes) {
  return archive::decode<Dispatch>(bytes);
}

}  // namespace keepalive::core
