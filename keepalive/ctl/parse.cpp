#include "parse.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <boost/program_options/errors.hpp>
#include <boost/program_options/options_description.hpp>
#include <boost/program_options/parsers.hpp>
#include <boost/program_options/positional_options.hpp>
#include <boost/program_options/value_semantic.hpp>
#include <boost/program_options/variables_map.hpp>
#include <chrono>
#include <sstream>

#include "base/diagnostics.hpp"
#include "config/values.hpp"
#include "sync.hpp"

namespace keepalive::ctl {
namespace {

namespace po = boost::program_options;

struct Row {
  Verb verb;
  std::string_view name;
  std::string_view arguments;  // words of the synopsis, all required
  std::string_view options;    // that go with it
  std::string_view help;
};

constexpr std::array rows{
    Row{Verb::status, "status", "", "json watch", "what serves and what does not; without a command, this"},
    Row{Verb::explain, "explain", "OBJECT", "json",
        "why a server, pool, virtual server or router is as it is; what comes next"},
    Row{Verb::events, "events", "", "follow since json", "what happened, oldest first"},
    Row{Verb::doctor, "doctor", "", "json", "what stops traffic on this director, with remedies"},
    Row{Verb::metrics, "metrics", "", "", "OpenMetrics text"},
    Row{Verb::plan, "plan", "", "json", "what a reload would change"},
    Row{Verb::reload, "reload", "", "", "read the configuration again; wait for the outcome"},
    Row{Verb::restart, "restart", "", "", "execute the daemon anew, as after an upgrade: addresses and table stay"},
    Row{Verb::drain, "drain", "SERVER", "deadline wait", "no new connections; taken out when none is left"},
    Row{Verb::undrain, "undrain", "SERVER", "", "back to what the file says"},
    Row{Verb::weight, "weight", "SERVER N", "", "weight N whatever the file says, until `undrain'"},
    Row{Verb::disable, "disable", "SERVER", "", "taken out at once, until `enable'"},
    Row{Verb::enable, "enable", "SERVER", "", "back to what the file says"},
    Row{Verb::switchover, "switchover", "INSTANCE", "to json",
        "a virtual router, with its group: a master hands over, a backup takes over"},
    Row{Verb::sync, "sync", "WHAT", "json",
        "connection sync: status, doctor, parity, resync, differences or connections"},
    Row{Verb::alerts, "alerts", "", "json", "alerts that are open, and who has seen them"},
    Row{Verb::acknowledge, "acknowledge", "N", "", "alert N is seen"},
    Row{Verb::versions, "versions", "", "json", "the last versions of the configuration's files"},
    Row{Verb::diff, "config", "diff [N [N]]", "",
        "what the loaded files have changed since version N, or one version since another"},
    Row{Verb::confirm, "confirm", "", "", "a version that waits for it stays"},
    Row{Verb::rollback, "rollback", "N", "confirm", "the files as in version N, and in effect"},
    Row{Verb::names, "names", "", "", "of all objects, a line each: server, pool, service, router"},
};

po::options_description options() {
  po::options_description all{"Options", 110};
  auto add = all.add_options();
  add("json", "the daemon's own answer: status, explain, events, doctor, plan, switchover, sync, alerts, versions");
  add("watch", "status: again every second");
  add("follow", "events: and those to come");
  add("since", po::value<std::string>()->value_name("N"), "events: after number N");
  add("deadline", po::value<std::string>()->value_name("TIME"), "drain: taken out after TIME at the latest; 60s, 5m");
  add("wait", "drain: until it is taken out, with progress");
  add("confirm", po::value<std::string>()->value_name("TIME"),
      "rollback: undone after TIME, from 10s to 1h, unless confirmed");
  add("to", po::value<std::string>()->value_name("STATE"), "switchover: to backup or master, if it is not already");
  add("instance", po::value<std::string>()->value_name("NAME"), "the instance of that name");
  add("socket", po::value<std::string>()->value_name("PATH"), "its control socket (/run/keepalive/control)");
  add("help,h", "this text");
  add("version,V", "the version");
  return all;
}

constexpr std::chrono::seconds shortest_term{10};
constexpr std::chrono::seconds longest_term{3600};
constexpr std::uint64_t most_weight = 0x7fffffff;  // as in the file

std::string no_weight(std::string_view word) {
  return fmt::format("weight wants a number from 0 to {}, not `{}'", most_weight, word);
}

/// -1: boost takes it for an option.
bool is_negative(std::string_view word) {
  return word.size() > 1 && word.front() == '-' && word.find_first_not_of("0123456789", 1) == std::string_view::npos;
}

bool goes_with(const Row& row, const std::string& option) {
  constexpr std::array<std::string_view, 5> always{"instance", "socket", "help", "version", "words"};
  if (std::find(always.begin(), always.end(), option) != always.end()) return true;
  const std::string list = fmt::format(" {} ", row.options);
  return list.find(fmt::format(" {} ", option)) != std::string::npos;
}

using Words = std::vector<std::string>;
tl::unexpected<std::string> fault(std::string text) { return tl::unexpected{std::move(text)}; }

/// The options as boost understands them; its complaints in our words.
tl::expected<po::variables_map, std::string> read(const Words& words) {
  po::options_description all = options();
  all.add_options()("words", po::value<Words>());
  po::positional_options_description positional;
  positional.add("words", -1);
  namespace style = po::command_line_style;
  po::variables_map found;
  if (const auto negative = std::find_if(words.begin(), words.end(), is_negative);
      negative != words.end() && words.front() == "weight")
    return fault(no_weight(*negative));
  try {
    po::store(po::command_line_parser(words)
                  .options(all)
                  .positional(positional)
                  .style((style::unix_style & ~style::allow_guessing) | style::allow_long)
                  .run(),
              found);
  } catch (const po::unknown_option& unknown) {
    const po::options_description plain = options();
    Words names;
    for (const auto& option : plain.options()) names.push_back("--" + option->long_name());
    const std::vector<std::string_view> known{names.begin(), names.end()};
    return fault(fmt::format("no such option: `{}'{}", unknown.get_option_name(),
                             base::suggestion(unknown.get_option_name(), known)));
  } catch (const po::error& other) {
    return fault(other.what());
  }
  return found;
}

const Row* find_row(const std::string& name) {
  const auto row = std::find_if(rows.begin(), rows.end(), [&](const Row& one) { return one.name == name; });
  return row == rows.end() ? nullptr : &*row;
}

/// Takes the values of options over; a fault, or nothing.
std::string take_options(Command& command, const po::variables_map& given) {
  const auto text = [&](const char* name) { return given[name].as<std::string>(); };
  command.json = given.contains("json");
  command.watch = given.contains("watch");
  command.wait = given.contains("wait");
  command.follow = given.contains("follow");
  if (command.json && command.watch) return "--json and --watch do not go together";
  if (given.contains("instance") && given.contains("socket")) return "--instance and --socket do not go together";
  if (given.contains("socket")) command.socket = text("socket");
  if (given.contains("instance")) {
    const std::string name = text("instance");
    if (name.empty() || name.find('/') != std::string::npos) return fmt::format("no such instance: `{}'", name);
    command.socket = fmt::format("/run/keepalive-{0}/{0}.control", name);
  }
  if (given.contains("to")) {
    command.to = text("to");
    if (command.to != "backup" && command.to != "master")
      return fmt::format("--to wants backup or master, not `{}'", command.to);
  }
  if (given.contains("deadline")) {
    command.deadline = config::read_time(text("deadline"));
    if (!command.deadline) return fmt::format("--deadline wants a time such as 60s or 5m, not `{}'", text("deadline"));
  }
  if (given.contains("confirm")) {
    command.confirm = config::read_time(text("confirm"));
    if (!command.confirm || *command.confirm < shortest_term || *command.confirm > longest_term)
      return fmt::format("--confirm wants a time from 10s to 1h, not `{}'", text("confirm"));
  }
  if (given.contains("since")) {
    command.since = config::read_number(text("since"), 0, UINT64_MAX);
    if (!command.since) return fmt::format("--since wants a number, not `{}'", text("since"));
  }
  return {};
}

/// config diff [N [N]]
std::string take_versions(Command& command, const Words& words) {
  if (words.size() < 2) return "config wants diff";
  if (words[1] != "diff") return fmt::format("config wants diff, not `{}'", words[1]);
  if (words.size() > 4) return fmt::format("config diff: `{}' is too much", words[4]);
  for (std::size_t i = 2; i < words.size(); ++i)
    if (!config::read_number(words[i], 1, INT64_MAX))
      return fmt::format("config diff wants numbers of versions, not `{}'", words[i]);
  if (words.size() > 2) command.object = words[2];
  if (words.size() > 3) command.other = words[3];
  return {};
}

/// Takes the words behind the command's name over; a fault, or nothing.
std::string take_arguments(Command& command, const Row& row, const Words& words) {
  if (row.verb == Verb::diff) return take_versions(command, words);
  const auto wanted = static_cast<std::size_t>(
      row.arguments.empty() ? 0 : 1 + std::count(row.arguments.begin(), row.arguments.end(), ' '));
  if (words.size() < wanted + 1) return fmt::format("{} wants {}", row.name, row.arguments);
  if (words.size() > wanted + 1) return fmt::format("{}: `{}' is too much", row.name, words[wanted + 1]);
  if (wanted > 0) command.object = words[1];
  if (command.object.empty() && wanted > 0) return fmt::format("{} wants {}", row.name, row.arguments);
  if (row.verb == Verb::sync) return sync_objection(command.object);
  if (row.arguments == "N" && !config::read_number(command.object, 1, INT64_MAX))
    return fmt::format("{} wants a number, not `{}'", row.name, command.object);
  if (row.verb != Verb::weight) return {};
  const auto weight = config::read_number(words[2], 0, most_weight);
  if (!weight) return no_weight(words[2]);
  command.weight = static_cast<std::uint32_t>(*weight);
  return {};
}

}  // namespace

tl::expected<Command, std::string> parse(const Words& words) {
  const auto given = read(words);
  if (!given) return fault(given.error());
  if (given->contains("help")) return Command{.verb = Verb::help};
  if (given->contains("version")) return Command{.verb = Verb::version};
  const Words named = given->contains("words") ? (*given)["words"].as<Words>() : Words{"status"};
  const Row* const row = find_row(named.front());
  if (row == nullptr) {
    std::vector<std::string_view> known;
    known.reserve(rows.size());
    for (const Row& one : rows) known.push_back(one.name);
    return fault(fmt::format("no such command: `{}'{}", named.front(), base::suggestion(named.front(), known)));
  }
  for (const auto& [option, value] : *given)
    if (!goes_with(*row, option)) return fault(fmt::format("--{} does not go with {}", option, row->name));
  Command command{.verb = row->verb};
  if (auto text = take_arguments(command, *row, named); !text.empty()) return fault(std::move(text));
  if (auto text = take_options(command, *given); !text.empty()) return fault(std::move(text));
  return command;
}

std::string help() {
  std::ostringstream text;
  text << "Usage: keepalivectl [COMMAND] [OPTIONS]\n\nCommands:\n";
  for (const Row& row : rows)
    text << fmt::format("  {:<22}{}\n",
                        row.arguments.empty() ? row.name : fmt::format("{} {}", row.name, row.arguments), row.help);
  text << "\nWho may use the monitor: `keepalivectl user --help'.\n";
  text << "\nSERVER is POOL/NAME; the name or the address alone when only one pool has it.\n\n" << options();
  return std::move(text).str();
}

}  // namespace keepalive::ctl
