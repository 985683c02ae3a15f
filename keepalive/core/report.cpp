#include "core/report.hpp"

#include <algorithm>
#include <array>
#include <sstream>

#include "core/json.hpp"

namespace keepalive::core {
namespace {

std::string_view word(Journal::Level level) {
  constexpr std::array<std::string_view, 3> words{"info", "warning", "alert"};
  return words.at(static_cast<std::size_t>(level));
}

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

std::string event_line(const Journal& entry, const Circumstances& circumstances) {
  Json json;
  tell(json, entry, circumstances);
  return std::move(json).text() + "\n";
}

std::string plan(const std::vector<ipvs::Change>& changes) {
  std::ostringstream text;
  return line([&](Json& json) {
    json.array("changes", [&] {
      for (const ipvs::Change& change : changes) {
        text.str("");
        text << change;
        json.object([&] {
          json.member("change", change_words.at(change.index()));
          json.member("text", text.str());
        });
      }
    });
  });
}

std::string reloaded(std::uint64_t generation, std::size_t changes) {
  return line([&](Json& json) {
    json.member("generation", generation);
    json.member("changes", changes);
  });
}

std::string findings(const std::vector<Finding>& list) {
  return line([&](Json& json) {
    json.array("findings", [&] {
      for (const Finding& one : list)
        json.object([&] {
          json.member("level", one.level);
          json.member("what", one.what);
          json.member("where", one.where);
          json.member("remedy", one.remedy);
        });
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
