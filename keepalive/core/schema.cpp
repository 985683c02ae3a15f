#include "core/schema.hpp"

#include <algorithm>
#include <array>

#include "config/schema.hpp"
#include "config/words.hpp"
#include "core/json.hpp"

namespace keepalive::core {
namespace {

using config::Key;

struct SectionRow {
  std::string_view name;
  bool takes_name;
  bool repeats;
  std::string_view help;
};
constexpr auto section_rows = std::to_array<SectionRow>({
    {"global", false, true, "the daemon: alerts, programs, defaults of checks, other files"},
    {"ipvs", false, true, "settings of the kernel's IPVS"},
    {"metrics", false, true, "OpenMetrics for a scraper"},
    {"monitor", false, false, "the monitor for browsers, over HTTPS"},
    {"check", true, true, "how a server is probed"},
    {"pool", true, true, "servers that do the same"},
    {"virtual_server", true, true, "what clients connect to"},
    {"vrrp", true, true, "addresses that one of several directors has"},
    {"heartbeat", true, true, "a line between directors beside VRRP"},
    {"witness", true, true, "whom directors ask whether they are cut off"},
    {"sync", false, false, "connections that directors tell each other"},
});

/// What a value is, by the word that the manual page has for it.
struct Type {
  std::string_view kind;
  std::string_view type;
  std::string_view unit = "";
};
constexpr auto types = std::to_array<Type>({
    {"time", "duration", "ms"},
    {"number", "number"},
    {"bytes", "number", "bytes"},
    {"percent", "number", "percent"},
    {"port", "number"},
    {"address", "address"},
    {"addresses", "list"},
    {"names", "list"},
    {"words", "list"},
    {"list of codes", "list"},
    {"file:PATH", "file"},
    {"path", "path"},
    {"program", "program"},
    {"regex", "regex"},
    {"interface", "interface"},
    {"server", "server"},
    {"URL", "url"},
});

std::vector<std::string_view> values(const Key& key) {
  if (key.codec.words != nullptr) return key.codec.words();
  std::vector<std::string_view> all;
  if (key.section == "check" && key.name == "type")
    for (const auto& row : config::check_types) all.push_back(row.word);
  if (key.kind == "yes or no") all = {"yes", "no"};
  return all;
}

/// [check] send and expect are bytes, too, but text to those who write them.
Type type_of(const Key& key, bool is_word) {
  if (is_word) return {key.kind, "word"};
  const auto* const row = std::ranges::find(types, key.kind, &Type::kind);
  const bool text = row == types.end() || (row->type == "number" && key.high == 0);
  return text ? Type{key.kind, "text"} : *row;
}

void tell(Json& json, const Key& key) {
  const std::vector<std::string_view> words = values(key);
  const Type type = type_of(key, !words.empty());
  const bool bounded = key.high != 0;
  json.object([&] {
    json.member("name", key.name);
    json.member("help", key.help);
    json.member("kind", key.kind);
    json.member("type", type.type);
    json.member("unit", type.unit);
    if (words.empty()) json.member("values", nullptr);
    if (!words.empty())
      json.array("values", [&] {
        for (const std::string_view word : words) json.value(word);
      });
    json.member("minimum", bounded ? std::optional{key.low} : std::nullopt);
    json.member("maximum", bounded ? std::optional{key.high} : std::nullopt);
    json.member("default", key.fallback.empty() ? std::nullopt : std::optional{key.fallback});
    json.array("applies", [&] {
      for (std::string_view rest = key.applies; !rest.empty();) {
        const std::string_view one = rest.substr(0, rest.find(' '));
        json.value(one);
        rest.remove_prefix(std::min(one.size() + 1, rest.size()));
      }
    });
    json.member("repeats", key.repeats);
  });
}

void tell(Json& json, const SectionRow& section) {
  json.object([&] {
    json.member("name", section.name);
    json.member("takes_name", section.takes_name);
    json.member("repeats", section.repeats);
    json.member("help", section.help);
    json.array("keys", [&] {
      for (const Key& key : config::keys())
        if (key.section == section.name) tell(json, key);
    });
  });
}

}  // namespace

std::string schema() {
  Json json;
  json.object([&] {
    json.array("sections", [&] {
      for (const std::string_view name : config::sections()) {
        const auto* const row = std::ranges::find(section_rows, name, &SectionRow::name);
        tell(json, row == section_rows.end() ? SectionRow{name, true, true, ""} : *row);
      }
    });
  });
  return std::move(json).text() + "\n";
}

}  // namespace keepalive::core
