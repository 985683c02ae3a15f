// keepalive-monitor: the role that browsers talk to. The launcher starts it.
#include "monitor/role.hpp"
#include "role_main.hpp"

int main(int argc, char** argv) {
  return keepalive::role_main(argc, argv, {.program = "keepalive-monitor", .users = {"keepalive-monitor", "nobody"}},
                              [](const keepalive::Options& options) {
                                return keepalive::monitor::run_monitor(options.channel, options.state_file("monitor"));
                              });
}
