#include "metrics/classic.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace keepalive::metrics {
namespace {

constexpr std::string_view type_mark = "# TYPE ";
constexpr std::string_view help_mark = "# HELP ";

/// Kinds whose samples are named otherwise than their family, and what that is there.
struct Kind {
  std::string_view type;
  std::string_view suffix;
  std::string_view classic;
};
constexpr std::array<Kind, 2> kinds{{{"counter", "_total", "counter"}, {"info", "_info", "gauge"}}};

struct Writer {
  std::string text = "";
  std::string_view suffix = {};  // of the family that is told of

  void comment(std::string_view line) {
    const bool type = line.starts_with(type_mark);
    if (!type && !line.starts_with(help_mark)) return;
    const std::string_view mark = line.substr(0, type_mark.size());
    const std::string_view rest = line.substr(mark.size());
    const std::string_view name = rest.substr(0, rest.find(' '));
    std::string_view last = rest.substr(std::min(name.size() + 1, rest.size()));
    if (type) {
      const auto kind = std::find_if(kinds.begin(), kinds.end(), [&](const Kind& one) { return last == one.type; });
      suffix = kind == kinds.end() ? std::string_view{} : kind->suffix;
      if (kind != kinds.end()) last = kind->classic;
    }
    text.append(mark).append(name).append(suffix).append(1, ' ').append(last).append(1, '\n');
  }
};

}  // namespace

std::string classic(std::string_view open_metrics) {
  Writer writer;
  writer.text.reserve(open_metrics.size() + 1024);
  while (!open_metrics.empty()) {
    // Samples, by far the most of it, are copied in one piece up to the next comment.
    const std::size_t next = open_metrics.starts_with('#') ? 0 : open_metrics.find("\n#");
    const std::size_t samples = next == 0 ? 0 : std::min(next, open_metrics.size() - 1) + 1;
    writer.text.append(open_metrics.substr(0, samples));
    open_metrics.remove_prefix(samples);
    if (open_metrics.empty()) break;
    const std::size_t end = std::min(open_metrics.find('\n'), open_metrics.size());
    writer.comment(open_metrics.substr(0, end));
    open_metrics.remove_prefix(std::min(end + 1, open_metrics.size()));
  }
  return std::move(writer.text);
}

}  // namespace keepalive::metrics
