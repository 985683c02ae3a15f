#include "core/editing.hpp"

#include "core/circumstances.hpp"
#include "core/json.hpp"

namespace keepalive::core {
namespace {

template <class Members>
std::string line(Members members) {
  Json json;
  json.object([&] { members(json); });
  return std::move(json).text() + "\n";
}

void tell(Json& json, const std::string& path, const std::string& text, std::optional<bool> writable) {
  json.object([&] {
    json.member("path", path);
    json.member("text", text);
    if (writable) json.member("writable", *writable);
  });
}

void tell(Json& json, const ConfigVersion& version) {
  json.object([&] {
    json.member("number", version.number);
    json.member("time", timestamp(version.time));
    json.member("by", version.by);
    json.member("comment", version.comment);
    json.member("generation", version.generation != 0 ? std::optional{version.generation} : std::nullopt);
  });
}

/// What a text proposes is told apart, for a form that offers it.
std::string_view hint_in(std::string_view text) {
  constexpr std::string_view mark = "did you mean ";
  const std::size_t found = text.find(mark);
  return found == std::string_view::npos ? std::string_view{} : text.substr(found);
}

void tell(Json& json, const ConfigFault& one) {
  json.object([&] {
    json.member("path", one.path);
    json.member("line", one.line);
    json.member("column", one.column);
    json.member("level", one.warning ? "warning" : "error");
    json.member("text", one.text);
    json.member("hint", hint_in(one.text));
  });
}

}  // namespace

void tell_pending(Json& json, const std::optional<Pending>& pending) {
  if (!pending) return json.member("pending", nullptr);
  json.object("pending", [&] {
    json.member("version", pending->version);
    json.member("before", pending->back_to);
    json.member("until", timestamp(pending->until));
  });
}

std::string configuration(const ConfigSight& sight, std::uint64_t generation) {
  return line([&](Json& json) {
    json.array("files", [&] {
      for (const ConfigFile& one : sight.files) tell(json, one.path, one.text, one.writable);
    });
    json.member("generation", generation);
    json.array("versions", [&] {
      for (const ConfigVersion& one : sight.versions) tell(json, one);
    });
    tell_pending(json, sight.pending);
  });
}

std::string version_files(const ConfigVersion& version) {
  return line([&](Json& json) {
    json.array("files", [&] {
      for (const auto& [path, text] : version.texts) tell(json, path, text, std::nullopt);
    });
  });
}

std::string checked(const std::vector<ConfigFault>& faults, const Planned* planned) {
  return line([&](Json& json) {
    json.array("diagnostics", [&] {
      for (const ConfigFault& one : faults) tell(json, one);
    });
    if (planned == nullptr) return json.member("plan", nullptr);
    json.object("plan", [&] { tell_plan(json, *planned); });
  });
}

std::string applied(const AppliedConfig& outcome) {
  return line([&](Json& json) {
    json.member("version", outcome.version);
    json.member("generation", outcome.generation);
    json.member("changes", outcome.changes);
    json.array("refusals", [&] {
      for (const std::string& text : outcome.refusals) json.value(text);
    });
    tell_pending(json, outcome.pending);
  });
}

std::string confirmed(std::uint64_t version) {
  return line([&](Json& json) { json.member("version", version); });
}

}  // namespace keepalive::core
