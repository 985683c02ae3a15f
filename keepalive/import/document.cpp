#include "import/document.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "config/schema.hpp"
#include "config/values.hpp"
#include "import/text.hpp"

namespace keepalive::import {
namespace {

constexpr std::array<std::string_view, 4> verdict_words = {"needs nothing", "differs", "left out", "left to do"};
constexpr auto section_kinds =
    std::to_array<std::string_view>({"", "global", "ipvs", "check", "pool", "virtual_server", "vrrp", "sync"});

bool has_control(std::string_view text) {
  return std::any_of(text.begin(), text.end(),
                     [](char c) { return (static_cast<unsigned char>(c) < ' ' && c != '\t') || c == '\x7f'; });
}

}  // namespace

std::string to_string(const Remark& remark, std::string_view folder) {
  std::string_view file = remark.at.file.text();
  if (file.starts_with(folder)) file.remove_prefix(folder.size());
  return fmt::format("{}:{}: {}: {}: {}", file, remark.at.line, shown(remark.line),
                     verdict_words.at(static_cast<std::size_t>(remark.verdict)), remark.text);
}

std::optional<std::string> written(std::string_view value) {
  const bool quotes = value.find('"') != std::string_view::npos;
  const bool bare = !value.empty() && trimmed(value) == value && value.find_first_of(";#") == std::string_view::npos;
  if (has_control(value) || value.find("${") != std::string_view::npos) return std::nullopt;
  if (!quotes) return bare ? std::string{value} : fmt::format("\"{}\"", value);
  const bool pairs = std::count(value.begin(), value.end(), '"') % 2 == 0;
  return bare && pairs && !value.starts_with('"') ? std::optional{std::string{value}} : std::nullopt;
}

std::optional<std::string> written(const std::vector<std::string>& program) {
  for (const std::string& word : program)
    if (has_control(word) || word.find('"') != std::string::npos || word.find("${") != std::string::npos)
      return std::nullopt;
  return config::print_words(program);
}

std::string Section::value(std::string_view key) const {
  const auto found = places_.find(key);
  return found == places_.end() ? std::string{} : items_[found->second].value;
}

void Section::set(std::string_view key, std::string value) {
  const auto found = places_.find(key);
  if (found == places_.end()) return add(key, std::move(value));
  items_[found->second].value = std::move(value);
}

void Section::add(std::string_view key, std::string value) {
  places_.insert_or_assign(std::string{key}, items_.size());
  items_.push_back({std::string{key}, std::move(value)});
}

void Section::remove(std::string_view key) {
  const auto found = places_.find(key);
  if (found == places_.end()) return;
  for (Item& item : items_)
    if (item.key == key) item = {};
  places_.erase(found);
}

void Section::clear_keys() {
  for (Item& item : items_)
    if (!item.key.empty()) item = {};
  places_.clear();
}

void Section::comment(std::string_view text) { items_.push_back({"", shown(text, longest_comment)}); }

void Section::copy_keys(const Section& other, std::span<const std::string_view> without) {
  for (const Item& item : other.items_)
    if (!item.key.empty() && std::find(without.begin(), without.end(), item.key) == without.end())
      add(item.key, item.value);
}

std::vector<std::string> Section::take_comments() {
  std::vector<std::string> list;
  for (Item& item : items_)
    if (item.key.empty() && !item.value.empty()) list.push_back(std::exchange(item.value, {}));
  return list;
}

std::string Section::content() const {
  std::string text;
  for (const auto& [key, place] : places_)
    for (const Item& item : items_)
      if (item.key == key) text += key + '=' + item.value + '\n';
  return text;
}

std::string Section::print() const {
  std::size_t width = 0;
  for (const Item& item : items_) width = std::max(width, item.key.size());
  std::string text = kind_.empty() || empty() ? "" : fmt::format("[{}{}{}]\n", kind_, name_.empty() ? "" : " ", name_);
  for (const Item& item : items_)
    if (!item.key.empty())
      text += fmt::format("{:<{}} = {}\n", item.key, width, item.value);
    else if (!item.value.empty())
      text += fmt::format("; {}\n", item.value);
  return text;
}

Section& Document::section(const std::string& kind, const std::string& name) {
  Section*& place = found_[{kind, name}];
  if (place == nullptr) place = &sections_.emplace_back(kind, name);
  return *place;
}

std::string Document::free_name(const std::string& kind, std::string_view wish) {
  constexpr std::size_t longest = 60;
  std::string name;
  for (const char c : wish.substr(0, longest))
    if (c != '[' && c != ']') name += base::ini::is_name(std::string_view{&c, 1}) ? c : '-';
  if (name.empty()) name = kind;
  if (names_.insert({kind, name}).second) return name;
  std::size_t& number = numbers_[{kind, name}];
  for (number = std::max<std::size_t>(number, 1);;) {
    std::string next = fmt::format("{}-{}", name, ++number);
    if (names_.insert({kind, next}).second) return next;
  }
}

std::string Document::print() const {
  std::string text;
  for (const std::string_view kind : section_kinds)
    for (const Section& section : sections_) {
      const std::string part = section.kind() == kind ? section.print() : "";
      if (!part.empty()) text += (text.empty() ? "" : "\n") + part;
    }
  return text;
}

}  // namespace keepalive::import
