#include "core/setting_news.hpp"

#include <fmt/format.h>

#include <utility>

namespace keepalive::core {
namespace {

std::vector<std::string> texts(const std::map<std::string, std::string>& map) {
  std::vector<std::string> list;
  for (const auto& [name, text] : map) list.push_back(text);
  return list;
}

bool mentions(const std::vector<SettingEdit>& edits, const std::string& name) {
  for (const SettingEdit& one : edits)
    if (one.name == name) return true;
  return false;
}

}  // namespace

std::vector<Note> SettingNews::take(const Settled& event, Drift drift) {
  std::vector<Note> notes;
  const bool reports = event.drift && drift == Drift::report;
  if (reports) {
    take_differences(event, notes);
  } else {
    drift_.clear();
    for (const SettingEdit& edit : event.changes)
      notes.push_back({.level = event.drift ? Note::Level::warning : Note::Level::info,
                       .kind = event.drift ? "DRIFT_REPAIRED" : "SETTING",
                       .object = edit.name,
                       .text = edit.text,
                       .cause = event.drift ? "somebody else changed it" : "the configuration asks for it"});
  }
  take_refusals(event, reports, notes);
  return notes;
}

/// Nothing was written: what cannot be written differs, too, and is no drift.
void SettingNews::take_differences(const Settled& event, std::vector<Note>& notes) {
  const Texts before = std::exchange(drift_, {});
  for (const SettingEdit& edit : event.changes) {
    if (refused_.contains(edit.name)) continue;
    drift_.emplace(edit.name, edit.text);
    if (const auto known = before.find(edit.name); known == before.end() || known->second != edit.text)
      notes.push_back({.level = Note::Level::warning,
                       .kind = "DRIFT",
                       .object = edit.name,
                       .text = edit.text,
                       .cause = "somebody else changed it"});
  }
}

void SettingNews::take_refusals(const Settled& event, bool reports, std::vector<Note>& notes) {
  for (auto known = refused_.begin(); known != refused_.end();) {
    const std::string& name = known->first;
    const bool stays = mentions(event.faults, name) || (reports && mentions(event.changes, name));
    if (!stays) notes.push_back({.kind = "SETTING_ACCEPTED", .object = name, .text = name + " is as wanted"});
    known = stays ? std::next(known) : refused_.erase(known);
  }
  for (const SettingEdit& fault : event.faults) {
    if (refused_[fault.name] == fault.text) continue;
    refused_[fault.name] = fault.text;
    notes.push_back({.level = Note::Level::alert, .kind = "SETTING_REFUSED", .object = fault.name, .text = fault.text});
  }
}

std::vector<std::string> SettingNews::drift() const { return texts(drift_); }
std::vector<std::string> SettingNews::refusals() const { return texts(refused_); }

}  // namespace keepalive::core
