#include "drafts.hpp"

#include <fmt/format.h>

#include <optional>

#include "config/trust.hpp"

namespace keepalive {
namespace {

/// The configuration in the files; if it has faults, the one in force.
std::optional<Config> judge(const core::Bundle& now, const std::function<const Config*()>& in_force) {
  auto found = load(now);
  if (found) return std::move(*found);
  const Config* const other = in_force();
  return other == nullptr ? std::nullopt : std::optional{*other};
}

bool trusts(const std::optional<Config>& config) { return config && config->monitor && config->monitor->trust_edits; }

}  // namespace

core::Bundle Drafts::look(const core::Texts& instead) const {
  const core::Bundle now = read_bundle(path_);
  if (trusts(judge(now, in_force_))) return read_bundle(path_, instead);
  return read_draft(now, instead);
}

std::string Drafts::objection(const core::Texts& texts) const {
  const core::Bundle now = read_bundle(path_);
  const auto before = judge(now, in_force_);
  if (!before || !before->monitor || before->monitor->allow != Monitor::Allow::configure)
    return "files are written only where their own [monitor] has `allow = configure'";
  if (trusts(before)) return {};
  const auto after = load(read_draft(now, texts));
  if (!after) return "these texts have faults, or name files that the configuration does not name yet";
  const std::string more = overreach(*before, *after);
  return more.empty() ? "" : fmt::format("{}: {}", more, untrusted);
}

}  // namespace keepalive
