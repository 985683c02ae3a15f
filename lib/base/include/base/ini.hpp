// INI text as entries with their positions. inih reads the syntax; lines, values and positions are ours, since its
// build in Debian cuts lines at 199 characters, tells no empty section and counts no columns.
//
//   [kind name]          a section; the name may be missing
//   key = value          `=` alone separates; a key again is one more entry
//   key = "a ; b" ; note quotes come in pairs and protect ` ;` and ` #`, which start a comment; so do `;` and `#` at a
//                        line's start
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/diagnostics.hpp"

namespace base::ini {

/// Small, for there may be tens of thousands: all of it points into the text that was read.
struct Entry {
  std::string_view key = {};
  std::string_view value = {};   // without comment and outer quotes; ${NAME} expanded, then it points into the section
  std::string_view source = {};  // the line
  FileName file = {};
  std::uint32_t line = 0;
  std::uint32_t key_column = 0;
  std::uint32_t value_column = 0;
  bool faulty = false;  // its value has a fault that is told

  Position key_at() const { return {file, line, key_column}; }
  Position value_at() const { return {file, line, value_column}; }
};

struct Section {
  std::string kind = "";
  std::string name = "";
  Position at = {};
  std::string_view source = {};
  bool faulty = false;  // its `]' is missing, which is told
  std::vector<Entry> entries = {};
  std::vector<std::unique_ptr<const std::string>> expanded = {};  // values that do not stand so in the text
};

/// Whether a section, or a key, could be called so: letters, digits, `_', `.' and `-'.
bool is_name(std::string_view text);

using Environment = std::map<std::string, std::string>;

/// Where a part of the entry's value starts. Of a value that is not written as it counts: where the value starts.
Position place_of(const Entry& entry, std::size_t offset);

/// The sections of a text, which must outlive them, each as often as it stands there. Faults are appended; what could be
/// read is returned.
std::vector<Section> read(std::string_view file, std::string_view text, const Environment& environment,
                          std::vector<Diagnostic>& faults);

}  // namespace base::ini
