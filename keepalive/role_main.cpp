#include "role_main.hpp"

#include <fmt/format.h>

#include <csignal>
#include <cstdio>
#include <exception>

#include "io/log.hpp"
#include "io/privilege.hpp"

namespace keepalive {
namespace {

int begin(const Options& options, const Beginning& beginning, int (*run)(const Options& options)) {
  if (options.channel < 0) return fmt::print(stderr, "{}: keepalive(8) starts it\n", beginning.program), 2;
  io::set_log(log_settings(options));
  for (const int number : {SIGHUP, SIGINT, SIGUSR1, SIGUSR2}) std::signal(number, SIG_IGN);
  for (const int number : beginning.ignored) std::signal(number, SIG_IGN);
  if (beginning.before != nullptr) beginning.before(options);
  const std::string fault = io::drop_privilege(beginning.users, beginning.capabilities);
  if (!fault.empty()) return io::log(io::Level::error, "PRIVILEGE", "text=" + io::quoted(fault)), 2;
  try {
    return run(options);
  } catch (const std::exception& cause) {
    return io::log(io::Level::error, "ROLE_FAULT", "text=" + io::quoted(cause.what())), 2;
  }
}

}  // namespace

int role_main(int argc, const char* const* argv, const Beginning& beginning, int (*run)(const Options& options)) try {
  return begin(read_options(argc, argv), beginning, run);
} catch (const std::exception& fault) {
  fmt::print(stderr, "{}: {}\n", beginning.program, fault.what());
  return 2;
}

}  // namespace keepalive
