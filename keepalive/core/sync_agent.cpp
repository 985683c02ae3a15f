#include "core/sync_agent.hpp"

#include <utility>

#include "base/text.hpp"

namespace keepalive::core {
namespace {

using Resync = SyncReport::Resync;

std::uint8_t ports_of(const Config& config) {
  const auto found = config.sysctls.find("sync_ports");
  if (found == config.sysctls.end()) return 1;
  return base::read_number<std::uint8_t>(found->second).value_or(1);
}

Resync outcome(ipvs::sync::Resync resync) {
  switch (resync) {
    case ipvs::sync::Resync::none:
      return Resync::none;
    case ipvs::sync::Resync::asked:
    case ipvs::sync::Resync::waits:
    case ipvs::sync::Resync::runs:
      return Resync::running;
    case ipvs::sync::Resync::done:
      return Resync::done;
    case ipvs::sync::Resync::refused:
      return Resync::failed;
  }
  return Resync::none;
}

}  // namespace

std::optional<SetAgent> agent_settings(const Config& config) {
  if (!config.sync) return std::nullopt;
  const Sync& sync = *config.sync;
  ipvs::sync::Line line{.interface = sync.daemons.interface, .ports = ports_of(config), .id = sync.daemons.id};
  if (sync.daemons.group) line.group = *sync.daemons.group;
  if (sync.daemons.port.value != 0) line.port = sync.daemons.port;
  return SetAgent{{.host = config.global.router_id,
                   .line = std::move(line),
                   .relay = sync.transport == Sync::Transport::relay,
                   .listen = sync.listen,
                   .peers = sync.peers,
                   .secrets = sync.keys,
                   .certificate = sync.certificate,
                   .certificate_key = sync.certificate_key,
                   .ca = sync.ca,
                   .donate = sync.resync,
                   .resync_rate = sync.resync_rate}};
}

SyncReport sync_report(ipvs::sync::Report report) {
  SyncReport told;
  for (const ipvs::sync::PeerReport& peer : report.peers) {
    told.connected = told.connected || peer.connected;
    if (!peer.connected || !peer.permille || *peer.permille < told.parity_permille) continue;
    told.parity_permille = *peer.permille;
    told.resync = outcome(peer.resync);
  }
  told.whole = std::make_shared<const ipvs::sync::Report>(std::move(report));
  return told;
}

}  // namespace keepalive::core
