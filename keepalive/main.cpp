// keepalive: the launcher, which starts itself again as the director, and keepalive-prober (probe/main.cpp).
#include <fmt/format.h>
#include <malloc.h>
#include <unistd.h>

#include <climits>
#include <csignal>
#include <cstdio>
#include <exception>
#include <filesystem>

#include "base/diagnostics.hpp"
#include "config/files.hpp"
#include "config/load.hpp"
#include "director.hpp"
#include "import/import.hpp"
#include "io/host.hpp"
#include "io/log.hpp"
#include "io/service.hpp"
#include "launcher.hpp"
#include "options.hpp"
#include "sync/roles.hpp"

namespace keepalive {
namespace {

/// What is likely not meant, on this host.
void warn_of_host(const Options& options, const Config& config, Diagnostics& warnings) {
  const auto interface = config.sync ? io::look_at_interface(config.sync->daemons.interface) : std::nullopt;
  if (interface && !interface->ipv4 && ipvs::sync::needs_ipv4(config.sync->daemons.group))
    warnings.push_back(
        {base::Position{options.config},
         fmt::format("[sync] interface {} has no IPv4 address here: the kernel sends from that of another "
                     "interface, or from none",
                     config.sync->daemons.interface),
         {},
         base::Diagnostic::Kind::warning});
}

int check(const Options& options) {
  Diagnostics warnings;
  const auto config = load(options.config, Files{}, environment(), &warnings);
  if (config) warn_of_host(options, *config, warnings);
  fmt::print(stderr, "{}", base::render(config ? warnings : config.error()));
  return config ? 0 : 1;
}

/// keepalived's --config-id where nobody says one: the host's name up to its first dot.
std::string host_id() {
  std::string name(HOST_NAME_MAX + 1, '\0');
  if (gethostname(name.data(), name.size()) != 0) return "";
  return name.substr(0, name.find_first_of(std::string_view{".\0", 2}));
}

int convert(const Options& options) {
  const Files files;
  const auto text = files.read(options.import);
  const auto refuse = [&](base::Diagnostic fault) { return fmt::print(stderr, "{}", base::render(fault)), 1; };
  if (!text) return refuse({base::Position{options.import}, "cannot be read: " + text.error()});
  auto source = import::source_of(options.import, *text);
  if (!options.import_from.empty())
    source = options.import_from == "keepalived" ? import::Source::keepalived : import::Source::ldirectord;
  if (!source)
    return refuse({base::Position{options.import},
                   "looks neither like keepalived's nor like ldirectord's: --import-from says whose it is"});
  auto result = source == import::Source::ldirectord
                    ? import::import_ldirectord(options.import, files)
                    : import::import_keepalived(options.import, files,
                                                {.id = options.import_id.empty() ? host_id() : options.import_id,
                                                 .folder = std::filesystem::current_path().string(),
                                                 .environment = environment()});
  if (!result) return refuse(result.error());
  if (result->taken == 0) {
    fmt::print(stderr, "{}", import::summary(*result));
    return refuse({base::Position{options.import},
                   fmt::format("nothing of it could be taken over as {}: --import-from says whose it is",
                               source == import::Source::ldirectord ? "ldirectord's" : "keepalived's")});
  }
  const import::Imported checked = import::verified(std::move(*result), files);
  fmt::print("{}", checked.text);
  fmt::print(stderr, "{}", import::summary(checked));
  return 0;
}

int launch(Options options) {
  if (options.daemon && options.log == "auto") options.log = "syslog";
  // In the background it stands in /.
  for (std::string* const path : {&options.config, &options.run_dir, &options.state_dir})
    *path = std::filesystem::absolute(*path).string();
  const auto ready = options.daemon ? io::go_to_background() : std::function<void()>{};
  const bool ours = io::make_folder(options.run_dir, 0755) || io::made_by_systemd(options.run_dir);
  io::make_folder(options.state_dir, 0711);
  io::make_folder(options.director_folder(), 0700);
  io::make_folder(options.monitor_folder(), 0700);
  io::lock_instance(options.run_file("lock"));
  // Last: we may be root without the right to write where others own the folder.
  if (ours) io::give_folder(options.run_dir, "keepalive");
  io::give_folder(options.director_folder(), "keepalive");
  io::give_folder(options.monitor_folder(), "keepalive-monitor");
  if (!options.netns.empty()) io::enter_netns(options.netns);
  return run_launcher(options, ready);
}

/// A reload needs the memory that the one before had: given back to the kernel, it would have to be asked for again page
/// by page, most of a reload's time.
void keep_memory() {
  constexpr int most = 1 << 30;
  mallopt(M_MMAP_THRESHOLD, most);
  mallopt(M_TRIM_THRESHOLD, most);
}

int run(const Options& options) {
  if (options.task == Task::help) return fmt::print("{}", usage()), 0;
  if (options.task == Task::version) return fmt::print("keepalive {}\n", IPVS_NG_VERSION), 0;
  if (options.task == Task::print_defaults) return fmt::print("{}", print_defaults()), 0;
  if (options.task == Task::check) return check(options);
  if (options.task == Task::import) return convert(options);
  keep_memory();
  for (const int number : {SIGPIPE, SIGUSR1, SIGUSR2}) std::signal(number, SIG_IGN);
  io::set_log(log_settings(options));
  if (options.role.empty()) return launch(options);
  // Signals are the launcher's; a terminal sends them to all.
  for (const int number : {SIGHUP, SIGINT}) std::signal(number, SIG_IGN);
  return run_director(options);
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
