// keepalive-vrrp: the role that speaks VRRP and holds virtual addresses. The launcher starts it.
#include <linux/capability.h>

#include <csignal>

#include "io/log.hpp"
#include "io/realtime.hpp"
#include "role_main.hpp"
#include "vrrp/role.hpp"

namespace {

void go_realtime(const keepalive::Options& options) {
  if (options.realtime == 0) return;
  if (const std::string refused = keepalive::io::go_realtime(options.realtime); !refused.empty())
    keepalive::io::log(keepalive::io::Level::warning, "REALTIME_REFUSED", "text=" + keepalive::io::quoted(refused));
}

}  // namespace

int main(int argc, char** argv) {
  return keepalive::role_main(argc, argv,
                              {.program = "keepalive-vrrp",
                               .ignored = {SIGTERM},
                               .users = {"keepalive"},
                               .capabilities = {CAP_NET_ADMIN, CAP_NET_RAW},
                               .before = go_realtime},
                              [](const keepalive::Options& options) {
                                return keepalive::vrrp_role::run_vrrp(options.channel, options.instance);
                              });
}
