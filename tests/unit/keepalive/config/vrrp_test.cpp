#include <doctest/doctest.h>

#include "vrrp_texts.hpp"

namespace vrrp_test {

using namespace keepalive;
using namespace keepalive::test;
using keepalive::vrrp::Failback;
using keepalive::vrrp::Instance;
using keepalive::vrrp::Track;
using keepalive::vrrp::Version;
using std::chrono::milliseconds;
using std::chrono::seconds;

TEST_CASE("a virtual router's keys are its values") {
  CHECK(router("") == Instance{.name = "v1", .interface = "eth0", .id = 51});
  const Instance full = router(
      "priority = 200\nversion = 2\nadvertise = 2s\ndown_after = 4\nfailback = delayed 30s\nstart_delay = 10s\n"
      "addresses = 10.0.0.100/24, fd00::100/64 dev eth1\nexcluded = 10.0.1.1-3/24 label eth0:1 scope link deprecated\n"
      "track = interface eth1 weight -50, route 0.0.0.0/0, process sshd\npeers = 10.0.0.2, 10.0.0.3 ttl 254-255\n"
      "source = 10.0.0.1\nttl = 64\npassword = s3cret\nchecksum = plain\nannounce_repeat = 2\nannounce_gap = 1ms\n");
  CHECK(full.priority == 200);
  CHECK(full.version == Version::v2);
  CHECK(full.family == ipvs::Family::ipv4);
  CHECK(full.advertise == seconds{2});
  CHECK(full.failback == Failback{Failback::Kind::delayed, seconds{30}});
  REQUIRE(full.addresses.size() == 5);
  CHECK(full.addresses[1] == vrrp::VirtualAddress{.address = at("fd00::100"), .prefix = 64, .interface = "eth1"});
  CHECK(full.addresses[4] == vrrp::VirtualAddress{.address = at("10.0.1.3"),
                                                  .prefix = 24,
                                                  .label = "eth0:1",
                                                  .scope = "link",
                                                  .excluded = true,
                                                  .preferred = false});
  CHECK(full.track == std::vector<Track>{{Track::Kind::interface, "eth1", -50},
                                         {Track::Kind::route, "0.0.0.0/0", 0},
                                         {Track::Kind::process, "sshd", 0}});
  CHECK(full.peers == std::vector<vrrp::Peer>{{at("10.0.0.2")}, {at("10.0.0.3"), 254, 255}});
  CHECK(full.announcing.gap == milliseconds{1});
}

TEST_CASE("the first address tells the family, unless the file does") {
  CHECK(router("addresses = fe80::1/64, 10.0.0.1/24\n").family == ipvs::Family::ipv6);
  CHECK(router("addresses = fe80::1/64, 10.0.0.1/24\nfamily = ipv4\n").family == ipvs::Family::ipv4);
}

TEST_CASE("what cannot be is told at its place") {
  struct Row {
    const char* lines;
    const char* fault;
  };
  for (const Row& row : {
           Row{"advertise = 1500ms\nversion = 2\n", "version 2 knows whole seconds only"},
           Row{"advertise = 15ms\n", "version 3 knows hundredths of a second, at most 40950ms"},
           Row{"advertise = 41s\n", "version 3 knows hundredths of a second, at most 40950ms"},
           Row{"version = 2\naddresses = fd00::1/64\n", "version 2 has no IPv6"},
           Row{"password = x\n", "version 3 has no password"},
           Row{"priority = 255\nfailback = never\n",
               "priority 255 owns the addresses and always takes over: RFC 9568 section 6.1"},
           Row{"peers = fe80::1\n", "peers are of another address family than the instance"},
           Row{"source = fe80::1\n", "is of another address family than the instance"},
           Row{"ttl = 64\n", "needs peers: by multicast it is 255 always"},
           Row{"verify = /v\n", "needs `on_master': what is to be verified"},
           Row{"on_master = /m\nverify_interval = 1m\n", "needs `verify': a program that tells whether all is well"},
           Row{"addresses = 10.0.0.1/24, 10.0.0.1/24\n", "10.0.0.1 stands here twice"},
           Row{"addresses = 10.0.0.1/24 via x\n",
               "addresses: `via' is no option of an address: dev NAME, peer ADDRESS, brd ADDRESS, label TEXT, scope "
               "WORD, "
               "deprecated, noprefixroute"},
           Row{"addresses = 10.0.0.1/24 scope lnk\n",
               "addresses: `scope lnk' wants global, site, link, host or a number from 0 to 255"},
           Row{"addresses = 10.0.0.1/24 scope 300\n",
               "addresses: `scope 300' wants global, site, link, host or a number from 0 to 255"},
           Row{"addresses = 10.0.0.1/24 scope 40x\n",
               "addresses: `scope 40x' wants global, site, link, host or a number from 0 to 255"},
           Row{"addresses = 10.0.0.1/24 label eth0:abcdefghijk\n",
               "addresses: `label eth0:abcdefghijk' wants at most 15 letters, such as eth0:1"},
           Row{"addresses = 10.0.0.1/24 dev eth0/1\n",
               "addresses: `dev eth0/1' wants an interface's name: at most 15 letters"},
           Row{"routes = 10.8.0.0/16 dev eth1 scope lnk\n",
               "routes: `scope' wants global, site, link, host or a number from 0 to 255"},
           Row{"routes = 10.8.0.0/16 dev eth/1\n", "routes: `dev' wants an interface's name: at most 15 letters"},
           Row{"addresses = 10.0.0.1/33\n", "addresses: `10.0.0.1/33': a prefix is a number from 1 to 32"},
           Row{"failback = soon\n",
               "failback: wants `immediate', `never', `delayed TIME' such as delayed 30s, or `when-synced', perhaps "
               "with "
               "`limit TIME'"},
           Row{"track = service web\n", "no virtual server is called `web'"},
           Row{"track = script x\n", "no check is called `x'"},
           Row{"track = route default\n", "track: wants a prefix after route: 0.0.0.0/0"},
           Row{"track = interface eth1 weight 0\n",
               "track: after its name wants `weight NUMBER', from -254 to 254 but not 0, or nothing"},
           Row{"peers = 224.0.0.18\n", "peers: wants a router's address such as 10.0.0.2"},
       }) {
    CAPTURE(row.lines);
    CHECK(told(row.lines) == row.fault);
  }
}

TEST_CASE("virtual routers do not share an id on an interface, an address, or a group with other priorities") {
  const std::string second = "[vrrp v2]\ninterface = eth0\nid = ";
  CHECK(told(second + "51\n") == "[vrrp v1] has id 51 on eth0 already");
  CHECK(told("addresses = 10.0.0.1/24\n" + second + "52\naddresses = 10.0.0.1/24\n") ==
        "10.0.0.1 belongs to [vrrp v1] already");
  CHECK(told("group = g\n" + second + "52\ngroup = g\npriority = 50\n") ==
        "[vrrp v1] of the same group has priority 100: they move as one");
  CHECK(good(head + second + "51\nfamily = ipv6\n").vrrps.size() == 2);  // the other family has ids of its own
}

TEST_CASE("services, and probes, may depend on a virtual router") {
  const std::string pool = "[pool p]\ncheck_when = master of v1\nserver = 10.0.0.9:80\n";
  const std::string service = "[virtual_server s]\naddress = 10.0.0.1:80\npool = p\nwhen = master of v1\n";
  const Config config = good(head + pool + service);
  CHECK(config.services.front().master_of == "v1");
  CHECK(config.pools.front().master_of == "v1");
  CHECK(told(pool + "[virtual_server s]\naddress = 10.0.0.1:80\npool = p\nwhen = master of v2\n") ==
        "no virtual router is called `v2'; did you mean `v1'?");
}

TEST_CASE("a tracked check runs by itself, as the only one of a pool that no service uses") {
  const Config config = good("[check uplink]\ntype = script\ncommand = /bin/true\n" + head + "track = script uplink\n");
  REQUIRE(config.pools.size() == 1);
  CHECK(config.pools.front().tracked == Track{Track::Kind::script, "uplink", 0});
  CHECK(config.pools.front().checks == std::vector<std::size_t>{0});
  CHECK(config.pools.front().servers.front().name == "uplink");
  CHECK(config.pools.front().name == "track/script/uplink");  // no name of a [pool], and one word in what is saved
  const Config two = good("[check up]\ntype = file\npath = /up\n" + head + "track = script up, file up\n");
  REQUIRE(two.pools.size() == 2);
  CHECK(two.pools[0].name == "track/script/up");
  CHECK(two.pools[1].name == "track/file/up");
  CHECK(told("track = script c\n[check c]\ntype = tcp\naddress = 10.0.0.254\n") ==
        "[check c] needs `port': there is no server here");
  CHECK(told("track = script c\n[check c]\ntype = tcp\naddress = 10.0.0.254\nport = 80\n").empty());
  CHECK(told("track = script c\n[check c]\ntype = ping\naddress = 10.0.0.254\n").empty());
  CHECK(told("track = script c\n[check c]\ntype = tcp\n") == "[check c] needs `address': there is no server here");
}

// ---- hmac

namespace {

const std::string hex_key = "hex:000102030405060708090a0b0c0d0e0f101112131415161718191A1B1C1D1E1F\n";

tl::expected<Config, Diagnostics> with_keys(const std::string& lines) {
  return load_texts({{"k.conf", head + lines},
                     {"/hex", hex_key},
                     {"/plain", std::string(64, 'k') + " \r\n"},
                     {"/short", std::string(31, 'k')},
                     {"/long", std::string(65, 'k')},
                     {"/odd", "hex:012"}});
}

}  // namespace

TEST_CASE("keys of an HMAC come from files, as hexadecimal digits or as they are; the window follows advertise") {
  const auto config = with_keys("hmac = enforce\nhmac_key = 7 file:/plain, 1 file:/hex\nadvertise = 2s\n");
  REQUIRE(config);
  const vrrp::Hmac& hmac = config->vrrps.front().router.hmac;
  CHECK(hmac.mode == vrrp::Hmac::Mode::enforce);
  REQUIRE(hmac.keys.size() == 2);
  CHECK(hmac.keys[0] == vrrp::HmacKey{7, std::string(64, 'k')});
  CHECK(hmac.keys[1].id == 1);
  CHECK(hmac.keys[1].secret.size() == 32);
  CHECK(hmac.keys[1].secret.substr(29) == "\x1d\x1e\x1f");
  CHECK(hmac.window == seconds{6});
  const auto window = [](const std::string& lines) {
    return with_keys("hmac = receive\nhmac_key = 1 file:/hex\n" + lines)->vrrps.front().router.hmac.window;
  };
  CHECK(window("") == seconds{5});
  CHECK(window("hmac_window = 1m\n") == seconds{60});
  CHECK(window("hmac_window = 0\n") == seconds{0});
}

TEST_CASE("what is wrong with an HMAC's keys is told with what to do") {
  struct Row {
    const char* lines;
    const char* fault;
  };
  for (const Row& row : {
           Row{"hmac_key = 1 file:/hex\n", "needs `hmac': receive, permissive or enforce"},
           Row{"hmac_window = 5s\n", "needs `hmac': receive, permissive or enforce"},
           Row{"hmac = enforce\n", "needs `hmac_key': 1 file:/PATH"},
           Row{"hmac = on\n", "hmac: wants `receive', `permissive' or `enforce'"},
           Row{"hmac = enforce\nhmac_key = 0 file:/hex\n", "hmac_key: wants an id from 1 to 255 and file:/PATH"},
           Row{"hmac = enforce\nhmac_key = 1 secret\n", "hmac_key: wants an id from 1 to 255 and file:/PATH"},
           Row{"hmac = enforce\nhmac_key = 1 file:/hex, 1 file:/plain\n",
               "hmac_key: id 1 stands here twice: each key has its own"},
           Row{"hmac = enforce\nhmac_key = 1 file:/none\n", "hmac_key: cannot read /none: No such file or directory"},
           Row{"hmac = enforce\nhmac_key = 1 file:/odd\n",
               "hmac_key: /odd: after hex: want pairs of hexadecimal digits"},
           Row{"hmac = enforce\nhmac_key = 1 file:/short\n",
               "hmac_key: /short has 31 bytes: a key has 32 to 64; make one with: echo hex:$(openssl rand -hex 32)"},
           Row{"hmac = enforce\nhmac_key = 1 file:/long\n",
               "hmac_key: /long has 65 bytes: a key has 32 to 64; make one with: echo hex:$(openssl rand -hex 32)"},
           Row{"hmac = enforce\nhmac_key = 1 file:/hex\nhmac_window = 10\n",
               "hmac_window: wants a time from 1s to 5m, or 0; the unit is missing: 10s"},
           Row{"hmac = enforce\nhmac_key = 1 file:/hex\nhmac_window = 500ms\n",
               "hmac_window: wants a time from 1s to 5m, or 0"},
       }) {
    CAPTURE(row.lines);
    const auto config = with_keys(row.lines);
    REQUIRE(!config);
    CHECK(config.error().front().text == row.fault);
  }
}

}  // namespace vrrp_test
