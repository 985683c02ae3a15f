#include "core/metrics_page.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace keepalive::core::exposition {

std::string label(std::string_view name, std::string_view value) {
  std::string text;
  text.reserve(name.size() + value.size() + 3);
  text.append(name).append("=\"");
  for (std::size_t special = 0; !value.empty(); value.remove_prefix(special)) {
    special = std::min(value.find_first_of("\\\"\n"), value.size());
    text.append(value.substr(0, special));
    if (special == value.size()) break;
    text.append(1, '\\').append(1, value[special] == '\n' ? 'n' : value[special]);
    ++special;
  }
  return text += '"';
}

void Page::head(std::string_view name, std::string_view type, std::string_view unit, std::string_view help) {
  fmt::format_to(out(), "# TYPE {} {}\n", name, type);
  if (!unit.empty()) fmt::format_to(out(), "# UNIT {} {}\n", name, unit);
  fmt::format_to(out(), "# HELP {} {}\n", name, help);
}

void Page::add(std::string_view name, std::string_view suffix, std::string_view its_labels, double value) {
  constexpr double exact = 9e15;
  text_.append(name).append(suffix);
  if (!its_labels.empty()) text_.append(1, '{').append(its_labels).append(1, '}');
  text_ += ' ';
  if (value != value)
    text_ += "NaN";
  else if (std::abs(value) < exact && value == std::trunc(value))
    text_ += fmt::format_int{static_cast<std::int64_t>(value)}.c_str();
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
