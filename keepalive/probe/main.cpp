// keepalive-prober: the role that reads foreign answers. The launcher starts it.
#include <fmt/format.h>

#include <csignal>
#include <cstdio>
#include <exception>

#include "io/log.hpp"
#include "io/privilege.hpp"
#include "options.hpp"
#include "probe/prober.hpp"

namespace keepalive {
namespace {

int run(const Options& options) {
  if (options.channel < 0) return fmt::print(stderr, "keepalive-prober: keepalive(8) starts it\n"), 2;
  io::set_log(log_settings(options));
  for (const int number : {SIGHUP, SIGINT, SIGPIPE, SIGUSR1, SIGUSR2}) std::signal(number, SIG_IGN);
  const std::string fault = io::drop_privilege({"keepalive-probe", "nobody"}, {});
  if (!fault.empty()) return io::log(io::Level::error, "PRIVILEGE", "text=" + io::quoted(fault)), 2;
  return probe::run_prober(options.channel);
}

}  // namespace
}  // namespace keepalive

int main(int argc, char** argv) {
  try {
    return keepalive::run(keepalive::read_options(argc, argv));
  } catch (const std::exception& fault) {
    fmt::print(stderr, "keepalive-prober: {}\n", fault.what());
    return 2;
  }
}
