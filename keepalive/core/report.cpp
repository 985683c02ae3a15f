#include "core/report.hpp"

#include <algorithm>
#include <array>
#include <sstream>

#include "core/json.hpp"

namespace keepalive::core {
namespace {

// In the order of ipvs::Change.
constexpr std::array<std::string_view, 6> change_words{"add_service",     "edit_service",     "remove_service",
                                                       "add_destination", "edit_destination", "remove_destination"};
static_assert(std::variant_size_v<ipvs::Change> == change_words.size());

void tell(Json& json, const Journal& entry, const Circumstances& circumstances) {
  json.object([&] {
    json.member("sequence", entry.sequence);
    json.member("time", timestamp(circumstances.boot + entry.time));
    json.member("level", word(entry.level));
    json.member("kind", entry.kind);
    json.member("object", entry.object);
    json.member("text", entry.text);
    json.member("cause", entry.cause);
  });
}

void tell(Json& json, const ipvs::Change& change) {
  std::ostringstream text;
  text << change;
  json.object([&] {
    json.member("change", change_words.at(change.index()));
    json.member("text", std::move(text).str());
  });
}

void tell(Json& json, const Finding& finding) {
  json.object([&] {
    json.member("level", finding.level);
    json.member("what", finding.what);
    json.member("where", finding.where);
    json.member("remedy", finding.remedy);
  });
}

/// One object in a line.
template <class Members>
std::string line(Members members) {
  Json json;
  json.object([&] { members(json); });
  return std::move(json).text() + "\n";
}

}  // namespace

std::string events(const std::deque<Journal>& journal, std::uint64_t since, const Circumstances& circumstances) {
  const auto first =
      std::upper_bound(journal.begin(), journal.end(), since,
                       [](std::uint64_t number, const Journal& entry) { return number < entry.sequence; });
  return line([&](Json& json) {
    json.array("events", [&] {
      for (auto entry = first; entry != journal.end(); ++entry) tell(json, *entry, circumstances);
    });
    json.member("next", journal.empty() ? 0 : journal.back().sequence);
  });
}

void tell_acknowledgement(Json& json, const OpenAlert& alert, const Circumstances& circumstances) {
  if (!alert.acknowledged) return json.member("acknowledged", nullptr);
  json.object("acknowledged", [&] {
    json.member("by", alert.acknowledged->by);
    json.member("at", timestamp(circumstances.boot + alert.acknowledged->at));
  });
}

std::string event_line(const Journal& entry, const Circumstances& circumstances) {
  Json json;
  tell(json, entry, circumstances);
  return std::move(json).text() + "\n";
}

void tell_plan(Json& json, const Planned& planned) {
  json.array("changes", [&] {
    for (const ipvs::Change& change : planned.changes) tell(json, change);
  });
  json.array("settings", [&] {
    for (const std::string& text : planned.settings) json.value(text);
  });
  json.array("daemons", [&] {
    for (const std::string& text : planned.daemons) json.value(text);
  });
  json.member("rules", planned.rules);
  json.member("probes_added", planned.probes.added);
  json.member("probes_dropped", planned.probes.dropped);
}

std::string plan(const Planned& planned) {
  return line([&](Json& json) { tell_plan(json, planned); });
}

std::string acknowledged(const OpenAlert& alert, const Circumstances& circumstances) {
  return line([&](Json& json) {
    json.member("sequence", alert.entry.sequence);
    tell_acknowledgement(json, alert, circumstances);
  });
}

std::string reloaded(std::uint64_t generation, std::size_t changes, const std::vector<std::string>& refusals) {
  return line([&](Json& json) {
    json.member("generation", generation);
    json.member("changes", changes);
    json.array("refusals", [&] {
      for (const std::string& text : refusals) json.value(text);
    });
  });
}

std::string restarting(const Circumstances& circumstances) {
  return line([&](Json& json) { json.member("process", circumstances.process); });
}

std::string findings(const std::vector<Finding>& list) {
  return line([&](Json& json) {
    json.array("findings", [&] {
      for (const Finding& one : list) tell(json, one);
    });
  });
}

std::string fault(std::string_view error, std::string_view diagnostics) {
  return line([&](Json& json) {
    json.member("error", error);
    if (!diagnostics.empty()) json.member("diagnostics", diagnostics);
  });
}

}  // namespace keepalive::core
