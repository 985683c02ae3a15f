#include "bundle.hpp"

#include "config/files.hpp"

namespace keepalive {
namespace {

/// Only what the texts name: the rest of the environment is nobody's business.
base::ini::Environment named(const base::ini::Environment& all, const std::map<std::string, std::string>& texts) {
  base::ini::Environment part;
  for (const auto& [name, value] : all)
    for (const auto& [path, text] : texts)
      if (text.find("${" + name + "}") != std::string::npos) part.emplace(name, value);
  return part;
}

}  // namespace

core::Bundle read_bundle(const std::string& path) {
  const Files files;
  const base::ini::Environment all = environment();
  read_all(path, files, all);
  return {.path = path,
          .texts = files.memory().texts,
          .globs = files.memory().globs,
          .faults = files.memory().faults,
          .environment = named(all, files.memory().texts)};
}

tl::expected<Config, Diagnostics> load(const core::Bundle& bundle) {
  return load(bundle.path, Remembered{{bundle.texts, bundle.globs, bundle.faults}}, bundle.environment);
}

}  // namespace keepalive
