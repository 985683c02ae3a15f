// A keepalived.conf(5) as plain lines: files included, conditions decided, definitions put in, loops spread out. Each
// line knows where it stands, so that faults and remarks name the place that a person edits.
#pragma once

#include <cstddef>
#include <string>
#include <tl/expected.hpp>
#include <vector>

#include "base/diagnostics.hpp"
#include "base/ini.hpp"
#include "config/load.hpp"

namespace keepalive::import {

struct Line {
  base::Position at = {};
  std::string text = "";    // without comment and blanks around
  std::string remark = "";  // why it counts for nothing; empty: it counts

  friend bool operator==(const Line&, const Line&) = default;
};

struct Setting {
  std::string id = "";      // keepalived's --config-id
  std::string folder = "";  // what relative paths are relative to: ${_PWD} is a whole path
  base::ini::Environment environment = {};
  std::size_t most = 64U << 20U;  // bytes that definitions and loops may come to
};

/// Errors: a file that cannot be read, a definition without end; the first one that is met.
tl::expected<std::vector<Line>, base::Diagnostic> read_lines(const std::string& path, const FileReader& files,
                                                             const Setting& setting);

}  // namespace keepalive::import
