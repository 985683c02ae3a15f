#include "config/monitor_keys.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "config/hints.hpp"
#include "config/named_files.hpp"
#include "config/setters.hpp"

namespace keepalive::config {
namespace {

using namespace setters;

constexpr std::uint64_t minute = 60'000;
constexpr std::uint64_t day = 86'400'000;
constexpr std::uint64_t mebibyte = 1U << 20U;
constexpr std::uint64_t most_history = 16384 * mebibyte;
constexpr std::size_t most_listen = 16;
constexpr std::size_t most_peers = 16;
constexpr std::size_t fingerprint_digits = 64;
constexpr unsigned first_free_port = 1024;

constexpr auto allows = std::to_array<setters::Word<Monitor::Allow>>(
    {{"read", Monitor::Allow::read}, {"operate", Monitor::Allow::operate}, {"configure", Monitor::Allow::configure}});

Monitor& monitor(Sink& sink) { return *sink.draft.config.monitor; }

Fault set_monitor_listen(Sink& sink, const Key&, std::string_view value) {
  auto& list = monitor(sink).listen;
  for (const std::string_view one : split(value)) {
    const auto place = read_place(one);
    if (!place || place->port.value == 0)
      sink.complain(value, one, "wants ADDRESS:PORT, such as 10.0.0.1:8443 or [::]:8443");
    else if (std::ranges::find(list, *place) != list.end())
      sink.complain(value, one, fmt::format("{} stands here twice", to_string(*place)));
    else
      list.push_back(*place);
  }
  return list.size() > most_listen ? fmt::format("has more than {} places", most_listen) : Fault{};
}

/// The file's text, and its name for those who must say where a fault is. Without the file there is no user.
Fault set_users(Sink& sink, const Key&, std::string_view value) {
  const auto path = named_path(value);
  return path ? read_users_file(sink.files, *path, monitor(sink)) : "wants file:/PATH";
}

/// A PEM file's text, and its name for those who must say where a fault is; keys are secret.
template <std::string Monitor::*text, std::string Monitor::*path, Pem pem>
Fault set_pem(Sink& sink, const Key&, std::string_view value) {
  auto read = read_named(sink.files, value, pem == Pem::key, pem);
  if (!read) return read.error();
  monitor(sink).*text = std::move(*read);
  monitor(sink).*path = named_path(value).value_or("");
  return {};
}

/// AA:BB:… as browsers show it, or the digits alone.
std::optional<std::string> read_fingerprint(std::string_view text) {
  std::string digits;
  for (const char c : text)
    if (c != ':') digits += c >= 'A' && c <= 'F' ? static_cast<char>(c - 'A' + 'a') : c;
  const bool hex = digits.find_first_not_of("0123456789abcdef") == std::string::npos;
  return hex && digits.size() == fingerprint_digits ? std::optional{digits} : std::nullopt;
}

Fault read_file_of_peer(Sink& sink, std::string_view value, bool secret, std::string& text) {
  auto read = read_named(sink.files, value, secret, secret ? Pem::any : Pem::certificate);
  if (!read) return read.error();
  text = std::move(*read);
  return {};
}

Fault set_option(Sink& sink, Monitor::Peer& peer, std::string_view option, std::string_view value) {
  if (option == "token") return read_file_of_peer(sink, value, true, peer.token);
  if (option == "ca") return read_file_of_peer(sink, value, false, peer.ca);
  if (option == "host") return peer.host = value, value.empty() ? "wants a host name" : Fault{};
  if (option == "fingerprint") {
    const auto digits = read_fingerprint(value);
    if (!digits) return "wants the SHA-256 fingerprint of its certificate: 64 hexadecimal digits";
    return peer.fingerprint = *digits, Fault{};
  }
  constexpr std::array<std::string_view, 4> known{"token", "fingerprint", "ca", "host"};
  return fmt::format("no such option{}", base::suggestion(option, known));
}

/// "lvs2 10.0.0.2:8443 token=file:/etc/keepalive/lvs2.token fingerprint=AB:CD:…"
Fault add_monitor_peer(Sink& sink, const Key&, std::string_view value) {
  constexpr const char* form = "wants NAME ADDRESS:PORT token=file:/PATH, and fingerprint=HEX or ca=file:/PATH";
  const auto words = read_words(value);
  if (!words || words->size() < 2) return form;
  auto& peers = monitor(sink).peers;
  Monitor::Peer peer{.name = (*words)[0]};
  if (!base::ini::is_name(peer.name) || peer.name == "local")
    return fmt::format("`{}': a name has letters, digits, `_', `.' and `-' only, and is not `local'", peer.name);
  const auto place = read_place((*words)[1]);
  if (!place || place->port.value == 0) return fmt::format("`{}': {}", (*words)[1], form);
  peer.at = *place;
  if (std::ranges::find(peers, peer.name, &Monitor::Peer::name) != peers.end())
    return fmt::format("`{}' stands here twice", peer.name);
  for (std::size_t i = 2; i < words->size(); ++i) {
    const std::string& word = (*words)[i];
    const std::size_t equals = std::min(word.find('='), word.size());
    const std::string_view option = std::string_view{word}.substr(0, equals);
    const auto fault = set_option(sink, peer, option, std::string_view{word}.substr(std::min(equals + 1, word.size())));
    if (!fault.empty()) return fmt::format("{}: {}", option, fault);
  }
  if (peer.token.empty())
    return fmt::format("`{}' needs token=file:/PATH, made there by `keepalivectl user'", peer.name);
  if (peer.fingerprint.empty() == peer.ca.empty())
    return fmt::format("`{}' needs fingerprint=HEX or ca=file:/PATH, one of them", peer.name);
  peers.push_back(std::move(peer));
  return peers.size() > most_peers ? fmt::format("has more than {} peers", most_peers) : Fault{};
}

// section, name, codec, kind, default, help, types of check, low, high, repeats
constexpr Key monitor_rows[] = {
    {"monitor",
     "listen",
     {&set_monitor_listen},
     "addresses",
     "",
     "ADDRESS:PORT, where browsers find the monitor, by HTTPS; [::]:8443 for all addresses",
     "",
     0,
     0,
     true},
    {"monitor", "allow", word<&Monitor::allow, allows>(), "read, operate or configure", "read",
     "what the monitor may do to this director, whoever has logged in"},
    {"monitor", "trust_edits", flag<&Monitor::trust_edits>(), "yes or no", "no",
     "whether what is edited here may also name other programs, files, users and peers: root's rights"},
    {"monitor",
     "certificate",
     {&set_pem<&Monitor::certificate, &Monitor::certificate_path, Pem::certificate>},
     "file:PATH",
     "a certificate of its own",
     "of the monitor, with those between it and the root, PEM"},
    {"monitor",
     "certificate_key",
     {&set_pem<&Monitor::certificate_key, &Monitor::certificate_key_path, Pem::key>},
     "file:PATH",
     "",
     "its private key, PEM; only its owner may read the file"},
    {"monitor",
     "client_ca",
     {&set_pem<&Monitor::client_ca, &Monitor::client_ca_path, Pem::certificate>},
     "file:PATH",
     "",
     "who signs certificates of users: one is asked for, and its common name is the user"},
    {"monitor",
     "users",
     {&set_users},
     "file:PATH",
     "file:/etc/keepalive/users",
     "users and tokens, as keepalivectl user writes them; only its owner may read the file"},
    {"monitor", "session_idle", time<&Monitor::idle>(), "time", "30m", "a session that is not used ends after it", "",
     minute, 7 * day},
    {"monitor", "session_longest", time<&Monitor::longest>(), "time", "12h", "every session ends after it", "", minute,
     31 * day},
    {"monitor",
     "peer",
     {&add_monitor_peer},
     "peer",
     "",
     "NAME ADDRESS:PORT of another director's monitor, with token, and fingerprint or ca: it is shown, too",
     "",
     0,
     0,
     true},
    {"monitor", "history", number<&Monitor::history>(), "bytes", "268435456",
     "how large the files of figures over time may be; 0: there are none", "", 0, most_history},
};

}  // namespace

std::span<const Key> monitor_keys() { return monitor_rows; }

void resolve_monitor(Draft& draft, Teller& tell) {
  if (draft.monitor == nullptr) return;
  const Given& given = draft.plain["monitor"];
  const Monitor& monitor = *draft.config.monitor;
  const auto at = [&](std::string_view key, std::string text) { tell.at(given, key, draft.monitor, std::move(text)); };
  if (!given.contains("listen")) at("", "[monitor] needs `listen': ADDRESS:PORT, such as [::]:8443");
  if (given.contains("certificate") && !given.contains("certificate_key"))
    at("certificate", "`certificate' needs `certificate_key', too");
  if (given.contains("certificate_key") && !given.contains("certificate"))
    at("certificate_key", "`certificate_key' needs `certificate'");
  if (given.sound({"session_idle", "session_longest"}) && monitor.idle > monitor.longest)
    at("session_idle", "must not be more than `session_longest'");
}

Fault read_users_file(const FileReader& files, const std::string& path, Monitor& monitor) {
  monitor.users_path = path;
  auto text = files.read_secret(path);
  if (text)
    monitor.users = std::move(*text);
  else if (text.error() != "No such file or directory")
    return fmt::format("cannot read {}: {}", path, text.error());
  return {};
}

Diagnostics monitor_warnings(const Draft& draft) {
  if (draft.monitor == nullptr) return {};
  Diagnostics list;
  const auto warn = [&](std::string text) {
    list.push_back(
        {draft.monitor->at, std::move(text), std::string{draft.monitor->source}, base::Diagnostic::Kind::warning});
  };
  const Monitor& monitor = *draft.config.monitor;
  if (monitor.users.empty())
    warn(
        fmt::format("nobody can log in: there is no {0} or it is empty; `keepalivectl user add NAME --role ROLE "
                    "--file {0}' makes it",
                    monitor.users_path));
  for (const ipvs::Endpoint& place : monitor.listen)
    if (place.port.value < first_free_port)
      warn(fmt::format("listen: {}: the role that listens has no privilege: choose a port of {} or above",
                       to_string(place), first_free_port));
  return list;
}

}  // namespace keepalive::config
