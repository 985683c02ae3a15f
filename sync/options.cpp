#include "sync/options.hpp"

#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <boost/program_options/errors.hpp>
#include <boost/program_options/options_description.hpp>
#include <boost/program_options/parsers.hpp>
#include <boost/program_options/positional_options.hpp>
#include <boost/program_options/value_semantic.hpp>
#include <boost/program_options/variables_map.hpp>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <sstream>
#include <utility>

#include "base/text.hpp"

namespace ipvs::sync {
namespace {

namespace po = boost::program_options;

struct Row {
  Verb verb;
  std::string_view name;
  std::string_view options;  // that go with it
  std::string_view help;
};

constexpr std::array rows{
    Row{Verb::monitor, "monitor", "interface group port ports json counters watch seconds",
        "what passes on the sync network, decoded"},
    Row{Verb::mirror, "mirror",
        "interface group port ports id socket listen peer key certificate certificate-key ca no-donate rate",
        "keep this director's connections and compare them with a peer's: the agent"},
    Row{Verb::relay, "relay",
        "interface group port ports id socket listen peer key certificate certificate-key ca no-donate rate",
        "the same, and carry the kernel's datagrams to the peers, encrypted"},
    Row{Verb::status, "status", "socket json watch", "what the agent here knows"},
    Row{Verb::doctor, "doctor", "socket json", "what keeps connections from being copied, with remedies"},
    Row{Verb::parity, "parity", "socket json", "compare with the peers now"},
    Row{Verb::resync, "resync", "socket json", "fetch all connections of the peers now"},
    Row{Verb::differences, "differences", "socket json count", "connections that a peer does not have"},
    Row{Verb::connections, "connections", "socket json count by", "who has the most connections"},
};

po::options_description described() {
  po::options_description all{"Options", 110};
  auto add = all.add_options();
  const auto text = [](const char* name) { return po::value<std::string>()->value_name(name); };
  const auto texts = [](const char* name) { return po::value<std::vector<std::string>>()->value_name(name); };
  add("interface,i", text("NAME"), "where the kernel's sync daemons speak");
  add("group", text("ADDRESS"), "their multicast group (224.0.0.81)");
  add("port", text("N"), "their first UDP port (8848)");
  add("ports", text("N"), "how many: net.ipv4.vs.sync_ports (1)");
  add("id", text("N"), "the sync id of what is given to the kernel (0)");
  add("listen", text("ADDRESS:PORT"), "where peers ask (TCP) and relay to (UDP)");
  add("peer", texts("ADDRESS:PORT"), "another director's agent; may be repeated");
  add("key", texts("FILE"), "shared secret; the first is used, all are accepted; for its owner only");
  add("certificate", text("FILE"), "of this director, PEM; with --certificate-key and --ca instead of --key");
  add("certificate-key", text("FILE"), "its key, PEM; for its owner only");
  add("ca", text("FILE"), "who must have signed the peers' certificates, PEM");
  add("no-donate", "give no connections to peers");
  add("rate", text("N"), "connections a second that a peer is given at most (50000)");
  add("socket", text("PATH"), "where the tools ask the agent (/run/ipvs-sync)");
  add("json", "as JSON");
  add("counters", "monitor: a line for each sender every second, no entries");
  add("watch", "monitor, status: a screen that is drawn again every second");
  add("seconds", text("N"), "monitor: end after so long");
  add("count,n", text("N"), "differences, connections: at most so many lines (20)");
  add("by", text("WORD"), "connections: client or server");
  add("help,h", "this text");
  add("version,V", "the version");
  return all;
}

using Fault = std::string;  // empty: none

Fault number(const po::variables_map& given, const char* name, std::uint64_t least, std::uint64_t most, auto& into) {
  if (given.count(name) == 0) return {};
  const std::string& text = given[name].as<std::string>();
  const auto value = base::read_number<std::uint64_t>(text);
  if (!value || *value < least || *value > most)
    return fmt::format("--{} wants a number from {} to {}, not `{}'", name, least, most, text);
  into = static_cast<std::remove_reference_t<decltype(into)>>(*value);
  return {};
}

Fault file(const std::string& option, const std::string& path, bool secret, std::string& into) {
  struct stat facts {};
  std::ifstream in{path};
  if (!in || ::stat(path.c_str(), &facts) != 0)
    return fmt::format("--{}: cannot read {}: {}", option, path, std::strerror(errno));
  if (secret && (facts.st_mode & 077U) != 0)
    return fmt::format("--{}: others may read {}: chmod 600 {}", option, path, path);
  std::ostringstream text;
  text << in.rdbuf();
  into = std::move(text).str();
  if (into.empty()) return fmt::format("--{}: {} is empty", option, path);
  return {};
}

Fault endpoint(const std::string& option, const std::string& text, Endpoint& into) {
  const auto read = Endpoint::parse(text);
  if (!read) return fmt::format("--{} wants ADDRESS:PORT or [ADDRESS]:PORT, not `{}'", option, text);
  into = *read;
  return {};
}

std::vector<std::string> list(const po::variables_map& given, const char* name) {
  return given.count(name) != 0 ? given[name].as<std::vector<std::string>>() : std::vector<std::string>{};
}

Fault read_line(const po::variables_map& given, Line& line) {
  if (given.count("interface") != 0) line.interface = given["interface"].as<std::string>();
  if (line.interface.empty()) return "which --interface? ip link shows what there is";
  if (given.count("group") != 0) {
    const auto group = Address::parse(given["group"].as<std::string>());
    if (!group || !group->is_multicast()) return "--group wants a multicast address";
    line.group = *group;
  }
  for (const Fault& fault : {number(given, "port", 1, 65535, line.port.value),
                             number(given, "ports", 1, 64, line.ports), number(given, "id", 0, 255, line.id.value)})
    if (!fault.empty()) return fault;
  return {};
}

Fault read_secrets(const po::variables_map& given, AgentSettings& agent) {
  for (const std::string& path : list(given, "key")) {
    std::string text;
    Fault fault = file("key", path, true, text);
    if (!fault.empty()) return fault;
    auto secret = secret_of(std::move(text));
    if (!secret) return fmt::format("--key: {}: {}", path, secret.error());
    agent.secrets.push_back(std::move(*secret));
  }
  struct Pem {
    const char* name;
    bool secret;
    std::string& into;
  };
  const std::array pems{Pem{"certificate", false, agent.certificate},
                        Pem{"certificate-key", true, agent.certificate_key}, Pem{"ca", false, agent.ca}};
  std::size_t found = 0;
  for (const Pem& pem : pems) {
    if (given.count(pem.name) == 0) continue;
    ++found;
    Fault fault = file(pem.name, given[pem.name].as<std::string>(), pem.secret, pem.into);
    if (!fault.empty()) return fault;
  }
  if (found != 0 && found != pems.size()) return "--certificate, --certificate-key and --ca go together";
  return {};
}

Fault read_agent(const po::variables_map& given, AgentSettings& agent) {
  Fault fault = read_line(given, agent.line);
  if (fault.empty()) fault = read_secrets(given, agent);
  if (fault.empty() && given.count("listen") != 0)
    fault = endpoint("listen", given["listen"].as<std::string>(), agent.listen.emplace());
  for (const std::string& peer : list(given, "peer"))
    if (fault.empty()) fault = endpoint("peer", peer, agent.peers.emplace_back());
  if (fault.empty()) fault = number(given, "rate", 100, 10'000'000, agent.resync_rate);
  agent.donate = given.count("no-donate") == 0;
  if (!fault.empty()) return fault;
  for (const Endpoint& peer : agent.peers)
    if (agent.listen && peer.address.family() != agent.listen->address.family())
      return fmt::format("--listen: {} and the peer {} are of different families", to_string(*agent.listen),
                         to_string(peer));
  const bool channel = agent.listen || !agent.peers.empty();
  if (channel && agent.secrets.empty() && agent.certificate.empty())
    return "a channel to peers wants a --key, or certificates; head -c 32 /dev/urandom | base64 makes one";
  if (!agent.relay) return {};
  if (!agent.listen || agent.peers.empty() || agent.secrets.empty()) return "relay wants --listen, --peer and --key";
  return {};
}

Fault check(const Row& row, const po::variables_map& given) {
  constexpr std::array<std::string_view, 3> always{"help", "version", "words"};
  for (const auto& [name, value] : given) {
    if (std::find(always.begin(), always.end(), name) != always.end()) continue;
    if (fmt::format(" {} ", row.options).find(fmt::format(" {} ", name)) == std::string::npos)
      return fmt::format("--{} does not go with {}", name, row.name);
  }
  return {};
}

Fault fill(const po::variables_map& given, const Row& row, Options& options) {
  Fault fault = check(row, given);
  if (!fault.empty()) return fault;
  options.verb = row.verb;
  if (given.count("counters") != 0) options.form = Form::counters;
  if (given.count("json") != 0) options.form = Form::json;
  options.watch = given.count("watch") != 0;
  options.agent.socket = given.count("socket") != 0 ? given["socket"].as<std::string>() : "/run/ipvs-sync";
  if (given.count("by") != 0) options.by = given["by"].as<std::string>();
  if (options.by != "client" && options.by != "server") return "--by wants client or server";
  for (Fault one :
       {number(given, "seconds", 1, 1U << 31U, options.seconds), number(given, "count", 1, 10'000, options.count)})
    if (!one.empty()) return one;
  options.agent.relay = row.verb == Verb::relay;
  if (row.verb == Verb::monitor) return read_line(given, options.agent.line);
  if (row.verb == Verb::mirror || row.verb == Verb::relay) return read_agent(given, options.agent);
  return {};
}

tl::expected<Options, std::string> read(const po::variables_map& given) {
  Options options;
  if (given.count("version") != 0) {
    options.verb = Verb::version;
    return options;
  }
  const auto words = list(given, "words");
  if (given.count("help") != 0 || words.empty()) return options;
  if (words.size() > 1) return tl::unexpected{fmt::format("`{}' is one word too many", words[1])};
  const auto row = std::find_if(rows.begin(), rows.end(), [&](const Row& one) { return one.name == words[0]; });
  if (row == rows.end())
    return tl::unexpected{fmt::format("there is no command `{}'; ipvs-sync --help lists them", words[0])};
  Fault fault = fill(given, *row, options);
  if (!fault.empty()) return tl::unexpected{std::move(fault)};
  return options;
}

}  // namespace

tl::expected<Options, std::string> read_options(const std::vector<std::string>& arguments) {
  po::options_description all = described();
  all.add_options()("words", po::value<std::vector<std::string>>());
  po::positional_options_description words;
  words.add("words", -1);
  try {
    po::variables_map given;
    constexpr int style = po::command_line_style::unix_style & ~po::command_line_style::allow_guessing;
    po::store(po::command_line_parser{arguments}.options(all).positional(words).style(style).run(), given);
    return read(given);
  } catch (const po::error& fault) {
    return tl::unexpected{std::string{fault.what()}};
  }
}

std::string help() {
  std::string text = "Usage: ipvs-sync COMMAND [OPTION]...\n\n";
  for (const Row& row : rows) text += fmt::format("  {:<12} {}\n", row.name, row.help);
  std::ostringstream options;
  options << described();
  return text + "\n" + options.str();
}

}  // namespace ipvs::sync
