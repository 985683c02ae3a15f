#include <doctest/doctest.h>

#include "texts.hpp"

namespace sync_test {

using namespace keepalive;
using namespace keepalive::test;

namespace {

const std::string key(32, 'k');
const std::string router = "[vrrp v1]\ninterface = eth0\nid = 51\n";
const std::string least = "[sync]\ninterface = eth1\nid = 51\n";
const std::string follow = "follow = v1\n";
const std::string agents = "peer = 10.1.0.2\nlisten = 10.1.0.1:9000\n";

std::map<std::string, std::string> texts(const std::string& text) {
  return {{"k.conf", text},     {"/key", key + "\n"},          {"/next", std::string(40, 'n')},
          {"/short", "secret"}, {"/cert", pem("CERTIFICATE")}, {"/private", pem("PRIVATE KEY")}};
}

Config loaded(const std::string& text) {
  const auto config = load_texts(texts(router + text));
  if (!config) FAIL(text << base::render(config.error()));
  return *config;
}

/// The first fault's words.
std::string told(const std::string& text) {
  const auto config = load_texts(texts(router + text));
  return config ? "" : config.error().front().text;
}

bool tells(const std::string& text, std::string_view part) {
  const std::string all = told(text);
  INFO(text, all);
  return all.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("[sync] says which daemons run, and how") {
  const Config config = loaded(least + follow + "max_length = 9188\ngroup = 239.1.2.3\nport = 9000\nttl = 3\n");
  REQUIRE(config.sync);
  CHECK(config.sync->follow == "v1");
  CHECK(config.sync->daemons == ipvs::sync::Settings{.interface = "eth1",
                                                     .id = {51},
                                                     .max_length = 9188,
                                                     .group = ipvs::Address::parse("239.1.2.3"),
                                                     .port = {9000},
                                                     .ttl = 3});
  CHECK(loaded(least + "follow = both\n").sync->daemons.both);
  CHECK(!loaded("").sync);
}

TEST_CASE("with transport = relay datagrams leave room for what seals them") {
  const std::string relay = least + follow + agents + "key = file:/key\ntransport = relay\n";
  CHECK(loaded(relay).sync->daemons.max_length == 1400);
  CHECK(loaded(relay + "max_length = 1300\n").sync->daemons.max_length == 1300);
}

TEST_CASE("settings of the kernel are declared beside those of [ipvs]") {
  const Config config =
      loaded(least + follow +
             "threshold = 3 50\nrefresh = 20s\nretries = 3\nports = 4\nqueue = 1000\nsocket_size = 0\n"
             "version = 1\npersist_mode = 1\nbackup_only = 1\n");
  CHECK(config.sysctls == std::map<std::string, std::string>{{"backup_only", "1"},
                                                             {"sync_persist_mode", "1"},
                                                             {"sync_ports", "4"},
                                                             {"sync_qlen_max", "1000"},
                                                             {"sync_refresh_period", "20"},
                                                             {"sync_retries", "3"},
                                                             {"sync_sock_size", "0"},
                                                             {"sync_threshold", "3\t50"},
                                                             {"sync_version", "1"}});
}

TEST_CASE("peers, keys and the rest are kept") {
  const Config config = loaded(least + follow + "transport = relay\n" + agents +
                               "peer = 10.1.0.3:8850\nkey = file:/key\nkey = file:/next\nshare = 95\nresync = no\n"
                               "resync_rate = 1000\n");
  const Sync& sync = *config.sync;
  CHECK(sync.transport == Sync::Transport::relay);
  CHECK(sync.peers == std::vector{*ipvs::Endpoint::parse("10.1.0.2:8849"), *ipvs::Endpoint::parse("10.1.0.3:8850")});
  CHECK(sync.listen == ipvs::Endpoint::parse("10.1.0.1:9000"));
  CHECK(sync.keys == std::vector<std::string>{key, std::string(40, 'n')});
  CHECK((sync.share == 95 && !sync.resync && sync.resync_rate == 1000));
  const Sync tls =
      *loaded(least + follow + agents + "certificate = file:/cert\ncertificate_key = file:/private\nca = file:/cert\n")
           .sync;
  CHECK((!tls.certificate.empty() && !tls.certificate_key.empty() && !tls.ca.empty()));
}

TEST_CASE("faults of [sync] are told at their place, with what to do") {
  CHECK(faults(router + least + "follow = v2\n") ==
        "k.conf:7:1: error: no [vrrp NAME] is called `v2'; did you mean `v1'?\n"
        "  follow = v2\n"
        "  ^\n");
  CHECK(tells("[sync]\nid = 51\nfollow = v1\n", "needs `interface'"));
  CHECK(tells("[sync]\ninterface = eth1\nfollow = v1\n", "needs `id'"));
  CHECK(tells(least, "needs `follow'"));
  CHECK(tells("[sync]\ninterface = eth1\nid = 0\nfollow = v1\n", "with 0 a backup takes what anybody sends"));
  CHECK(tells(least + follow + "[sync]\n", "[sync] stands here twice; first at k.conf:4"));
  CHECK(tells(least + follow + "max_length = 9189\n", "at most 9188"));
  CHECK(tells(least + follow + "max_length = 6125\nversion = 0\n", "at most 6124"));
  CHECK(tells(least + follow + "max_length = 1023\n", "a backup takes at least 1024"));
  CHECK(tells(least + follow + "group = 10.0.0.1\n", "wants a multicast address"));
  CHECK(tells(least + "follow = both\nbackup_only = 1\n", "it forwards nothing then"));
  CHECK(tells(least + follow + "ports = 3\n", "power of two"));
  CHECK(tells(least + follow + "port = 65535\nports = 2\n", "at most 65534"));
  CHECK(tells(least + follow + "threshold = 50 3\n", "the first must be less"));
  CHECK(tells(least + follow + "threshold = 3\n", "wants two numbers"));
  CHECK(tells(least + follow + "refresh = 100ms\n", "whole seconds"));
}

TEST_CASE("faults of the agents' part") {
  const std::string start = least + follow;
  CHECK(tells(start + "transport = relay\n", "needs `peer'"));
  CHECK(tells(start + "peer = 10.1.0.2\nkey = file:/key\n", "needs `listen'"));
  CHECK(tells(start + "listen = 10.1.0.1\n", "`listen' needs `peer'"));
  CHECK(tells(start + agents, "needs `key'"));
  CHECK(tells(start + agents + "key = file:/short\n", "the key has 6 bytes"));
  CHECK(tells(start + agents + "key = file:/key\ncertificate = file:/cert\n", "not both"));
  CHECK(tells(start + agents + "certificate = file:/cert\n", "needs `certificate_key'"));
  CHECK(tells(start + agents + "key = file:/key\nca = file:/cert\n", "`ca' needs `certificate'"));
  CHECK(tells(start + "key = file:/key\n", "there is no `peer'"));
  CHECK(tells(start + "share = 90\n", "`share' needs `peer'"));
  CHECK(tells(start + "transport = relay\nttl = 2\nkey = file:/key\n" + agents, "`ttl' goes with transport"));
  CHECK(tells(start + "peer = fd00::2\nlisten = 10.1.0.1\nkey = file:/key\n", "of different families"));
  CHECK(tells(start + "peer = 10.1.0.1\nlisten = 10.1.0.1\nkey = file:/key\n", "where this director listens"));
  CHECK(tells(start + "peer = 224.0.0.1\nlisten = 10.1.0.1\nkey = file:/key\n", "wants the other director's"));
}

TEST_CASE("failback = when-synced needs agents that compare, and may have a limit") {
  using Kind = vrrp::Failback::Kind;
  const auto failback = [](const std::string& value) {
    return loaded("failback = " + value + "\n" + least + follow + agents + "key = file:/key\n")
        .vrrps[0]
        .router.failback;
  };
  CHECK(failback("when-synced") == vrrp::Failback{Kind::when_synced, {}});
  CHECK(failback("when-synced limit 60s") == vrrp::Failback{Kind::when_synced, std::chrono::seconds{60}});
  CHECK(tells("failback = when-synced\n", "needs `peer' in [sync]"));
  CHECK(tells("failback = when-synced\n" + least + follow, "needs `peer' in [sync]"));
  CHECK(tells("failback = when-synced limit\n" + least + follow, "perhaps with `limit TIME'"));
}

TEST_CASE("servers of another family are warned of: the kernel does not sync their connections") {
  const std::string service =
      "[pool p]\nserver = [fd00::1]:80\n[virtual_server v]\naddress = 10.0.0.100:80\nforward = tunnel\npool = p\n";
  CHECK(warnings(router + least + follow + service).find("connections of v to servers of another family") !=
        std::string::npos);
  CHECK(warnings(router + service).find("another family") == std::string::npos);
}

}  // namespace sync_test
