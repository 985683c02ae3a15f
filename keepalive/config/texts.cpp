#include "config/texts.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "base/text.hpp"
#include "config/global_setters.hpp"

namespace keepalive::config {
namespace {

using base::ini::Entry;
using base::ini::Section;

constexpr std::size_t most_files = 1000;

}  // namespace

const std::vector<Section>& Texts::read(const std::string& path) {
  follow(path, nullptr);
  return sections_;
}

void Texts::complain(const std::string& path, const Entry* from, const std::string& text) {
  const base::Position place = from == nullptr ? base::Position{path} : from->value_at();
  faults_.push_back({place, text, from == nullptr ? std::string{} : std::string{from->source}});
}

void Texts::follow(const std::string& path, const Entry* from) {
  const std::string identity = files_.identity(path);
  if (std::count(open_.begin(), open_.end(), identity) != 0)
    return complain(path, from, fmt::format("{} includes itself", path));
  if (!read_.insert(identity).second) return;
  if (read_.size() > most_files) return complain(path, from, "more than 1000 files are included");
  auto text = files_.read_source(path);
  if (!text) return complain(path, from, fmt::format("cannot read {}: {}", path, text.error()));
  open_.push_back(identity);
  texts_.push_back(std::move(*text));
  std::vector<Section> found = base::ini::read(path, texts_.back(), environment_, faults_);
  std::vector<Entry> includes;
  for (const Section& section : found)
    for (const Entry& entry : section.entries)
      if (section.kind == "global" && !section.faulty && entry.key == "include" && !entry.faulty)
        includes.push_back(entry);
  std::move(found.begin(), found.end(), std::back_inserter(sections_));
  for (const Entry& entry : includes) include(base::folder_of(path), entry);
  open_.pop_back();
}

void Texts::include(const std::string& folder, const Entry& entry) {
  if (!include_fault(entry.value).empty()) return;  // told where keys are set
  const std::string pattern = (entry.value.starts_with('/') ? "" : folder) + std::string{entry.value};
  const auto paths = files_.glob(pattern);
  if (!paths) return complain(pattern, &entry, fmt::format("cannot look for {}: {}", pattern, paths.error()));
  if (paths->empty() && pattern.find_first_of("*?[") == std::string::npos) follow(pattern, &entry);
  for (const std::string& one : *paths) follow(one, &entry);
}

}  // namespace keepalive::config
