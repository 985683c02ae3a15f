// Text for scrapers, and families of metrics as rows of a table: each over things of one kind.
#pragma once

#include <chrono>
#include <cstddef>
#include <iterator>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/scrape.hpp"
#include "core/verdict.hpp"
#include "core/vrrp/messages.hpp"

namespace keepalive::core::exposition {

/// Nothing: no sample.
using Sample = std::optional<double>;

/// One family of metrics, over things of one kind.
template <class Row>
struct Family {
  std::string_view name;
  std::string_view type;
  std::string_view unit;
  std::string_view help;
  Sample (*sample)(const Row&);
};

template <class Number>
double number(Number value) {
  return static_cast<double>(value);
}
inline double seconds(Time time) { return std::chrono::duration<double>(time).count(); }

/// NAME="VALUE", escaped.
std::string label(std::string_view name, std::string_view value);

/// Put at the end of `text`.
void append_label(std::string& text, std::string_view name, std::string_view value);

class Page {
 public:
  explicit Page(Format format = Format::open_metrics) : format_{format} {}

  template <class Row, std::size_t count>
  void add(const Family<Row> (&families)[count], const std::vector<Row>& rows) {
    for (const Family<Row>& family : families) {
      head(family.name, family.type, family.unit, family.help);
      for (const Row& row : rows) add(family, row);
    }
  }
  template <class Row>
  void add(const Family<Row>& family, const Row& row) {
    if (const Sample sample = family.sample(row)) add(family.name, suffix_of(family.type), labels_of(row), *sample);
  }
  void head(std::string_view name, std::string_view type, std::string_view unit, std::string_view help);
  void add(std::string_view name, std::string_view suffix, std::string_view labels, double value);
  /// A histogram: each bucket counts those before it too.
  void add_histogram(std::string_view name, std::string_view help, const vrrp::Lateness& lateness);
  void finish() {
    if (format_ == Format::open_metrics) text_ += "# EOF\n";
  }
  std::string_view text() const { return text_; }
  void clear() { text_.clear(); }

 private:
  static std::string_view suffix_of(std::string_view type) { return type == "counter" ? "_total" : ""; }
  template <class Row>
  std::string_view labels_of(const Row& row) {
    if constexpr (requires { row.labels; }) {
      return row.labels;
    } else {
      labels_.clear();
      row.append_labels(labels_);
      return labels_;
    }
  }
  std::back_insert_iterator<std::string> out() { return std::back_inserter(text_); }

  Format format_;
  std::string text_ = "";
  std::string labels_ = "";  // of the row at hand
};

}  // namespace keepalive::core::exposition
