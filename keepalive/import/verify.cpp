// What came out, read as keepalive --check reads it: each fault that is left stands beside its line.
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "import/import.hpp"
#include "import/text.hpp"

namespace keepalive::import {
namespace {

constexpr const char* output_name = "output";

/// The files there are, and the output, which is in none yet. It notes what cannot be read.
class Reader final : public FileReader {
 public:
  Reader(const FileReader& files, const std::string& text) : files_{files}, text_{text} {}

  tl::expected<std::string, std::string> read(const std::string& path) const override {
    return noted(path, files_.read(path));
  }
  tl::expected<std::string, std::string> read_source(const std::string& path) const override {
    return path == output_name ? text_ : noted(path, files_.read_source(path));
  }
  tl::expected<std::string, std::string> read_secret(const std::string& path) const override {
    return noted(path, files_.read_secret(path));
  }
  tl::expected<std::vector<std::string>, std::string> glob(const std::string& pattern) const override {
    return files_.glob(pattern);
  }
  std::string identity(const std::string& path) const override { return files_.identity(path); }

  /// A file that is not here is something to do, no mistake in the text.
  std::string wording(const std::string& fault) const {
    for (const auto& [path, why] : missing_)
      if (fault.ends_with(fmt::format("cannot read {}: {}", path, why)))
        return fmt::format("put {} where the daemon will run, readable for root (here: {})", path, why);
    return fault;
  }

 private:
  tl::expected<std::string, std::string> noted(const std::string& path,
                                               tl::expected<std::string, std::string> text) const {
    if (!text) missing_[path] = text.error();
    return text;
  }

  const FileReader& files_;
  const std::string& text_;
  mutable std::map<std::string, std::string> missing_ = {};
};

Diagnostics faults_of(const std::string& text, const FileReader& files) {
  const Reader reader{files, text};
  const auto config = load(output_name, reader, {});
  if (config) return {};
  Diagnostics faults = config.error();
  const auto lines = static_cast<std::uint32_t>(std::count(text.begin(), text.end(), '\n'));
  for (base::Diagnostic& fault : faults) {
    fault.text = shown(reader.wording(fault.text), longest_comment);
    // Of the whole, or of a file that it names: told at the end.
    if (fault.position.file != output_name || fault.position.line == 0) fault.position = {output_name, lines, 1};
  }
  return faults;
}

std::string comment_of(const base::Diagnostic& fault) { return fmt::format("; left to do: {}\n", fault.text); }

/// The text with a comment for each fault: above its line, of a section below its head.
std::string annotated(const std::string& text, std::span<const base::Diagnostic> faults) {
  std::string more;
  std::uint32_t number = 0;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size() - 1) + 1;
    const std::string line = text.substr(at, end - at);
    at = end;
    ++number;
    std::string comments;
    for (const base::Diagnostic& fault : faults)
      if (fault.position.line == number) comments += comment_of(fault);
    const bool below = line.starts_with('[') || line.starts_with(';');
    more += below ? line + comments : comments + line;
  }
  return more;
}

/// The line without columns; what nobody else should read is not repeated.
std::string statement_of(const base::Diagnostic& fault) {
  const std::string_view line = trimmed(fault.source);
  const std::size_t sign = line.find('=');
  const std::string_view key = trimmed(line.substr(0, sign));
  if (line.empty()) return "the whole";
  if (sign == std::string_view::npos || key.find("password") != std::string_view::npos) return std::string{key};
  return fmt::format("{} = {}", key, trimmed(line.substr(sign + 1)));
}

}  // namespace

Imported verified(Imported imported, const FileReader& files) {
  const Diagnostics faults = faults_of(imported.text, files);
  if (faults.empty()) return imported;
  // Comments move lines, and some faults name another line.
  const Diagnostics placed = faults_of(annotated(imported.text, faults), files);
  Diagnostics told = faults;
  for (std::size_t i = 0; i < told.size() && i < placed.size(); ++i) told[i].text = placed[i].text;
  imported.text = annotated(imported.text, told);
  for (const base::Diagnostic& fault : placed)
    imported.remarks.push_back({fault.position, statement_of(fault), Verdict::open, fault.text});
  return imported;
}

}  // namespace keepalive::import
