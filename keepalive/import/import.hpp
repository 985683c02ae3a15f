// keepalive --import: the configuration of keepalived or ldirectord as one of ours.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <vector>

#include "base/diagnostics.hpp"
#include "config/load.hpp"
#include "import/document.hpp"
#include "import/lines.hpp"

namespace keepalive::import {

enum class Source : std::uint8_t { keepalived, ldirectord };

struct Imported {
  std::string text = "";  // a keepalive.conf(5)
  std::vector<Remark> remarks = {};
  std::size_t taken = 0;  // statements that became keys
};

using Outcome = tl::expected<Imported, base::Diagnostic>;

/// Whose a configuration is: by its content, or by the name of its file. Nothing: neither tells.
std::optional<Source> source_of(std::string_view path, std::string_view text);

/// Reads a file and all that it includes. Errors: what cannot be read, with its place.
Outcome import_keepalived(const std::string& path, const FileReader& files, const Setting& setting);
Outcome import_ldirectord(const std::string& path, const FileReader& files);

/// The same, having been read as keepalive --check reads it: each fault that is left is a comment above its line, and a
/// remark whose place is one of `output'. `files`: what it names, such as keys.
Imported verified(Imported imported, const FileReader& files);

/// A line for each remark that is no formality, and a count: for people.
std::string summary(const Imported& imported);

}  // namespace keepalive::import
