#include <fmt/format.h>

#include <algorithm>

#include "config/placement.hpp"
#include "config/sync_keys.hpp"
#include "config/values.hpp"

namespace keepalive::config {
namespace {

using Transport = Sync::Transport;
using Kind = vrrp::Failback::Kind;

constexpr std::uint16_t relayed_length = 1400;  // what seals it goes into the same frame of 1,500 bytes

constexpr auto channel_keys = {"share", "resync", "resync_rate"};

class SyncResolver {
 public:
  SyncResolver(Draft& draft, Teller& tell)
      : draft_{draft}, sync_{*draft.config.sync}, given_{draft.plain["sync"]}, tell_{tell} {}

  void run() {
    check_daemons();
    check_follow();
    check_length();
    check_ports();
    check_channel();
    check_secrets();
  }

 private:
  void at(std::string_view key, std::string text) { tell_.at(given_, key, draft_.sync, std::move(text)); }
  bool is(const char* sysctl, std::string_view value) const {
    const auto found = draft_.config.sysctls.find(sysctl);
    return found != draft_.config.sysctls.end() && found->second == value;
  }

  void check_daemons() {
    if (!given_.contains("interface")) at("", "[sync] needs `interface': the one that leads to the other director");
    if (!given_.contains("id"))
      at("", "[sync] needs `id', the same on all directors that sync: a number from 1 to 255");
    if (!given_.contains("follow")) at("", "[sync] needs `follow': the name of a [vrrp NAME], or `both'");
    if (sync_.daemons.both && is("backup_only", "1"))
      at("backup_only",
         "with follow = both a director has the backup daemon always, and with backup_only = 1 it forwards nothing "
         "then: "
         "backup_only = 0, or follow = NAME");
  }

  void check_follow() {
    if (!given_.contains("follow") || !given_.sound({"follow"}) || sync_.daemons.both) return;
    std::vector<std::string_view> known{"both"};
    for (const VrrpDraft& one : draft_.vrrps) known.push_back(one.vrrp.router.name);
    if (std::find(known.begin() + 1, known.end(), sync_.follow) != known.end()) return;
    at("follow", fmt::format("no [vrrp NAME] is called `{}'{}", sync_.follow, base::suggestion(sync_.follow, known)));
  }

  void check_length() {
    if (!given_.sound({"max_length", "version"})) return;
    const std::uint32_t version = is("sync_version", "0") ? 0 : 1;
    const std::uint32_t most = ipvs::sync::longest_whole(version);
    if (sync_.daemons.max_length > most)
      at("max_length",
         fmt::format(
             "a datagram of version {} longer than {} bytes carries more than 255 connections, the kernel counts "
             "them in one byte, and 256 of them are lost: at most {}",
             version, most, most));
  }

  void check_ports() {
    constexpr std::uint32_t last = 65535;
    if (!given_.sound({"port", "ports"}) || !given_.contains("port")) return;
    const auto found = draft_.config.sysctls.find("sync_ports");
    const std::uint64_t threads =
        found == draft_.config.sysctls.end() ? 1 : read_number(found->second, 1, last).value_or(1);
    if (sync_.daemons.port.value + threads - 1 > last)
      at("port", fmt::format("{} threads have the ports from {} on: at most {}", threads, sync_.daemons.port.value,
                             last - threads + 1));
  }

  // ---- The agents

  void check_channel() {
    const bool relay = sync_.transport == Transport::relay;
    const bool peer = given_.contains("peer");
    if (relay && !peer) at("transport", "transport = relay needs `peer', the other director's agent");
    if (peer && !given_.contains("listen"))
      at("peer", "a peer needs `listen', too: where the peer finds this director's agent");
    if (!peer && given_.contains("listen")) at("listen", "nobody is to connect: `listen' needs `peer'");
    for (const std::string_view key : channel_keys)
      if (!peer && given_.contains(key)) at(key, fmt::format("`{}' needs `peer': the agents see to it", key));
    if (relay && given_.contains("ttl"))
      at("ttl", "with transport = relay no multicast leaves this host: `ttl' goes with transport = multicast");
    if (!given_.sound({"peer", "listen"}) || !sync_.listen) return;
    for (const ipvs::Endpoint& one : sync_.peers) {
      if (one.address.family() != sync_.listen->address.family())
        at("listen",
           fmt::format("{} and the peer {} are of different families", to_string(*sync_.listen), to_string(one)));
      if (one == *sync_.listen) at("peer", fmt::format("{} is where this director listens itself", to_string(one)));
    }
  }

  void check_secrets() {
    const bool peer = given_.contains("peer");
    const bool key = given_.contains("key");
    const bool tls = given_.contains("certificate");
    if (key && tls) at("certificate", "`key' or `certificate', not both");
    if (peer && !key && !tls)
      at("peer",
         "a peer needs `key', or `certificate', `certificate_key' and `ca': whoever forged messages could "
         "redirect connections");
    for (const std::string_view one : {"certificate_key", "ca"}) {
      if (tls && !given_.contains(one)) at("certificate", fmt::format("`certificate' needs `{}', too", one));
      if (!tls && given_.contains(one)) at(one, fmt::format("`{}' needs `certificate'", one));
    }
    if (!peer && (key || tls)) at(key ? "key" : "certificate", "there is no `peer' that it is for");
  }

  Draft& draft_;
  const Sync& sync_;
  const Given& given_;
  Teller& tell_;
};

bool is_mixed(const VirtualServer& service, const Pool& pool) {
  const std::set<ipvs::Family> families = families_of(service);
  return std::any_of(pool.servers.begin(), pool.servers.end(), [&](const Server& server) {
    return families.size() != 1 || *families.begin() != server.endpoint.address.family();
  });
}

}  // namespace

void resolve_sync(Draft& draft, Teller& tell) {
  if (draft.config.sync) SyncResolver{draft, tell}.run();
  if (draft.config.sync && draft.config.sync->transport == Transport::relay &&
      !draft.plain["sync"].contains("max_length"))
    draft.config.sync->daemons.max_length = relayed_length;
  if (draft.config.sync && draft.plain["sync"].contains("peer")) return;
  for (const VrrpDraft& one : draft.vrrps)
    if (one.section != nullptr && one.vrrp.router.failback.kind == Kind::when_synced)
      tell.at(one.given, "failback", one.section,
              "failback = when-synced needs `peer' in [sync]: otherwise nobody compares the directors' connections");
}

Diagnostics sync_warnings(const Draft& draft) {
  Diagnostics list;
  const Config& config = draft.config;
  for (std::size_t i = 0; config.sync && i < config.services.size(); ++i)
    if (const VirtualServer& service = config.services[i]; is_mixed(service, config.pools[service.pool]))
      list.push_back({draft.services[i].section->at,
                      fmt::format("connections of {} to servers of another family are not synced: the kernel cannot",
                                  service.name),
                      std::string{draft.services[i].section->source}, base::Diagnostic::Kind::warning});
  return list;
}

}  // namespace keepalive::config
