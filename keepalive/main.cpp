// keepalive: one program, several roles. Without --role it is the launcher, which starts the others.
#include <fmt/format.h>
#include <linux/capability.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <exception>

#include "base/diagnostics.hpp"
#include "config/files.hpp"
#include "config/load.hpp"
#include "director.hpp"
#include "io/log.hpp"
#include "io/privilege.hpp"
#include "io/service.hpp"
#include "launcher.hpp"
#include "options.hpp"
#include "probe/prober.hpp"

namespace keepalive {
namespace {

constexpr auto levels = std::to_array<std::pair<std::string_view, io::Level>>({{"error", io::Level::error},
                                                                               {"warning", io::Level::warning},
                                                                               {"notice", io::Level::notice},
                                                                               {"info", io::Level::info},
                                                                               {"debug", io::Level::debug}});

void begin_log(const Options& options) {
  io::LogSettings settings{.syslog = options.log == "syslog" || (options.log == "auto" && options.daemon),
                           .prefix = std::getenv("JOURNAL_STREAM") != nullptr && isatty(STDERR_FILENO) == 0};
  if (!options.instance.empty()) settings.name += "/" + options.instance;
  for (const auto& [word, level] : levels)
    if (word == options.log_level) settings.most = level;
  io::set_log(settings);
}

int check(const Options& options) {
  const auto config = load(options.config, Files{}, environment());
  if (config) return 0;
  fmt::print(stderr, "{}", base::render(config.error()));
  return 1;
}

int launch(Options options) {
  io::make_folder(options.run_dir, "keepalive", 0755);
  io::make_folder(options.state_dir, "keepalive", 0700);
  if (options.daemon && options.log == "auto") options.log = "syslog";
  const auto ready = options.daemon ? io::go_to_background() : std::function<void()>{};
  io::lock_instance(options.run_file("lock"));
  if (!options.netns.empty()) io::enter_netns(options.netns);
  return run_launcher(options, ready);
}

int run(const Options& options) {
  if (options.task == Task::help) return fmt::print("{}", usage()), 0;
  if (options.task == Task::version) return fmt::print("keepalive {}\n", IPVS_NG_VERSION), 0;
  if (options.task == Task::print_defaults) return fmt::print("{}", print_defaults()), 0;
  if (options.task == Task::check) return check(options);
  std::signal(SIGPIPE, SIG_IGN);
  begin_log(options);
  if (options.role.empty()) return launch(options);
  // Signals are the launcher's; a terminal sends them to all.
  for (const int number : {SIGHUP, SIGINT}) std::signal(number, SIG_IGN);
  if (options.role == "director") return run_director(options);
  const bool marking = options.role == "marking-prober";
  const std::string fault =
      io::drop_privilege({"keepalive-probe", "nobody"}, marking ? std::vector<int>{CAP_NET_RAW} : std::vector<int>{});
  if (!fault.empty()) io::log(io::Level::warning, "PRIVILEGE", "text=" + io::quoted(fault));
  return probe::run_prober(options.channel);
}

}  // namespace
}  // namespace keepalive

int main(int argc, char** argv) {
  try {
    return keepalive::run(keepalive::read_options(argc, argv));
  } catch (const std::exception& fault) {
    fmt::print(stderr, "keepalive: {}\n", fault.what());
    return 2;
  }
}
