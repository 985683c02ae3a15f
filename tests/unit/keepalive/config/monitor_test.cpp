#include <doctest/doctest.h>

#include "config/files.hpp"
#include "texts.hpp"

namespace monitor_test {

using namespace keepalive;
using namespace keepalive::test;

namespace {

const std::string least = "[monitor]\nlisten = [::]:8443\n";
const std::string fingerprint(64, 'a');

std::map<std::string, std::string> texts(const std::string& text) {
  return {{"k.conf", "[global]\n" + text},     {"/token", "kal_1\n"},
          {"/users", "anna:viewer:x\n"},       {"/cert", pem("CERTIFICATE")},
          {"/private", pem("EC PRIVATE KEY")}, {"/etc/keepalive/users", "root:administrator:y\n"}};
}

Monitor loaded(const std::string& text) {
  const auto config = load_texts(texts(text));
  if (!config) FAIL(text << base::render(config.error()));
  REQUIRE(config->monitor);
  return *config->monitor;
}

std::string told(const std::string& text) {
  const auto config = load_texts(texts(text));
  return config ? "" : config.error().front().text;
}

bool tells(const std::string& text, std::string_view part) {
  const std::string all = told(text);
  INFO(text, all);
  return all.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("the size of [monitor]'s history is told to be in bytes") {
  CHECK(tells(least + "history = 1G\n", "history: wants a number of bytes from 0 to 17179869184"));
}

TEST_CASE("[monitor] says where it listens, what it may do, who may use it, and whom it shows") {
  const Monitor plain = loaded(least);
  CHECK(plain.listen == std::vector{*ipvs::Endpoint::parse("[::]:8443")});
  CHECK(plain.allow == Monitor::Allow::read);
  CHECK(plain.users == "root:administrator:y\n");
  CHECK(plain.users_path == "/etc/keepalive/users");
  const Monitor all = loaded(
      "[monitor]\nlisten = 10.0.0.1:8443, [fd00::1]:8443\nlisten = 10.0.0.1:8444\nallow = configure\n"
      "certificate = file:/cert\ncertificate_key = file:/private\nclient_ca = file:/cert\nusers = file:/users\n"
      "session_idle = 10m\nsession_longest = 8h\nhistory = 0\n"
      "peer = lvs2 10.0.0.2:8443 token=file:/token fingerprint=" +
      fingerprint + "\npeer = lvs3 10.0.0.3:8443 token=file:/token ca=file:/cert host=lvs3.example.net\n");
  CHECK(all.listen.size() == 3);
  CHECK(all.allow == Monitor::Allow::configure);
  CHECK(all.users == "anna:viewer:x\n");
  CHECK(all.users_path == "/users");
  CHECK(all.certificate_path == "/cert");
  CHECK(all.certificate_key_path == "/private");
  CHECK(all.client_ca_path == "/cert");
  CHECK(all.idle == std::chrono::minutes{10});
  CHECK(all.longest == std::chrono::hours{8});
  CHECK(all.history == 0);
  CHECK(all.peers[0] == Monitor::Peer{.name = "lvs2",
                                      .at = *ipvs::Endpoint::parse("10.0.0.2:8443"),
                                      .token = "kal_1",
                                      .fingerprint = fingerprint});
  CHECK(all.peers[1].host == "lvs3.example.net");
  CHECK(all.peers[1].ca == pem("CERTIFICATE"));
  CHECK(!load_texts(texts(""))->monitor);
}

TEST_CASE("[monitor]: what is wrong is told") {
  CHECK(tells("[monitor]\nallow = read\n", "needs `listen'"));
  CHECK(tells("[monitor]\nlisten = 10.0.0.1\n", "wants ADDRESS:PORT"));
  CHECK(tells("[monitor]\nlisten = 10.0.0.1:1, 10.0.0.1:1\n", "stands here twice"));
  CHECK(tells(least + least, "[monitor] stands here twice; first at k.conf:2"));
  CHECK(tells(least + "allow = all\n", "wants `read', `operate' or `configure'"));
  CHECK(tells(least + "certificate = file:/cert\n", "`certificate' needs `certificate_key', too"));
  CHECK(tells(least + "certificate_key = file:/private\n", "`certificate_key' needs `certificate'"));
  CHECK(tells(least + "session_idle = 13h\n", "must not be more than `session_longest'"));
  CHECK(tells(least + "users = none\n", "wants file:/PATH"));
  CHECK(tells(least + "peer = lvs2 10.0.0.2:8443\n", "`lvs2' needs token=file:/PATH"));
  CHECK(tells(least + "peer = lvs2 10.0.0.2:8443 token=file:/token\n", "needs fingerprint=HEX or ca=file:/PATH"));
  CHECK(tells(least + "peer = local 10.0.0.2:8443 token=file:/token\n", "is not `local'"));
  CHECK(tells(least + "peer = lvs2 10.0.0.2 token=file:/token\n", "wants NAME ADDRESS:PORT"));
  CHECK(tells(least + "peer = lvs2 10.0.0.2:8443 tokens=file:/token\n", "no such option; did you mean `token'?"));
  CHECK(tells(least + "peer = lvs2 10.0.0.2:8443 token=file:/token fingerprint=abc\n", "64 hexadecimal digits"));
}

TEST_CASE("[monitor] without users is warned of") {
  CHECK(warnings("[global]\n" + least)
            .find("nobody can log in: there is no /etc/keepalive/users or it is empty; "
                  "`keepalivectl user add NAME --role ROLE --file") != std::string::npos);
  CHECK(warnings("[global]\n" + least + "users = file:/none\n").find("nobody can log in: there is no /none") !=
        std::string::npos);
}

TEST_CASE("[monitor] at a port that only root may have is warned of") {
  CHECK(warnings("[global]\n[monitor]\nlisten = 10.0.0.1:443\n").find("the role that listens has no privilege") !=
        std::string::npos);
  CHECK(warnings("[global]\n[monitor]\nlisten = 10.0.0.1:1024\n").find("privilege") == std::string::npos);
}

}  // namespace monitor_test
