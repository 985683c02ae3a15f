#include "drafts.hpp"

#include <optional>

#include "base/ini.hpp"
#include "config/trust.hpp"
#include "config/values.hpp"

namespace keepalive {
namespace {

/// The configuration in the files; if it has faults, the one in force.
std::optional<Config> judge(const core::Bundle& now, const std::function<const Config*()>& in_force) {
  auto found = load(now);
  if (found) return std::move(*found);
  const Config* const other = in_force();
  return other == nullptr ? std::nullopt : std::optional{*other};
}

bool stands_in(const base::ini::Section& section, const base::ini::Entry& entry, const Overreach& more) {
  const auto words = config::read_words(entry.value);
  if (!words) return false;
  if (more.key.empty()) return *words == more.words;
  return section.kind == "monitor" && entry.key == more.key &&
         (more.words.empty() || (!words->empty() && words->front() == more.words.front()));
}

/// Its line in the texts. None: the first file.
base::Diagnostic placed(const Overreach& more, const core::Bundle& texts) {
  for (const std::string& path : texts.sources) {
    Diagnostics ignored;
    for (const auto& section : base::ini::read(path, texts.texts.at(path), texts.environment, ignored))
      for (const base::ini::Entry& entry : section.entries)
        if (stands_in(section, entry, more)) return {entry.value_at(), more.text, std::string{entry.source}};
  }
  return {{texts.path}, more.text, ""};
}

}  // namespace

std::optional<base::Diagnostic> overreach_fault(const Config& before, const Config& after, const core::Bundle& texts) {
  const auto more = trusts_edits(before) ? std::nullopt : overreach(before, after);
  if (!more) return std::nullopt;
  base::Diagnostic fault = placed(*more, texts);
  fault.text +=
      ": edits may not do that: write it into the file on the director, or set [monitor] trust_edits = yes there";
  return fault;
}

core::Bundle Drafts::look(const core::Texts& instead) const {
  const core::Bundle now = read_bundle(path_);
  if (const auto before = judge(now, in_force_); before && trusts_edits(*before)) return read_bundle(path_, instead);
  return read_draft(now, instead);
}

std::string Drafts::objection(const core::Texts& texts) const {
  const core::Bundle now = read_bundle(path_);
  const auto before = judge(now, in_force_);
  if (!before || !before->monitor || before->monitor->allow != Monitor::Allow::configure)
    return "files are written only where their own [monitor] has `allow = configure'";
  if (trusts_edits(*before)) return {};
  const core::Bundle draft = read_draft(now, texts);
  const auto after = load(draft);
  if (!after) return "these texts have faults, or name files that the configuration does not name yet";
  const auto fault = overreach_fault(*before, *after, draft);
  return fault ? fault->text : "";
}

}  // namespace keepalive
