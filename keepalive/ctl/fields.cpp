#include "fields.hpp"

#include <array>
#include <boost/json/monotonic_resource.hpp>
#include <boost/json/parse.hpp>
#include <chrono>

#include "base/text.hpp"
#include "core/circumstances.hpp"
#include "table.hpp"

namespace keepalive::ctl {

namespace json = boost::json;

json::object read_object(std::string_view text) {
  json::error_code error;
  // Of a large answer most of the time would go into many small pieces of memory, and into giving them back.
  json::value value = json::parse(text, error, json::make_shared_resource<json::monotonic_resource>());
  if (error || !value.is_object()) return {};
  return std::move(value.get_object());
}

std::string as_text(const json::value& value) {
  const auto* const found = value.if_string();
  return found == nullptr ? "" : harmless({found->data(), found->size()});
}

std::string text(const json::object& object, std::string_view name) {
  const auto* const found = object.if_contains(name);
  return found == nullptr ? "" : as_text(*found);
}

std::string lines(const json::object& object, std::string_view name) {
  const auto* const found = object.if_contains(name);
  if (found == nullptr || !found->is_string()) return "";
  std::string_view rest{found->get_string().data(), found->get_string().size()};
  std::string out;
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find('\n'), rest.size());
    out += harmless(rest.substr(0, end)) + "\n";
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return out;
}

std::optional<std::int64_t> number(const json::object& object, std::string_view name) {
  const auto* const found = object.if_contains(name);
  if (found == nullptr) return std::nullopt;
  if (found->is_int64()) return found->get_int64();
  if (found->is_uint64()) return static_cast<std::int64_t>(found->get_uint64());
  return std::nullopt;
}

bool flag(const json::object& object, std::string_view name) {
  const auto* const found = object.if_contains(name);
  return found != nullptr && found->is_bool() && found->get_bool();
}

const json::array& list(const json::object& object, std::string_view name) {
  static const json::array none;
  const auto* const found = object.if_contains(name);
  return found != nullptr && found->is_array() ? found->get_array() : none;
}

const json::object& as_object(const json::value& value) {
  static const json::object none;
  return value.is_object() ? value.get_object() : none;
}

const json::object& member(const json::object& object, std::string_view name) {
  static const json::value none;
  const auto* const found = object.if_contains(name);
  return as_object(found == nullptr ? none : *found);
}

std::optional<std::int64_t> moment(std::string_view text) {
  using namespace std::chrono;
  constexpr std::string_view form = "0000-00-00T00:00:00.000000Z";
  if (text.size() != form.size()) return std::nullopt;
  for (std::size_t i = 0; i < form.size(); ++i)
    if (form[i] == '0' ? text[i] < '0' || text[i] > '9' : text[i] != form[i]) return std::nullopt;
  const auto part = [&](std::size_t start, std::size_t size) {
    return base::read_number<int>(text.substr(start, size)).value_or(0);
  };
  const year_month_day date{year{part(0, 4)}, month(static_cast<unsigned>(part(5, 2))),
                            day(static_cast<unsigned>(part(8, 2)))};
  if (!date.ok()) return std::nullopt;
  const auto clock = hours{part(11, 2)} + minutes{part(14, 2)} + seconds{part(17, 2)} + microseconds{part(20, 6)};
  return (sys_days{date}.time_since_epoch() + clock).count();
}

std::string span(std::string_view from, std::string_view to) {
  const auto start = moment(from);
  const auto end = moment(to);
  if (!start || !end) return "";
  return core::duration(core::Time{std::max<std::int64_t>(*end - *start, 0)});
}

}  // namespace keepalive::ctl
