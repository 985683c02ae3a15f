#include "core/wanted.hpp"

#include <doctest/doctest.h>

#include "config/sysctls.hpp"
#include "transcript.hpp"

namespace wanted_test {

using namespace keepalive;
using namespace keepalive::core;

namespace {

const std::string check = "[check c]\ntype = tcp\nvia = path\n";
std::string service(const std::string& address, const std::string& more) {
  return "[virtual_server s]\naddress = " + address + "\npool = p\n" + more;
}

struct Probed {
  explicit Probed(const std::string& text) : config{config_of(text)} {
    pools.load(*config, Time{0});
    probes.load(*config, Time{0});
  }
  ipvs::Table table() const { return whole_table(*config, pools, probes.paths()); }

  std::shared_ptr<const Config> config;
  Pools pools = {};
  Probes probes;
};

ipvs::ServiceKey mark(std::uint32_t value) { return ipvs::FwmarkKey{{value}}; }

}  // namespace

TEST_CASE("a probe through the path has a hidden service of its own that leads to its server alone") {
  const Probed probed{check + "[pool p]\ncheck = c\nserver = 10.0.0.1 weight=9 upper=100\nserver = 10.0.0.2\n" +
                      service("10.0.0.100:80", "forward = tunnel\ntunnel = gue\ntunnel_port = 5555\n")};
  const ipvs::Table table = probed.table();
  CHECK(table.size() == 3);
  CHECK(servers(table, mark(131072)) == "10.0.0.1:80=1");
  CHECK(servers(table, mark(131073)) == "10.0.0.2:80=1");
  const ipvs::TableService& hidden = table.at(mark(131072));
  CHECK(hidden.service.scheduler == "rr");
  CHECK(hidden.destinations.begin()->tunnel.type == ipvs::TunnelType::gue);
  CHECK(hidden.destinations.begin()->thresholds == ipvs::Thresholds{});
  const TargetState& first = *probed.probes.of({0, 0}).front();
  CHECK(first.path->mark == ipvs::FwmarkKey{{131072}});
  CHECK(to_string(probed.probes.where(first.id)->endpoint) == "10.0.0.100:80");
  CHECK(to_string(*probed.probes.where(first.id)->behind) == "10.0.0.1:0");
}

TEST_CASE("marks stay over reloads, go round their range, and are not shared; those of probes that go are free") {
  const auto text = [](const std::string& lines) {
    return "[global]\npath_marks = 5-7\n" + check + "[pool p]\ncheck = c\n" + lines + service("10.0.0.100:80", "");
  };
  const auto marks = [](const Probes& probes) {
    std::string list;
    for (const Path& path : probes.paths()) list += fmt::format("{} ", path.mark.mark.value);
    return list;
  };
  Probed probed{text("server = 10.0.0.1\nserver = 10.0.0.2\n")};
  CHECK(marks(probed.probes) == "5 6 ");
  probed.probes.load(*config_of(text("server = 10.0.0.2\n")), s(1));
  CHECK(marks(probed.probes) == "6 ");
  probed.probes.load(*config_of(text("server = 10.0.0.1\nserver = 10.0.0.2\n")), s(2));
  CHECK(marks(probed.probes) == "7 6 ");
  probed.probes.load(*config_of(text("server = 10.0.0.3\nserver = 10.0.0.4\nserver = 10.0.0.5\n")), s(3));
  CHECK(marks(probed.probes) == "5 6 7 ");
}

TEST_CASE("answers of IPv4 from behind a path keep the service's address, unless they come back through nat") {
  const auto behind = [](const std::string& lines, const std::string& more) {
    const Probed probed{check + "[pool p]\ncheck = c\n" + lines + service("10.0.0.100:80", more)};
    std::string list;
    for (const ipvs::Address& address : behind_paths(*probed.config, probed.probes.paths()))
      list += to_string(address) + " ";
    return list;
  };
  CHECK(behind("server = 10.0.0.1\nserver = 10.0.0.2 forward=tunnel\nserver = 10.0.0.3 forward=nat\n", "") ==
        "10.0.0.1 10.0.0.2 ");
  CHECK(behind("server = 10.0.0.1\n", "forward = nat\n").empty());
  CHECK(behind("server = [fd00::1] forward=tunnel\n", "") == "fd00::1 ");
  const Probed six{check + "[pool p]\ncheck = c\nserver = [fd00::1]\n" + service("[fd00::100]:80", "")};
  CHECK(behind_paths(*six.config, six.probes.paths()).empty());
}

TEST_CASE("the settings that a configuration asks for: those of [ipvs], and forwarding where nat needs it") {
  using Names = std::map<std::string, std::string>;
  const std::string nat = "forward = nat\n";
  const std::string four = "[pool p]\nserver = 10.0.0.1\n";
  const std::string six = "[pool p]\nserver = [fd00::1]\n";
  CHECK(sysctls(*config_of("[ipvs]\nconntrack = 1\n")) == Names{{"net.ipv4.vs.conntrack", "1"}});
  CHECK(sysctls(*config_of(four + service("10.0.0.100:80", ""))).empty());
  CHECK(sysctls(*config_of(four + service("10.0.0.100:80", nat))) == Names{{"net.ipv4.ip_forward", "1"}});
  CHECK(sysctls(*config_of(six + service("[fd00::100]:80", nat))) == Names{{"net.ipv6.conf.all.forwarding", "1"}});
  CHECK(sysctls(*config_of("[ipvs]\nip_forward = leave\n" + four + service("10.0.0.100:80", nat))).empty());
}

}  // namespace wanted_test
