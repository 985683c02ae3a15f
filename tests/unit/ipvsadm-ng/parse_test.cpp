#include "parse.hpp"

#include <doctest/doctest.h>

#include <sstream>
#include <string>
#include <vector>

namespace ipvsadm {
namespace {

/// Splits at blanks; '' is an empty word.
tl::expected<Command, Complaint> parse_line(const std::string& line, Dialect dialect = Dialect::ng) {
  static std::vector<std::string> words;  // what the command's views look at
  words.clear();
  std::istringstream in{line};
  for (std::string word; in >> word;) words.push_back(word == "''" ? "" : word);
  const std::vector<std::string_view> views(words.begin(), words.end());
  return parse("ipvsadm", views, dialect);
}

ipvs::Change change(const std::string& line) {
  const auto command = parse_line(line);
  INFO(line, " -> ", command ? "a command" : command.error().text);
  REQUIRE(command);
  REQUIRE(std::holds_alternative<Edit>(*command));
  return std::get<Edit>(*command).change;
}

std::string complaint(const std::string& line, Dialect dialect = Dialect::ng) {
  const auto command = parse_line(line, dialect);
  if (command) return "none";
  return std::to_string(exit_status(command.error().kind)) + " " + command.error().text;
}

const ipvs::ServiceKey web = ipvs::VipKey{ipvs::Protocol::tcp, *ipvs::Endpoint::parse("10.0.0.1:80")};

TEST_CASE("a service takes wlc unless told otherwise") {
  CHECK(change("-A -t 10.0.0.1:80") == ipvs::Change{ipvs::AddService{{.key = web}}});
}

TEST_CASE("every property of a service") {
  const ipvs::Service service{.key = ipvs::VipKey{ipvs::Protocol::udp, *ipvs::Endpoint::parse("10.0.0.1:53")},
                              .scheduler = "sh",
                              .flags = {ipvs::ServiceFlag::one_packet, ipvs::ServiceFlag::sh_port},
                              .persistence = ipvs::Seconds{90},
                              .netmask = ipvs::Netmask{0xffffff00},
                              .persistence_engine = "sip"};
  CHECK(change("-A -u 10.0.0.1:53 -s sh -b sh-port -o -p 90 -M 255.255.255.0 --pe sip") ==
        ipvs::Change{ipvs::AddService{service}});
}

TEST_CASE("persistence without a time is 360 seconds") {
  CHECK(change("-E -t 10.0.0.1:80 -p -s rr") ==
        ipvs::Change{ipvs::EditService{{.key = web, .scheduler = "rr", .persistence = ipvs::Seconds{360}}}});
}

TEST_CASE("marks name services of either family") {
  using ipvs::FwmarkKey, ipvs::Fwmark, ipvs::Family;
  CHECK(change("-D -f 4294967295") == ipvs::Change{ipvs::RemoveService{FwmarkKey{Fwmark{4294967295}, Family::ipv4}}});
  CHECK(change("-D -f 7 -6") == ipvs::Change{ipvs::RemoveService{FwmarkKey{Fwmark{7}, Family::ipv6}}});
}

TEST_CASE("a server's port is the service's, unless address translation or a mark lets it differ") {
  const auto endpoint = [](const std::string& line) {
    return ipvs::to_string(std::get<ipvs::AddDestination>(change(line)).destination.endpoint);
  };
  CHECK(endpoint("-a -t 10.0.0.1:80 -r 10.0.0.7:8080 -g") == "10.0.0.7:80");
  CHECK(endpoint("-a -t 10.0.0.1:80 -r 10.0.0.7:8080 -m") == "10.0.0.7:8080");
  CHECK(endpoint("-a -t 10.0.0.1:80 -r 10.0.0.7 -m") == "10.0.0.7:80");
  CHECK(endpoint("-a -r 10.0.0.7 -t 10.0.0.1:80 -m") == "10.0.0.7:0");
  CHECK(endpoint("-a -f 1 -r 10.0.0.7:8080 -g") == "10.0.0.7:8080");
}

TEST_CASE("every property of a server") {
  const ipvs::Destination server{
      .endpoint = *ipvs::Endpoint::parse("10.0.0.7:80"),
      .forwarding = ipvs::Forwarding::tunnel,
      .weight = 5,
      .thresholds = {.upper = 9, .lower = 4},
      .tunnel = {.type = ipvs::TunnelType::gue, .port = ipvs::Port{6080}, .flags = {ipvs::TunnelFlag::csum}}};
  CHECK(change("-a -t 10.0.0.1:80 -r 10.0.0.7 -i -w 5 -x 9 -y 4 --tun-type gue --tun-port 6080 --tun-csum") ==
        ipvs::Change{ipvs::AddDestination{web, server}});
}

TEST_CASE("a daemon needs a role and takes eth0") {
  const auto command = parse_line("--start-daemon master --syncid 3");
  REQUIRE(command);
  CHECK(std::get<StartDaemon>(*command).daemon ==
        ipvs::Daemon{.role = ipvs::DaemonRole::master, .interface = "eth0", .sync_id = ipvs::SyncId{3}});
}

TEST_CASE("complaints in ipvsadm's words, with its exit status") {
  struct Row {
    std::string line, complaint;
  };
  const std::string try_help = "255 Try `ipvsadm -h' or 'ipvsadm --help' for more information.";
  const auto rows = std::vector<Row>{
      {"foo", try_help},
      {"-n -L", try_help},
      {"-nL", try_help},
      {"--frob", try_help},
      {"-A --frob", "255 --frob: unknown option"},
      {"-A -t", "255 -t: missing argument"},
      {"-L -A", "2 invalid option `-A'"},
      {"-L foo", "2 unexpected argument foo"},
      {"-L -n -n", "2 multiple 'numeric' options specified"},
      {"-A", "2 You need to supply the 'service-address' option for the 'add-service' command"},
      {"-A -t 10.0.0.1:80 -w 1", "2 Illegal 'weight' option with the 'add-service' command"},
      {"-L -c --timeout", "2 The option 'timeout' conflicts with the 'connection' option in the 'list' command"},
      {"-L -c --stats", "2 options conflicts in the list command"},
      {"-A -t 10.0.0.1", "2 Zero port specified for non-persistent service"},
      {"-A -t 10.0.0.1:80 -o", "2 One-Packet Scheduling is only for UDP virtual services"},
      {"-A -t 10.0.0.1:80 -p rr", "2 invalid timeout value `rr' specified"},
      {"-A -t 10.0.0.1:80 -p ''", "2 invalid timeout value `' specified"},
      {"-A -f 0", "2 invalid fwmark value `0' specified"},
      {"-A -6 -f 1", "2 -6 used before -f\n"},
      {"-A -t 10.0.0.1:80 -b sh-port", "2 incompatible scheduler flag `sh-port'"},
      {"-A -t 10.0.0.1:80 -b x", "2 invalid scheduler flag `x'"},
      {"-a -t 10.0.0.1:80 -r 10.0.0.7 -g -m", "2 multiple 'forwarding-method' options specified"},
      {"-a -t 10.0.0.1:80 -r 10.0.0.7 -w 2147483648", "2 illegal weight specified"},
      {"-a -t 10.0.0.1:80 -r fd00::1", "2 Different address family is allowed only for tunneling servers"},
      {"-a -t 10.0.0.1:80 -r 10.0.0.7 --tun-type gre", "2 Tunnel options conflict with forward method"},
      {"-a -t 10.0.0.1:80 -r 10.0.0.7 -i --tun-type gue",
       "2 You need to supply the 'tun-port' option for the 'gue' tunnel type"},
      {"-a -t 10.0.0.1:80 -r 10.0.0.7 -i --tun-type gre --tun-port 1",
       "2 Illegal 'tun-port' option with the 'gre' tunnel type"},
      {"--set 1 2", "2 --set option requires 3 timeout values"},
      {"--set 1 2 x", "2 invalid timeout value `x' specified"},
      {"--set 1 2 3 4", "2 unexpected argument 4"},
      {"--start-daemon x", "2 illegal start-daemon parameter specified"},
      {"--stop-daemon x", "2 illegal start_daemon specified"},
      {"--start-daemon master --mcast-group 10.0.0.1", "2 invalid IPv4 mcast-group `10.0.0.1'"},
      {"--start-daemon master --mcast-group fd00::1", "2 invalid IPv6 mcast-group `fd00::1'"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.line);
    CHECK(complaint(row.line, Dialect::ipvsadm) == row.complaint);
  }
}

TEST_CASE("a list of scheduler flags that is only commas is refused; ipvsadm dies of it") {
  CHECK(complaint("-A -t 10.0.0.1:80 -b ,") == "2 invalid scheduler flag `,'");
  CHECK(change("-A -t 10.0.0.1:80 -b ''") == ipvs::Change{ipvs::AddService{{.key = web}}});
}

TEST_CASE("scheduler flags may stand before the scheduler") {
  CHECK(complaint("-A -b sh-port -s sh -t 10.0.0.1:80") == "none");
}

TEST_CASE("a server is deleted by the port given, not by the service's") {
  CHECK(change("-d -t 10.0.0.1:80 -r 10.0.0.7:81") ==
        ipvs::Change{ipvs::RemoveDestination{web, *ipvs::Endpoint::parse("10.0.0.7:81")}});
}

TEST_CASE("numbers that do not fit are refused, not cut to 32 bits") {
  CHECK(complaint("-a -t 10.0.0.1:80 -r 10.0.0.7 -w 4294967297") == "2 illegal weight specified");
}

TEST_CASE("lists: the first of the column options wins") {
  const auto columns = [](const std::string& line) { return std::get<ListTable>(*parse_line(line)).layout.columns; };
  CHECK(columns("-L") == Columns::usual);
  CHECK(columns("-L --rate --stats") == Columns::stats);
  CHECK(columns("-L --tun-info --thresholds") == Columns::thresholds);
}

TEST_CASE("ipvsadm-ng's own commands") {
  const auto plan = parse_line("--plan rules --only --json");
  REQUIRE(plan);
  CHECK(std::get<Plan>(*plan).file == "rules");
  CHECK(std::get<Plan>(*plan).reach == Reach::only_named);
  CHECK(std::get<Plan>(*plan).format == Format::json);
  CHECK(std::get<Watch>(*parse_line("--watch 5")).interval == std::chrono::seconds{5});
  CHECK(complaint("--watch 0") == "2 illegal interval `0' specified: 1 to 3600 seconds");
  CHECK(complaint("--apply rules --json") == "2 Illegal 'json' option with the 'apply' command");
}

}  // namespace
}  // namespace ipvsadm
