#include "core/metrics_page.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace keepalive::core::exposition {

std::string label(std::string_view name, std::string_view value) {
  std::string text;
  append_label(text, name, value);
  return text;
}

void append_label(std::string& text, std::string_view name, std::string_view value) {
  text.append(name).append("=\"");
  for (std::size_t special = 0; !value.empty(); value.remove_prefix(special)) {
    special = std::min(value.find_first_of("\\\"\n"), value.size());
    text.append(value.substr(0, special));
    if (special == value.size()) break;
    text.append(1, '\\').append(1, value[special] == '\n' ? 'n' : value[special]);
    ++special;
  }
  text += '"';
}

void Page::head(std::string_view name, std::string_view type, std::string_view unit, std::string_view help) {
  if (format_ == Format::classic) {  // families are called as their samples, and info is unknown
    const bool info = type == "info";
    const std::string_view suffix = info ? "_info" : suffix_of(type);
    fmt::format_to(out(), "# TYPE {0}{1} {2}\n# HELP {0}{1} {3}\n", name, suffix, info ? "gauge" : type, help);
    return;
  }
  fmt::format_to(out(), "# TYPE {} {}\n", name, type);
  if (!unit.empty()) fmt::format_to(out(), "# UNIT {} {}\n", name, unit);
  fmt::format_to(out(), "# HELP {} {}\n", name, help);
}

void Page::add(std::string_view name, std::string_view suffix, std::string_view its_labels, double value) {
  constexpr double exact = 9e15;
  text_.append(name).append(suffix);
  if (!its_labels.empty()) text_.append(1, '{').append(its_labels).append(1, '}');
  text_ += ' ';
  const bool whole = std::abs(value) < exact && value == static_cast<double>(static_cast<std::int64_t>(value));
  if (const fmt::format_int digits{whole ? static_cast<std::int64_t>(value) : 0}; whole)
    text_.append(digits.data(), digits.size());
  else if (value != value)
    text_ += "NaN";
  else
    fmt::format_to(out(), "{}", value);
  text_ += '\n';
}

void Page::add_histogram(std::string_view name, std::string_view help, const vrrp::Lateness& lateness) {
  head(name, "histogram", "seconds", help);
  std::uint64_t sum = 0;
  for (std::size_t i = 0; i < lateness.counts.size(); ++i) {
    sum += lateness.counts[i];
    const bool last = i == vrrp::Lateness::ends.size();
    const std::string end = last ? "+Inf" : fmt::format("{:#}", seconds(vrrp::Lateness::ends.at(i)));
    add(name, "_bucket", label("le", end), number(sum));
  }
  add(name, "_count", "", number(sum));
  add(name, "_sum", "", seconds(lateness.sum));
}

}  // namespace keepalive::core::exposition
