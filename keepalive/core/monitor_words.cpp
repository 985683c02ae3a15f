#include "core/monitor_words.hpp"

#include <type_traits>

#include "core/archive.hpp"

namespace keepalive {

constexpr Monitor::Allow last_of(Monitor::Allow) { return Monitor::Allow::configure; }

template <class V, class T>
requires std::is_same_v<std::remove_const_t<T>, Monitor> || std::is_same_v<std::remove_const_t<T>, Monitor::Peer>
static void members(V& visit, T& m) {
  if constexpr (std::is_same_v<std::remove_const_t<T>, Monitor::Peer>)
    visit(m.name, m.at, m.host, m.token, m.fingerprint, m.ca);
  else
    visit(m.listen, m.allow, m.certificate, m.certificate_key, m.client_ca, m.users, m.users_path, m.certificate_path,
          m.certificate_key_path, m.client_ca_path, m.idle, m.longest, m.peers, m.history);
}

namespace core {

template <class V, class T>
requires std::is_same_v<std::remove_const_t<T>, SetMonitor> || std::is_same_v<std::remove_const_t<T>, Connect>
static void members(V& visit, T& m) {
  if constexpr (std::is_same_v<std::remove_const_t<T>, SetMonitor>) visit(m.settings, m.name);
}

std::string encode(const MonitorWords& message) { return archive::encode(message); }

std::optional<MonitorWords> decode_monitor(std::span<const std::uint8_t> bytes) {
  return archive::decode<MonitorWords>(bytes);
}

}  // namespace core
}  // namespace keepalive
