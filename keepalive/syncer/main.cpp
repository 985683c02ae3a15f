// keepalive-sync: the role that runs the agent of connection sync. The launcher starts it.
#include <linux/capability.h>

#include "role_main.hpp"
#include "syncer/role.hpp"

int main(int argc, char** argv) {
  return keepalive::role_main(
      argc, argv, {.program = "keepalive-sync", .users = {"keepalive-sync", "nobody"}, .capabilities = {CAP_NET_RAW}},
      [](const keepalive::Options& options) { return keepalive::syncer::run_sync(options.channel); });
}
