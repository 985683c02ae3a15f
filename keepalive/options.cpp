#include "options.hpp"

#include <fmt/format.h>

#include <array>
#include <boost/program_options.hpp>
#include <optional>
#include <sstream>
#include <stdexcept>

namespace keepalive {
namespace {

namespace po = boost::program_options;

constexpr auto name_letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-";

constexpr auto levels = std::to_array<std::pair<std::string_view, io::Level>>({{"error", io::Level::error},
                                                                               {"warning", io::Level::warning},
                                                                               {"notice", io::Level::notice},
                                                                               {"info", io::Level::info}});

std::optional<io::Level> level(const std::string& word) {
  for (const auto& [name, level] : levels)
    if (name == word) return level;
  return std::nullopt;
}

po::options_description shown(Options& options) {
  po::options_description list{"Options"};
  auto add = list.add_options();
  add("config,f", po::value(&options.config)->value_name("FILE"), "the configuration");
  add("check", po::value<std::string>()->implicit_value("")->value_name("FILE"),
      "tell every fault of the configuration and end: 0 none, 1 some");
  add("print-defaults", "print every key with its default");
  add("import", po::value(&options.import)->value_name("FILE"),
      "print a configuration of keepalived or ldirectord as one of ours");
  add("import-from", po::value(&options.import_from)->value_name("WHOSE"), "keepalived or ldirectord");
  add("import-id", po::value(&options.import_id)->value_name("NAME"), "keepalived's --config-id; default: the host");
  add("instance", po::value(&options.instance)->value_name("NAME"), "one of several daemons side by side");
  add("netns", po::value(&options.netns)->value_name("NAME"), "work in this network namespace: name or path");
  add("daemon,d", po::bool_switch(&options.daemon), "go to the background once all is in service");
  add("log", po::value(&options.log)->value_name("WHERE"), "auto, stderr or syslog");
  add("log-level", po::value(&options.log_level)->value_name("LEVEL"), "error, warning, notice or info");
  add("run-dir", po::value(&options.run_dir)->default_value(options.run_dir)->value_name("FOLDER"),
      "control socket and lock");
  add("state-dir", po::value(&options.state_dir)->value_name("FOLDER"), "what survives a restart");
  add("help,h", "print this");
  add("version,V", "print the version");
  return list;
}

Task task(const po::variables_map& given) {
  if (given.contains("help")) return Task::help;
  if (given.contains("version")) return Task::version;
  if (given.contains("print-defaults")) return Task::print_defaults;
  if (given.contains("import")) return Task::import;
  return given.contains("check") ? Task::check : Task::run;
}

}  // namespace

std::vector<std::string> Options::own_arguments(const std::string& program) const {
  std::vector<std::string> line = {program};
  for (const auto& [option, value] : {std::pair{"--config", &config},
                                      {"--instance", &instance},
                                      {"--run-dir", &run_dir},
                                      {"--state-dir", &state_dir},
                                      {"--log", &log},
                                      {"--log-level", &log_level}})
    if (!value->empty()) line.insert(line.end(), {option, *value});
  return line;
}

std::vector<std::string> Options::role_arguments(const std::string& program, const std::string& its_role,
                                                 int fd) const {
  std::vector<std::string> line = own_arguments(program);
  line.insert(line.end(), {"--role", its_role, "--channel", std::to_string(fd)});
  if (realtime != 0) line.insert(line.end(), {"--realtime", std::to_string(realtime)});
  return line;
}

Options read_options(int argc, const char* const* argv) {
  Options options;
  po::options_description all = shown(options);
  all.add_options()("word", po::value<std::string>(), "")("role", po::value(&options.role), "")(
      "channel", po::value(&options.channel), "")("realtime", po::value(&options.realtime), "");
  po::variables_map given;
  po::positional_options_description words;
  words.add("word", 1);
  po::store(po::command_line_parser(argc, argv).options(all).positional(words).run(), given);
  po::notify(given);
  if (const auto word = given.find("word"); word != given.end())
    throw std::runtime_error{"`" + word->second.as<std::string>() +
                             "' is no option; a configuration is named with -f " + word->second.as<std::string>()};
  options.task = task(given);
  if (options.instance.find_first_not_of(name_letters) != std::string::npos)
    throw std::runtime_error{"an instance's name has letters, digits, `_' and `-' only"};
  if (given.count("config") == 0 && !options.instance.empty())
    options.config = "/etc/keepalive/" + options.instance + ".conf";
  if (options.task == Task::check && !given["check"].as<std::string>().empty())
    options.config = given["check"].as<std::string>();
  for (const char* const option : {"import-from", "import-id"})
    if (given.contains(option) && !given.contains("import"))
      throw std::runtime_error{fmt::format("--{} goes with --import FILE", option)};
  const bool known =
      options.import_from.empty() || options.import_from == "keepalived" || options.import_from == "ldirectord";
  if (!known) throw std::runtime_error{"--import-from wants keepalived or ldirectord"};
  if (given["run-dir"].defaulted() && !options.instance.empty()) options.run_dir += "-" + options.instance;
  if (options.log != "auto" && options.log != "stderr" && options.log != "syslog")
    throw std::runtime_error{"--log wants auto, stderr or syslog"};
  if (!level(options.log_level)) throw std::runtime_error{"--log-level wants error, warning, notice or info"};
  return options;
}

io::LogSettings log_settings(const Options& options) {
  const bool syslog = options.log == "syslog" || (options.log == "auto" && options.daemon);
  const bool journal = !syslog && io::stderr_is_journal();
  return {.most = *level(options.log_level),
          .syslog = syslog,
          .prefix = journal,
          .stamp = !syslog && !journal,
          .name = options.instance.empty() ? "keepalive" : "keepalive/" + options.instance};
}

std::string usage() {
  Options unused;
  std::ostringstream out;
  out << "Usage: keepalive [OPTION]…\nKeeps IPVS services healthy as keepalive.conf(5) says.\n\n" << shown(unused);
  return out.str();
}

}  // namespace keepalive
