// Text to Config: either all is well, or every fault is told at once. Pure: files come through a FileReader.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <vector>

#include "base/diagnostics.hpp"
#include "base/ini.hpp"
#include "config/model.hpp"

namespace keepalive {

/// Where load() gets texts from; errors are words: "No such file or directory".
class FileReader {
 public:
  FileReader() = default;
  FileReader(const FileReader&) = delete;
  FileReader& operator=(const FileReader&) = delete;
  virtual ~FileReader() = default;
  virtual tl::expected<std::string, std::string> read(const std::string& path) const = 0;
  /// As read(), of a file that is configuration itself: the first, or one that is included.
  virtual tl::expected<std::string, std::string> read_source(const std::string& path) const { return read(path); }
  /// As read(), and refuses a file that others than its owner may read.
  virtual tl::expected<std::string, std::string> read_secret(const std::string& path) const = 0;
  /// Sorted paths that match the pattern.
  virtual tl::expected<std::vector<std::string>, std::string> glob(const std::string& pattern) const = 0;
  /// One name for all spellings of a path; of what is not there: the path.
  virtual std::string identity(const std::string& path) const = 0;
};

using Diagnostics = std::vector<base::Diagnostic>;

/// `warnings`: what a good configuration has that its author may not have meant; null: not asked for.
tl::expected<Config, Diagnostics> load(const std::string& path, const FileReader& files,
                                       const base::ini::Environment& environment, Diagnostics* warnings = nullptr);

/// Reads every file that load() would read, and no more: for who only wants the texts.
void read_all(const std::string& path, const FileReader& files, const base::ini::Environment& environment);

/// A check as lines of `key = value`: what differs from its defaults, values to the letter, files' texts in place of
/// their paths. Only parse_check() reads it: it is no INI text.
std::string print_check(const Check& check);
tl::expected<Check, Diagnostics> parse_check(std::string_view name, std::string_view text);

/// Every key with its default and one line of help, as a file that changes nothing.
std::string print_defaults();

}  // namespace keepalive
