#include "options.hpp"

#include <doctest/doctest.h>

using namespace keepalive;

namespace {

Options read(std::vector<const char*> words) {
  words.insert(words.begin(), "keepalive");
  return read_options(static_cast<int>(words.size()), words.data());
}

}  // namespace

TEST_CASE("each instance has files and a run folder of its own") {
  CHECK(read({}).run_file("control") == "/run/keepalive/control");
  CHECK(read({"--instance", "lab"}).run_file("control") == "/run/keepalive-lab/lab.control");
  CHECK(read({"--instance", "lab", "--run-dir", "/run/keepalive"}).run_file("control") == "/run/keepalive/lab.control");
  CHECK(read({"--instance", "lab"}).state_file("last-good") == "/var/lib/keepalive/lab.last-good");
}

TEST_CASE("a role sees what its launcher saw") {
  const Options options = read({"--instance", "lab", "--log-level", "notice", "-f", "/x.conf"});
  const auto line = options.role_arguments("/usr/sbin/keepalive", "director", 5);
  std::vector<const char*> words;
  for (std::size_t i = 1; i < line.size(); ++i) words.push_back(line[i].c_str());
  const Options role = read(words);
  CHECK(role.role == "director");
  CHECK(role.channel == 5);
  CHECK(role.run_file("control") == options.run_file("control"));
  CHECK(role.config == "/x.conf");
  CHECK(log_settings(role).most == io::Level::notice);
}

TEST_CASE("an instance has a file of its own, unless told otherwise") {
  CHECK(read({}).config == "/etc/keepalive/keepalive.conf");
  CHECK(read({"--instance", "lab"}).config == "/etc/keepalive/lab.conf");
  CHECK(read({"--instance", "lab", "-f", "/x.conf"}).config == "/x.conf");
  CHECK(read({"--instance", "lab", "--check"}).config == "/etc/keepalive/lab.conf");
  CHECK(read({"--instance", "lab", "--check", "/x.conf"}).config == "/x.conf");
}

TEST_CASE("wrong use is told") {
  CHECK_THROWS_WITH(read({"x.conf"}), "`x.conf' is no option; a configuration is named with -f x.conf");
  CHECK_THROWS_WITH(read({"--instance", "a/b"}), "an instance's name has letters, digits, `_' and `-' only");
  CHECK_THROWS_WITH(read({"--log", "file"}), "--log wants auto, stderr or syslog");
  CHECK_THROWS_WITH(read({"--log-level", "loud"}), "--log-level wants error, warning, notice or info");
  CHECK_THROWS_WITH(read({"--import-id", "x"}), "--import-id goes with --import FILE");
  CHECK_THROWS_WITH(read({"--import-from", "keepalived"}), "--import-from goes with --import FILE");
  CHECK_THROWS_WITH(read({"--import", "x", "--import-from", "me"}), "--import-from wants keepalived or ldirectord");
  CHECK(read({"--import", "x", "--import-id", "y"}).import_id == "y");
}
