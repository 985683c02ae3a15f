#include "bundle.hpp"

#include <algorithm>

#include "config/files.hpp"

namespace keepalive {
namespace {

/// Only what the texts name: the rest of the environment is nobody's business.
base::ini::Environment named(const base::ini::Environment& all, const std::map<std::string, std::string>& texts) {
  base::ini::Environment part;
  const auto expands = [](const auto& file) { return file.second.find("${") != std::string::npos; };
  if (std::none_of(texts.begin(), texts.end(), expands)) return part;
  for (const auto& [name, value] : all)
    for (const auto& [path, text] : texts)
      if (text.find("${" + name + "}") != std::string::npos) part.emplace(name, value);
  return part;
}

}  // namespace

core::Bundle read_bundle(const std::string& path, const core::Texts& instead) {
  Files files{instead};
  const base::ini::Environment all = environment();
  read_all(path, files, all);
  Files::Memory memory = std::move(files).memory();
  base::ini::Environment part = named(all, memory.texts);
  return {.path = path,
          .texts = std::move(memory.texts),
          .sources = std::move(memory.sources),
          .globs = std::move(memory.globs),
          .faults = std::move(memory.faults),
          .identities = std::move(memory.identities),
          .environment = std::move(part)};
}

tl::expected<Config, Diagnostics> load(core::Bundle bundle, Diagnostics* warnings) {
  const Files::Memory memory{
      std::move(bundle.texts), {}, std::move(bundle.globs), std::move(bundle.faults), std::move(bundle.identities)};
  return load(bundle.path, Remembered{memory}, bundle.environment, warnings);
}

}  // namespace keepalive
