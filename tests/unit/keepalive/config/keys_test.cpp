#include <doctest/doctest.h>

#include "config/schema.hpp"
#include "texts.hpp"

namespace keys_test {

using namespace keepalive;
using namespace keepalive::test;

namespace {

/// A type of check that the key goes with, and what else it needs.
std::string check_for(const config::Key& key) {
  if (config::applies(key, "https")) return "[check c]\ntype = https\n";
  const std::string type{key.applies.substr(0, key.applies.find(' '))};
  return "[check c]\ntype = " + type + "\n" + (type == "script" ? "command = /x\n" : "");
}

/// A virtual router that has all it needs but this key.
std::string router_without(std::string_view key) {
  std::string text = "[vrrp v]\n";
  if (key != "interface") text += "interface = eth0\n";
  if (key != "id") text += "id = 51\n";
  if (key == "ttl") text += "peers = 10.0.0.2\n";
  return text;
}

/// Connection sync that has all it needs but this key.
std::string sync_without(std::string_view key) {
  std::string text = "[sync]\n";
  if (key != "interface") text += "interface = eth1\n";
  if (key != "id") text += "id = 51\n";
  if (key != "follow") text += "follow = both\n";
  const bool of_agents = key == "share" || key.starts_with("resync");
  return text + (of_agents ? "peer = 10.1.0.2\nlisten = 10.1.0.1\nkey = file:/key\n" : "");
}

/// A file whose only news is `key = value`.
std::string with(const config::Key& key, const std::string& value) {
  const std::string line = std::string{key.name} + " = " + value + "\n";
  const std::string section{key.section};
  const bool of_body = key.name == "body_from" || key.name == "body_to";
  if (section == "check") return check_for(key) + (of_body ? "body = x\n" : "") + line;
  if (section == "global") return "[global]\nmail_server = smtp://m\nmail_to = a@b\n" + line;
  if (section == "pool") return web_pool + "sorry_server = 10.0.0.99:80\n" + line;
  if (section == "virtual_server") return web_pool + web_service + line;
  if (section == "vrrp") return router_without(key.name) + line;
  if (section == "sync") return sync_without(key.name) + line;
  if (section == "monitor") return "[monitor]\nlisten = [::]:8443\n" + line;
  return "[" + section + "]\n" + line;
}

/// Whether the key's own setter refuses the value.
bool refused(const config::Key& key, const std::string& value) {
  return faults(with(key, value)).find(": error: " + std::string{key.name} + ": wants") != std::string::npos;
}

}  // namespace

TEST_CASE("every number and time takes its range and nothing beside it") {
  std::size_t count = 0;
  for (const config::Key& key : config::keys()) {
    if (key.high == 0) continue;
    ++count;
    CAPTURE(key.section);
    CAPTURE(key.name);
    const std::string unit = key.kind == "time" ? "ms" : "";
    CHECK(refused(key, key.low == 0 ? "-1" + unit : std::to_string(key.low - 1) + unit));
    CHECK(!refused(key, std::to_string(key.low) + unit));
    CHECK(!refused(key, std::to_string(key.high) + unit));
    CHECK(refused(key, std::to_string(key.high + 1) + unit));
    CHECK(refused(key, "many"));
    CHECK(refused(key, "99999999999999999999" + unit));
    CHECK(refused(key, std::to_string(key.high) + (unit.empty() ? "s" : "")));
  }
  CHECK(count > 40);
}

TEST_CASE("every key has a kind, a line of help, a known section; its types of check exist") {
  for (const config::Key& key : config::keys()) {
    CAPTURE(key.name);
    CHECK(!key.kind.empty());
    CHECK(!key.help.empty());
    const auto sections = config::sections();
    CHECK(std::count(sections.begin(), sections.end(), key.section) == 1);
    CHECK(config::find_key(key.section, key.name) == &key);  // once only
    std::string_view rest = key.applies;
    while (!rest.empty()) {
      const std::string_view type = rest.substr(0, rest.find(' '));
      CHECK(config::read_check_type(type));
      rest.remove_prefix(std::min(type.size() + 1, rest.size()));
    }
  }
}

TEST_CASE("the defaults list every key, and are a file that changes nothing") {
  const std::string text = print_defaults();
  for (const config::Key& key : config::keys()) {
    CAPTURE(key.name);
    CHECK(text.find("\n;" + std::string{key.name} + " = " + std::string{key.fallback} + "\n") != std::string::npos);
  }
  for (const std::string_view section : config::sections())
    CHECK(text.find("[" + std::string{section}) != std::string::npos);
  CHECK(good(text) == Config{});
}

TEST_CASE("a default that stands in the schema is the one that counts") {
  std::size_t count = 0;
  for (const config::Key& key : config::keys()) {
    const bool concrete = key.kind == "time" || key.kind == "number" || key.kind == "yes or no" || key.kind == "bytes";
    if (!concrete || key.fallback.empty() || key.fallback.find_first_not_of("0123456789smhdyeno") != std::string::npos)
      continue;
    ++count;
    CAPTURE(key.section);
    CAPTURE(key.name);
    const std::string told = with(key, std::string{key.fallback});
    const std::string silent = told.substr(0, told.rfind('\n', told.size() - 2) + 1);
    CHECK(good(told) == good(silent));
  }
  CHECK(count > 20);
}

}  // namespace keys_test
