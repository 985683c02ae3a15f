#include "config/commands.hpp"

namespace keepalive {

std::vector<const Command*> commands(const Config& config) {
  std::vector<const Command*> list = {&config.global.notify, &config.global.on_start, &config.global.on_stop};
  for (const Check& check : config.checks) list.push_back(&check.command);
  for (const Pool& pool : config.pools) {
    list.push_back(&pool.on_quorum_up);
    list.push_back(&pool.on_quorum_down);
    for (const Server& server : pool.servers) {
      list.push_back(&*server.on_up);
      list.push_back(&*server.on_down);
    }
  }
  for (const Vrrp& vrrp : config.vrrps)
    list.insert(list.end(), {&vrrp.on_master, &vrrp.on_backup, &vrrp.on_fault, &vrrp.on_stop, &vrrp.verify});
  return list;
}

}  // namespace keepalive
