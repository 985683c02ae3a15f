#include "config/teller.hpp"

#include <fmt/format.h>

#include "config/values.hpp"

namespace keepalive::config {

void Teller::at(const base::ini::Section* section, std::string text) {
  faults_.push_back({section->at, std::move(text), std::string{section->source}});
}

void Teller::at(const Spot& spot, std::string text) {
  faults_.push_back({base::ini::place_of(*spot.entry, spot.offset), std::move(text), std::string{spot.entry->source}});
}

void Teller::at_key(const base::ini::Entry* entry, std::string text) {
  faults_.push_back({entry->key_at(), std::move(text), std::string{entry->source}});
}

void Teller::at(const Given& given, std::string_view key, const base::ini::Section* section, std::string text) {
  const base::ini::Entry* const entry = given.find(key);
  if (entry == nullptr) return at(section, std::move(text));
  at_key(entry, std::move(text));
}

void Teller::at(const ServerDraft& server, std::string_view option, std::string text) {
  std::size_t offset = 0;
  if (!option.empty())
    for (const PlacedWord& word : read_words_at(server.entry->value).value_or(std::vector<PlacedWord>{}))
      if (word.text.starts_with(std::string{option} + "=")) offset = word.at;
  at(Spot{server.entry, offset}, std::move(text));
}

void Teller::finish() {
  for (const auto& [about, many] : many_)
    if (many.more != 0) faults_[many.first].text += fmt::format("; and {} more", grouped(many.more));
}

}  // namespace keepalive::config
