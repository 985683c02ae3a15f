// keepalive-sender: the role that talks to mail servers and webhooks. The launcher starts it.
#include <csignal>

#include "role_main.hpp"
#include "sender/sender.hpp"

int main(int argc, char** argv) {
  // It ends with its channel, after its last word: not by SIGTERM.
  return keepalive::role_main(
      argc, argv, {.program = "keepalive-sender", .ignored = {SIGTERM}, .users = {"keepalive-sender", "nobody"}},
      [](const keepalive::Options& options) { return keepalive::sender::run_sender(options.channel); });
}
