#include <array>
#include <set>

#include "base/diagnostics.hpp"
#include "config/schema.hpp"
#include "config/special.hpp"
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
  (server.*member).argv = std::move(*words);
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
       if (!is_name(value)) return "has letters, digits, `_', `.' and `-' only";
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
       return server.check_address ? Fault{} : "wants an address";
     },
     false},
    {"check_port",
     [](Server& server, std::string_view value) -> Fault {
       const auto port = read_number(value, 1, 65535);
       if (!port) return "wants a port from 1 to 65535";
       return server.check_port = ipvs::Port{static_cast<std::uint16_t>(*port)}, Fault{};
     },
     false},
    {"on_up", &server_command<&Server::on_up>, false},
    {"on_down", &server_command<&Server::on_down>, false},
});

enum class Role { server, sorry };

Fault set_option(Server& server, Role role, std::string_view word, std::set<std::string_view>& given) {
  const std::size_t equals = word.find('=');
  const std::string_view name = word.substr(0, equals);
  std::vector<std::string_view> known;
  for (const ServerOption& option : server_options) {
    if (role == Role::sorry && !option.of_sorry) continue;
    known.push_back(option.name);
    if (option.name != name || equals == std::string_view::npos) continue;
    if (!given.insert(option.name).second) return fmt::format("{} stands here twice", name);
    const Fault fault = option.set(server, word.substr(equals + 1));
    return fault.empty() ? fault : fmt::format("{} {}", name, fault);
  }
  return fmt::format("a {} has no option `{}'{}", role == Role::sorry ? "sorry server" : "server", word,
                     base::suggestion(name, known));
}

Fault read(std::string_view text, Role role, Server& server) {
  const auto words = read_words(text);
  if (!words || words->empty()) return "wants ADDRESS:PORT and options such as weight=100";
  const auto place = read_place(words->front());
  if (!place) return fmt::format("`{}' is no address such as 10.0.0.11:80 or [fd00::11]:80", words->front());
  server.endpoint = *place;
  std::set<std::string_view> given;
  for (std::size_t i = 1; i < words->size(); ++i)
    if (Fault fault = set_option(server, role, (*words)[i], given); !fault.empty()) return fault;
  if (server.tunnel && !given.contains("tunnel")) return "tunnel_port and tunnel_checksum need tunnel= beside them";
  if (server.name.empty()) server.name = place->port.value == 0 ? to_string(place->address) : to_string(*place);
  return {};
}

}  // namespace

Fault read_server(std::string_view text, Server& server) { return read(text, Role::server, server); }
Fault read_sorry_server(std::string_view text, Server& server) { return read(text, Role::sorry, server); }

}  // namespace keepalive::config
