// keepalive-vrrp: the role that speaks VRRP and holds virtual addresses. The launcher starts it.
#include <fmt/format.h>
#include <linux/capability.h>

#include <csignal>
#include <cstdio>
#include <exception>

#include "io/log.hpp"
#include "io/privilege.hpp"
#include "io/realtime.hpp"
#include "options.hpp"
#include "vrrp/role.hpp"

namespace keepalive {
namespace {

int run(const Options& options) {
  if (options.channel < 0) return fmt::print(stderr, "keepalive-vrrp: keepalive(8) starts it\n"), 2;
  io::set_log(log_settings(options));
  for (const int number : {SIGHUP, SIGINT, SIGTERM, SIGUSR1, SIGUSR2}) std::signal(number, SIG_IGN);
  if (options.realtime != 0)
    if (const std::string refused = io::go_realtime(options.realtime); !refused.empty())
      io::log(io::Level::warning, "REALTIME_REFUSED", "text=" + io::quoted(refused));
  const std::string fault = io::drop_privilege({"keepalive"}, {CAP_NET_ADMIN, CAP_NET_RAW});
  if (!fault.empty()) return io::log(io::Level::error, "PRIVILEGE", "text=" + io::quoted(fault)), 2;
  return vrrp_role::run_vrrp(options.channel);
}

}  // namespace
}  // namespace keepalive

int main(int argc, char** argv) {
  try {
    return keepalive::run(keepalive::read_options(argc, argv));
  } catch (const std::exception& fault) {
    fmt::print(stderr, "keepalive-vrrp: {}\n", fault.what());
    return 2;
  }
}
