#include "config/global_setters.hpp"

#include <fmt/format.h>

#include "config/values.hpp"

namespace keepalive::config {
namespace {

Fault read_marks(std::string_view value, MarkRange& range) {
  const std::size_t dash = value.find('-');
  const auto first = read_number(value.substr(0, dash), 1, 0xffffffff);
  const auto last = dash == std::string_view::npos ? std::nullopt : read_number(value.substr(dash + 1), 1, 0xffffffff);
  if (!first || !last || *first > *last) return "wants FIRST-LAST, such as 65536-131071";
  range = {static_cast<std::uint32_t>(*first), static_cast<std::uint32_t>(*last)};
  return {};
}

}  // namespace

Fault include_fault(std::string_view value) {
  if (value.empty()) return "wants a path or a pattern";
  return value.find(", ") == std::string_view::npos ? "" : "takes one path or pattern: write the key again for more";
}

Fault set_include(Sink&, const Key&, std::string_view value) {
  return include_fault(value);  // followed while files are read
}

Fault set_recipients(Sink& sink, const Key&, std::string_view value) {
  for (const std::string_view one : split(value)) {
    if (one.find('@') == std::string_view::npos)
      sink.complain(value, one, "wants mail addresses, with commas between them");
    else
      sink.draft.config.global.mail.to.emplace_back(one);
  }
  return {};
}

Fault set_marks(Sink& sink, const Key&, std::string_view value) {
  return read_marks(value, sink.draft.config.global.marks);
}

Fault set_path_marks(Sink& sink, const Key&, std::string_view value) {
  return read_marks(value, sink.draft.config.global.path_marks);
}

Fault set_sysctl(Sink& sink, const Key& key, std::string_view value) {
  if (!read_number(value, key.low, key.high)) return fmt::format("wants a number from {} to {}", key.low, key.high);
  sink.draft.config.sysctls[std::string{key.name}] = value;
  return {};
}

Fault set_listen(Sink& sink, const Key&, std::string_view value) {
  const auto place = read_place(value);
  if (!place || place->port.value == 0) return "wants ADDRESS:PORT";
  sink.draft.config.global.metrics = value;
  return {};
}

}  // namespace keepalive::config
