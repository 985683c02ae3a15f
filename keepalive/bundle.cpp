#include "bundle.hpp"

#include <algorithm>
#include <utility>
#include <variant>

#include "base/bytes.hpp"
#include "config/files.hpp"
#include "io/channel.hpp"
#include "io/state_file.hpp"

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

core::Bundle made(const std::string& path, Files files, const base::ini::Environment& all) {
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

}  // namespace

core::Bundle read_bundle(const std::string& path, const core::Texts& instead) {
  return made(path, Files{instead}, environment());
}

core::Bundle read_draft(const core::Bundle& now, const core::Texts& instead) {
  const Files::Memory known{now.texts, now.sources, now.globs, now.faults, now.identities};
  return made(now.path, Files{instead, &known}, now.environment);
}

core::Bundle read_kept(const std::string& file) {
  core::Bundle bundle;
  auto read = core::decode_launch(base::as_bytes(io::read_file(file)));
  if (auto* const found = read ? std::get_if<core::Bundle>(&*read) : nullptr) bundle = std::move(*found);
  bundle.last_good = true;
  return bundle;
}

std::string message(const core::Bundle& bundle) {
  std::string text = encode(bundle);
  if (text.size() <= io::longest_message) return text;
  return encode(core::Bundle{.serial = bundle.serial,
                             .path = bundle.path,
                             .faults = {{bundle.path, "longer than 64 MiB with all that it names"}}});
}

tl::expected<Config, Diagnostics> load(core::Bundle bundle, Diagnostics* warnings) {
  const Files::Memory memory{
      std::move(bundle.texts), {}, std::move(bundle.globs), std::move(bundle.faults), std::move(bundle.identities)};
  return load(bundle.path, Remembered{memory}, bundle.environment, warnings);
}

}  // namespace keepalive
