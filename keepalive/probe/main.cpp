// keepalive-prober: the role that reads foreign answers. The launcher starts it.
#include <csignal>

#include "probe/prober.hpp"
#include "role_main.hpp"

int main(int argc, char** argv) {
  return keepalive::role_main(
      argc, argv, {.program = "keepalive-prober", .ignored = {SIGPIPE}, .users = {"keepalive-probe", "nobody"}},
      [](const keepalive::Options& options) { return keepalive::probe::run_prober(options.channel); });
}
