// The monitor's own certificate, and the words it is set up by.
#include "monitor/certificate.hpp"

#include <doctest/doctest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>

#include "base/bytes.hpp"
#include "core/monitor_words.hpp"
#include "monitor/tls.hpp"

using namespace keepalive;
using namespace keepalive::monitor;

namespace {

constexpr std::int64_t noon = 1800000000;
const CertificateNames names{.host = "director-1", .addresses = {"192.0.2.1", "2001:db8::1"}};

}  // namespace

TEST_CASE("a certificate of our own is good for TLS, and for ten years") {
  const KeyPair made = make_certificate(names, noon);
  CHECK(usable(made, noon));
  CHECK(usable(made, noon + 9LL * 365 * 86400));
  CHECK_FALSE(usable(made, noon + 10LL * 365 * 86400));
  CHECK(fingerprint(made.certificate).size() == 64);
  CHECK(fingerprint("nonsense") == "");
  CHECK(spoken("ab01") == "AB:01");
  CHECK(server_context({made.certificate, made.key, ""}));
  CHECK(server_context({made.certificate, made.key, made.certificate}));
  const KeyPair other = make_certificate(names, noon);
  CHECK(other != made);
  CHECK_FALSE(usable({made.certificate, other.key}, noon));
  CHECK(server_context({made.certificate, other.key, ""}).error() ==
        "[monitor] certificate_key: does not belong to the certificate");
  CHECK(server_context({made.certificate, "x", ""}).error() == "[monitor] certificate_key: no PEM key in it");
  CHECK(server_context({"x", made.key, ""}).error() == "[monitor] certificate: no PEM certificate in it");
  CHECK(server_context({made.key, made.key, ""}).error() == "[monitor] certificate: no PEM certificate in it");
  const std::string broken = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
  CHECK(server_context({broken, made.key, ""}).error().starts_with("[monitor] certificate: error:"));
  CHECK(server_context({.certificate = made.certificate, .key = "x", .key_path = "/etc/k.pem"}).error() ==
        "[monitor] certificate_key /etc/k.pem: no PEM key in it");
  CHECK(server_context({made.certificate, made.key, "x"}).error() == "[monitor] client_ca: no PEM certificate in it");
  CHECK(client_context("x").error() == "ca: no PEM certificate in it");
  CHECK(usable(make_certificate({.host = "a,DNS:evil", .addresses = {}}, noon), noon));
}

TEST_CASE("it is kept; one that is broken or too old is replaced; without a folder it goes on") {
  std::string folder = "/tmp/certificate.XXXXXX";
  REQUIRE(::mkdtemp(folder.data()) != nullptr);
  const std::string path = folder + "/certificate";
  std::string fault;
  const KeyPair first = kept_certificate(path, names, noon, fault);
  CHECK(fault == "");
  CHECK(fingerprint(kept_certificate(path, names, noon, fault).certificate) == fingerprint(first.certificate));
  struct stat facts {};
  REQUIRE(::stat(path.c_str(), &facts) == 0);
  CHECK((facts.st_mode & 0777U) == 0600);
  const KeyPair later = kept_certificate(path, names, noon + 11LL * 365 * 86400, fault);
  CHECK(fingerprint(later.certificate) != fingerprint(first.certificate));
  std::ofstream{path} << "nonsense";
  CHECK(usable(kept_certificate(path, names, noon, fault), noon));
  CHECK(fault == "");
  ::unlink(path.c_str());
  ::rmdir(folder.c_str());
  CHECK(usable(kept_certificate(path, names, noon, fault), noon));
  CHECK(fault == path + ": No such file or directory");
}

TEST_CASE("settings come through the channel as they are; other bytes do not") {
  const Monitor settings{.listen = {*ipvs::Endpoint::parse("[::]:8443"), *ipvs::Endpoint::parse("192.0.2.1:443")},
                         .allow = Monitor::Allow::configure,
                         .certificate = "c",
                         .certificate_key = "k",
                         .client_ca = "a",
                         .users = "u",
                         .users_path = "p",
                         .idle = std::chrono::minutes{1},
                         .longest = std::chrono::hours{1},
                         .peers = {{"b", *ipvs::Endpoint::parse("192.0.2.2:443"), "h", "t", "f", "ca"}},
                         .history = 1234567890123};
  const core::MonitorWords set = core::SetMonitor{settings, "a"};
  const std::string bytes = encode(set);
  CHECK(core::decode_monitor(base::as_bytes(bytes)) == set);
  CHECK(core::decode_monitor(base::as_bytes(encode(core::MonitorWords{core::Connect{}}))) ==
        core::MonitorWords{core::Connect{}});
  for (std::size_t size = 0; size < bytes.size(); ++size)
    CHECK_FALSE(core::decode_monitor(base::as_bytes(bytes.substr(0, size))));
}
