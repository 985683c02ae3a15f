// The output is read as keepalive --check reads it, and faults stand beside their lines.
#include <doctest/doctest.h>

#include "imports.hpp"

namespace verify_test {

using namespace keepalive::import;
using namespace keepalive::import::test;

namespace {

Imported checked(const std::string& text, std::map<std::string, std::string> texts = {}) {
  return verified({.text = text}, Texts{std::move(texts)});
}

std::string told(const Imported& imported) {
  std::string text;
  for (const Remark& remark : imported.remarks) text += to_string(remark) + "\n";
  return text;
}

const std::string good = "[pool p]\nserver = 10.0.0.2:80\n\n[virtual_server v]\naddress = 10.0.0.1:80\npool    = p\n";

}  // namespace

TEST_CASE("an output without faults stays as it is") {
  const Imported result = checked(good);
  CHECK(result.text == good);
  CHECK(result.remarks.empty());
  CHECK(summary(result) == "0 statements taken over, 0 of them with a difference; 0 left out; 0 need nothing\n");
}

TEST_CASE("a fault stands above its line, below a section's head, and by its final line in the remarks") {
  const Imported result = checked("[pool p]\nserver = 10.0.0.2:80 weight=x\n\n[check c]\ninterval = 5s\n\n" +
                                  good.substr(good.find("[virtual")) + "netmask   = 24\n");
  CHECK(result.text ==
        "[pool p]\n; left to do: server: weight wants a number from 0 to 2147483647\nserver = 10.0.0.2:80 weight=x\n\n"
        "[check c]\n; left to do: a check needs `type'\ninterval = 5s\n\n"
        "[virtual_server v]\naddress = 10.0.0.1:80\npool    = p\n"
        "; left to do: [virtual_server] has no key `netmask'\nnetmask   = 24\n");
  CHECK(told(result) ==
        "output:3: server = 10.0.0.2:80 weight=x: left to do: server: weight wants a number from 0 to 2147483647\n"
        "output:5: [check c]: left to do: a check needs `type'\n"
        "output:13: netmask = 24: left to do: [virtual_server] has no key `netmask'\n");
  CHECK(summary(result).ends_with(
      "0 need nothing\n3 left to do: keepalive --check refuses the output until each is mended\n"));
}

TEST_CASE("a fault that names another line names the one where that line comes to stand") {
  const Imported result = checked(good + "pool    = x\n\n[ipvs]\nzork = 1\n\n[ipvs]\nforwarding = x\n");
  CHECK(told(result).find("`pool' stands here twice; first at output:6") != std::string::npos);
  const Imported shifted = checked("[zork]\n" + good + "pool    = x\n");
  CHECK_MESSAGE(shifted.text.find("twice; first at output:8") != std::string::npos, shifted.text);
  CHECK(load_faults(shifted.text).find("first at k.conf:8") != std::string::npos);
}

TEST_CASE("a file that is not on this machine is something to do") {
  const std::string check = "[check c]\ntype = https\ncertificate = file:/c.pem\nkey = file:/k.pem\n\n";
  const Imported result = checked(check + good);
  CHECK(result.text.find("; left to do: put /c.pem where the daemon will run, readable for root (here: No such file or "
                         "directory)\ncertificate = file:/c.pem\n") != std::string::npos);
}

TEST_CASE("a password is not repeated, and an empty output says so") {
  const Imported result = checked("[vrrp v]\ninterface = e0\nid = 1\nversion = 2\npassword = much-too-long\n");
  CHECK_MESSAGE(told(result).starts_with("output:6: password: left to do: password: "), told(result));
  CHECK(told(checked("; From here.\n")) ==
        "output:2: the whole: left to do: nothing stands in it; to have no services on purpose, write [global]\n");
}

}  // namespace verify_test
