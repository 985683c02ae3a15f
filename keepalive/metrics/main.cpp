// keepalive-metrics: the role that scrapers talk to. The launcher starts it.
#include "metrics/role.hpp"
#include "role_main.hpp"

int main(int argc, char** argv) {
  return keepalive::role_main(
      argc, argv, {.program = "keepalive-metrics", .users = {"keepalive-metrics", "nobody"}},
      [](const keepalive::Options& options) { return keepalive::metrics::run_metrics(options.channel); });
}
