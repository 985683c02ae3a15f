#include "sync/options.hpp"

#include <doctest/doctest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>

namespace options_test {

using namespace ipvs;
using namespace ipvs::sync;

namespace {

/// A file that only its owner may read, gone with the test.
struct Secret {
  explicit Secret(const std::string& text, unsigned mode = 0600) {
    path = "/tmp/ipvs-sync-key.XXXXXX";
    ::close(::mkstemp(path.data()));
    std::ofstream{path} << text;
    ::chmod(path.c_str(), mode);
  }
  Secret(const Secret&) = delete;
  Secret& operator=(const Secret&) = delete;
  ~Secret() { ::unlink(path.c_str()); }
  std::string path = "";
};

std::string fault(const std::vector<std::string>& words) {
  const auto options = read_options(words);
  return options ? "" : options.error();
}

}  // namespace

TEST_CASE("a relay, whole") {
  const Secret key{"the secret of two or three directors \t\r\n"};
  const auto options = read_options({"relay",
                                     "-i",
                                     "sync0",
                                     "--id",
                                     "51",
                                     "--ports",
                                     "2",
                                     "--group",
                                     "224.0.0.99",
                                     "--port",
                                     "9000",
                                     "--listen",
                                     "192.0.2.1:8849",
                                     "--peer",
                                     "192.0.2.2:8849",
                                     "--peer",
                                     "192.0.2.3:8849",
                                     "--key",
                                     key.path,
                                     "--no-donate",
                                     "--rate",
                                     "1000",
                                     "--socket",
                                     "/s"});
  REQUIRE(options);
  CHECK(options->verb == Verb::relay);
  CHECK(options->agent ==
        AgentSettings{.line = {"sync0", *Address::parse("224.0.0.99"), {9000}, 2, {51}},
                      .relay = true,
                      .listen = Endpoint::parse("192.0.2.1:8849"),
                      .peers = {*Endpoint::parse("192.0.2.2:8849"), *Endpoint::parse("192.0.2.3:8849")},
                      .secrets = {"the secret of two or three directors"},
                      .donate = false,
                      .resync_rate = 1000,
                      .socket = "/s"});
}

TEST_CASE("without a command, and with --help, help; --version before all") {
  CHECK(read_options({})->verb == Verb::help);
  CHECK(read_options({"mirror", "--help"})->verb == Verb::help);
  CHECK(read_options({"mirror", "--version"})->verb == Verb::version);
  CHECK(help().find("differences") != std::string::npos);
}

TEST_CASE("what is wrong is told, with what would be right") {
  const Secret open{"secret", 0644};
  const Secret key{"the secret of two or three directors"};
  const Secret small{"the secret of two of directors  \n"};
  const Secret empty{"\n"};
  CHECK(fault({"mirrow"}) == "there is no command `mirrow'; ipvs-sync --help lists them");
  CHECK(fault({"status", "more"}) == "`more' is one word too many");
  CHECK(fault({"status", "--peer", "192.0.2.1:1"}) == "--peer does not go with status");
  CHECK(fault({"mirror"}) == "which --interface? ip link shows what there is");
  CHECK(fault({"mirror", "-i", "eth1", "--group", "10.0.0.1"}) == "--group wants a multicast address");
  CHECK(fault({"mirror", "-i", "eth1", "--id", "256"}) == "--id wants a number from 0 to 255, not `256'");
  CHECK(fault({"mirror", "-i", "eth1", "--id", "-1"}).find("--id") != std::string::npos);
  CHECK(fault({"mirror", "-i", "eth1", "--listen", "192.0.2.1"}) ==
        "--listen wants ADDRESS:PORT or [ADDRESS]:PORT, not `192.0.2.1'");
  CHECK(fault({"mirror", "-i", "eth1", "--peer", "192.0.2.1:1"}).find("wants a --key, or certificates") !=
        std::string::npos);
  CHECK(fault({"mirror", "-i", "eth1", "--key", key.path, "--listen", "192.0.2.1:1", "--peer", "[2001:db8::3]:2"}) ==
        "--listen: 192.0.2.1:1 and the peer [2001:db8::3]:2 are of different families");
  CHECK(fault({"mirror", "-i", "eth1", "--key", open.path}).find("chmod 600") != std::string::npos);
  CHECK(fault({"mirror", "-i", "eth1", "--key", empty.path}).find("the key has 0 bytes") != std::string::npos);
  CHECK(fault({"mirror", "-i", "eth1", "--key", small.path}) ==
        "--key: " + small.path +
            ": the key has 30 bytes, it wants 32 or more: head -c 32 /dev/urandom | base64 > FILE");
  CHECK(fault({"mirror", "-i", "eth1", "--key", "/nonesuch"}) ==
        "--key: cannot read /nonesuch: No such file or directory");
  CHECK(fault({"mirror", "-i", "eth1", "--certificate", key.path}) ==
        "--certificate, --certificate-key and --ca go together");
  CHECK(fault({"relay", "-i", "eth1", "--key", key.path}) == "relay wants --listen, --peer and --key");
  CHECK(fault({"connections", "--by", "colour"}) == "--by wants client or server");
  CHECK(fault({"monitor", "-i", "eth1", "--seconds", "0"}).find("from 1") != std::string::npos);
}

}  // namespace options_test
