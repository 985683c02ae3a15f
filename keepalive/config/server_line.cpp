#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>

#include "base/diagnostics.hpp"
#include "config/hints.hpp"
#include "config/schema.hpp"
#include "config/service_setters.hpp"
#include "config/values.hpp"
#include "config/words.hpp"

namespace keepalive::config {
namespace {

using setters::wanted;

struct ServerOption {
  std::string_view name;
  Fault (*set)(Server& server, std::string_view value);
  bool of_sorry = true;  // whether a sorry server may have it
};

template <auto member>
Fault server_number(Server& server, std::string_view value) {
  const auto number = read_number(value, 0, 0x7fffffff);
  if (!number) return "wants a number from 0 to 2147483647";
  server.thresholds.*member = static_cast<std::uint32_t>(*number);
  return {};
}
template <auto member>
Fault server_command(Server& server, std::string_view value) {
  auto words = read_words(value);
  if (!words || words->empty() || !words->front().starts_with('/')) return "wants a program by its whole path";
  server.*member = Command{.argv = std::move(*words)};
  return {};
}
template <class Value, class Table>
Fault choose(const Table& table, std::string_view value, Value& place) {
  for (const auto& row : table)
    if (row.word == value) return place = row.value, Fault{};
  return wanted(table, value);
}
ipvs::Tunnel& tunnel_of(Server& server) { return server.tunnel ? *server.tunnel : server.tunnel.emplace(); }

constexpr auto server_options = std::to_array<ServerOption>({
    {"name",
     [](Server& server, std::string_view value) -> Fault {
       if (!base::ini::is_name(value)) return "has letters, digits, `_', `.' and `-' only";
       return server.name = value, Fault{};
     }},
    {"weight",
     [](Server& server, std::string_view value) -> Fault {
       const auto number = read_number(value, 0, 0x7fffffff);
       if (!number) return "wants a number from 0 to 2147483647";
       return server.weight = static_cast<std::int32_t>(*number), Fault{};
     }},
    {"forward", [](Server& server, std::string_view value) { return choose(forwards, value, server.forwarding); }},
    {"tunnel", [](Server& server, std::string_view value) { return choose(tunnels, value, tunnel_of(server).type); }},
    {"tunnel_port",
     [](Server& server, std::string_view value) -> Fault {
       const auto port = read_number(value, 1, 65535);
       if (!port) return "wants a port from 1 to 65535";
       return tunnel_of(server).port.value = static_cast<std::uint16_t>(*port), Fault{};
     }},
    {"tunnel_checksum", [](Server& server, std::string_view value) { return set_checksum(value, tunnel_of(server)); }},
    {"upper", &server_number<&ipvs::Thresholds::upper>},
    {"lower", &server_number<&ipvs::Thresholds::lower>},
    {"check_address",
     [](Server& server, std::string_view value) -> Fault {
       server.check_address = ipvs::Address::parse(value);
       return server.check_address ? Fault{} : "wants an address" + place_hint(value);
     },
     false},
    {"check_port",
     [](Server& server, std::string_view value) -> Fault {
       const auto port = read_number(value, 1, 65535);
       if (!port) return "wants a port from 1 to 65535";
       return server.check_port = ipvs::Port{static_cast<std::uint16_t>(*port)}, Fault{};
     },
     false},
    {"alerts",
     [](Server& server, std::string_view value) -> Fault {
       if (value != "yes" && value != "no") return "wants `yes' or `no'";
       return server.alerts = value == "yes", Fault{};
     },
     false},
    {"on_up", &server_command<&Server::on_up>, false},
    {"on_down", &server_command<&Server::on_down>, false},
});

enum class Role { server, sorry };

/// One line being read.
class Line {
 public:
  Line(const base::ini::Entry& entry, Role role, PartFaults& faults) : role_{role}, faults_{faults} {
    draft_.entry = &entry;
    for (const ServerOption& option : server_options)
      if (role == Role::server || option.of_sorry) known_.push_back(option.name);
    if (role == Role::server) known_.push_back("check");
  }

  std::optional<ServerDraft> read() {
    words_ = read_words_at(draft_.entry->value).value_or(std::vector<PlacedWord>{});
    if (words_.empty()) return fault(0, "wants ADDRESS:PORT and options such as weight=100"), std::nullopt;
    const bool placed = read_address(words_.front().text);
    while (next_ < words_.size()) read_option();
    Server& server = draft_.server;
    if (server.tunnel && !given_.contains("tunnel"))
      fault(words_.front().at, "tunnel_port and tunnel_checksum need tunnel= beside them");
    if (!placed) return std::nullopt;
    if (server.name.empty())
      server.name = server.endpoint.port.value == 0 ? to_string(server.endpoint.address) : to_string(server.endpoint);
    draft_.sound = sound_;
    return std::move(draft_);
  }

 private:
  void fault(std::size_t at, std::string text) {
    sound_ = false;
    faults_.push_back({at, std::move(text)});
  }

  bool read_address(const std::string& word) {
    if (const std::string readings = in_brackets(word); !readings.empty())
      return fault(0, fmt::format("`{}': an IPv6 address stands in brackets: {}", word, readings)), false;
    const auto place = read_place(word);
    if (!place)
      return fault(0,
                   fmt::format("`{}' is no address such as 10.0.0.11:80 or [fd00::11]:80{}", word, place_hint(word))),
             false;
    if (const std::string_view unfit = unfit_server(place->address); !unfit.empty())
      return fault(0, fmt::format("{} {}", to_string(place->address), unfit)), false;
    draft_.server.endpoint = *place;
    return true;
  }

  /// The value that blanks divide from its name; empty: they do not.
  std::string value_apart(std::string_view word) {
    const bool open = word.ends_with('=') && word.find('=') + 1 == word.size();
    const bool bare = word.find('=') == std::string_view::npos;
    if (next_ == words_.size() || (!open && !bare)) return {};
    const std::string& after = words_[next_].text;
    if (open && after.find('=') == std::string::npos) return ++next_, after;
    if (!bare || !after.starts_with('=')) return {};
    ++next_;
    if (after.size() > 1) return after.substr(1);
    return next_ == words_.size() ? "VALUE" : words_[next_++].text;
  }

  void unknown(const PlacedWord& word, std::string_view name) {
    const std::string_view meant = meant_key(name);
    const bool ours = std::find(known_.begin(), known_.end(), meant) != known_.end();
    fault(word.at, fmt::format("a {} has no option `{}'{}", role_ == Role::sorry ? "sorry server" : "server", word.text,
                               ours ? fmt::format("; did you mean `{}'?", meant) : base::suggestion(name, known_)));
  }

  void read_option() {
    const PlacedWord& word = words_[next_++];
    const std::string_view name = std::string_view{word.text}.substr(0, word.text.find('='));
    const std::string apart = value_apart(word.text);
    if (std::find(known_.begin(), known_.end(), name) == known_.end()) return unknown(word, name);
    if (!apart.empty()) return fault(word.at, fmt::format("no blanks beside `=' here: {}={}", name, apart));
    if (name.size() == word.text.size()) return fault(word.at, fmt::format("{0} wants a value: {0}=VALUE", name));
    if (!given_.emplace(name).second) return fault(word.at, fmt::format("{} stands here twice", name));
    const std::string_view value = std::string_view{word.text}.substr(name.size() + 1);
    if (name == "check") return read_checks(word, value);
    for (const ServerOption& option : server_options)
      if (option.name == name)
        if (const Fault text = option.set(draft_.server, value); !text.empty())
          fault(word.at, fmt::format("{} {}", name, text));
  }

  void read_checks(const PlacedWord& word, std::string_view value) {
    draft_.checks = std::make_unique<std::vector<Reference>>();
    std::vector<Reference>& checks = *draft_.checks;
    for (const std::string_view one : split(value)) {
      const std::size_t at = word.at + static_cast<std::size_t>(one.data() - word.text.data());
      const bool twice =
          std::any_of(checks.begin(), checks.end(), [&](const Reference& other) { return other.name == one; });
      if (one.empty()) fault(at, "check wants a name");
      if (twice) fault(at, fmt::format("check `{}' stands here twice", one));
      if (!one.empty() && !twice) checks.push_back({std::string{one}, {draft_.entry, at}});
    }
  }

  Role role_;
  PartFaults& faults_;
  ServerDraft draft_ = {};
  std::vector<std::string_view> known_ = {};
  std::vector<PlacedWord> words_ = {};
  std::size_t next_ = 1;
  std::set<std::string> given_ = {};
  bool sound_ = true;
};

}  // namespace

std::optional<ServerDraft> read_server(const base::ini::Entry& entry, PartFaults& faults) {
  return Line{entry, Role::server, faults}.read();
}
std::optional<ServerDraft> read_sorry_server(const base::ini::Entry& entry, PartFaults& faults) {
  return Line{entry, Role::sorry, faults}.read();
}

}  // namespace keepalive::config
