#include "config/check_setters.hpp"

#include <fmt/format.h>

#include "config/regex.hpp"
#include "config/setters.hpp"
#include "config/values.hpp"

namespace keepalive::config {

Fault set_mark(Sink& sink, const Key& key, std::string_view value) {
  const auto mark = read_number(value, key.low, key.high);
  if (!mark) return fmt::format("wants a number from {} to {}", key.low, key.high);
  sink.check->mark.value = static_cast<std::uint32_t>(*mark);
  return {};
}

std::vector<std::string> print_mark(const Check& check) {
  if (check.mark.value == 0) return {};
  return {std::to_string(check.mark.value)};
}

Fault set_method(Sink& sink, const Key&, std::string_view value) {
  if (value.empty() || value.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ") != std::string_view::npos)
    return "wants a method such as GET or HEAD";
  sink.check->method = value;
  return {};
}

Fault set_interface(Sink& sink, const Key&, std::string_view value) {
  if (const std::string_view fault = interface_fault(value); !fault.empty()) return std::string{fault};
  sink.check->interface = value;
  return {};
}

Fault set_url(Sink& sink, const Key&, std::string_view value) {
  if (!value.starts_with('/')) return "wants a path such as /healthz; the server's address is known";
  if (value.find_first_of(" \t") != std::string_view::npos) return "has a blank: write %20";
  sink.check->urls.emplace_back(value);
  return {};
}

std::vector<std::string> print_urls(const Check& check) { return check.urls; }

Fault set_status(Sink& sink, const Key&, std::string_view value) {
  sink.check->status.clear();
  for (const std::string_view part : split(value)) {
    const auto range = read_status(part);
    if (!range)
      sink.complain(value, part, "wants HTTP status codes and ranges: 200-299, 301");
    else
      sink.check->status.push_back(*range);
  }
  return {};
}

std::vector<std::string> print_statuses(const Check& check) {
  if (check.status == Check{}.status) return {};
  std::string list;
  for (const StatusRange& range : check.status) list += (list.empty() ? "" : ", ") + print_status(range);
  return {list};
}

Fault set_expect(Sink& sink, const Key& key, std::string_view value) {
  if (Fault fault = setters::bytes<&Check::expect>().set(sink, key, value); !fault.empty()) return fault;
  return sink.check->type == CheckType::dns ? Fault{} : regex_fault(sink.check->expect);
}

Fault set_body(Sink& sink, const Key& key, std::string_view value) {
  if (Fault fault = setters::text<&Check::body>().set(sink, key, value); !fault.empty()) return fault;
  return regex_fault(value);
}

Fault set_body_not(Sink& sink, const Key& key, std::string_view value) {
  if (Fault fault = setters::text<&Check::body_not>().set(sink, key, value); !fault.empty()) return fault;
  return regex_fault(value);
}

Fault set_digest(Sink& sink, const Key&, std::string_view value) {
  const bool hex = value.find_first_not_of("0123456789abcdef") == std::string_view::npos;
  if (!hex || (value.size() != 32 && value.size() != 64)) return "wants 32 (MD5) or 64 (SHA-256) digits of 0-9, a-f";
  sink.check->digest = value;
  return {};
}

std::vector<std::string> print_digest(const Check& check) {
  if (check.digest.empty()) return {};
  return {check.digest};
}

Fault set_user(Sink& sink, const Key&, std::string_view value) {
  if (value.empty()) return "wants a user";
  sink.check->command.user = value;
  return {};
}

}  // namespace keepalive::config
