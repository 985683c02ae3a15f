#include "api_call.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/escapes.hpp"
#include "core/report.hpp"

namespace keepalive::api {
namespace {

constexpr std::size_t longest_text = 500;

template <class Take>
bool each(std::string_view text, char separator, Take take) {
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(separator), text.size());
    if (end > 0 && !take(text.substr(0, end))) return false;
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return true;
}

}  // namespace

std::optional<Call> take_apart(const io::ControlRequest& request) {
  Call call{.body = request.body, .by = request.by};
  const std::string_view target = request.target;
  const std::size_t mark = std::min(target.find('?'), target.size());
  const bool path = each(target.substr(0, mark), '/', [&](std::string_view word) {
    auto plain = base::unescaped(word);
    if (plain) call.words.push_back(std::move(*plain));
    return plain.has_value();
  });
  const bool query = each(target.substr(std::min(mark + 1, target.size())), '&', [&](std::string_view pair) {
    const std::size_t equals = std::min(pair.find('='), pair.size());
    auto value = base::unescaped(pair.substr(std::min(equals + 1, pair.size())));
    if (value) call.query[std::string{pair.substr(0, equals)}] = std::move(*value);
    return value.has_value();
  });
  if (!path || !query) return std::nullopt;
  return call;
}

void refuse(const Reply& reply, unsigned status, std::string_view text, std::string_view diagnostics) {
  reply->give(status, json_type, core::fault(text, diagnostics));
}

Read<boost::json::object> body(const Call& call, std::initializer_list<std::string_view> names) {
  boost::system::error_code error;
  auto value = boost::json::parse(call.body.empty() ? "{}" : call.body, error);
  auto* const object = error ? nullptr : value.if_object();
  if (object == nullptr) return tl::unexpected<std::string>{"the body is no JSON object"};
  for (const auto& member : *object)
    if (std::ranges::find(names, std::string_view{member.key()}) == names.end())
      return tl::unexpected{fmt::format("no member `{}' belongs here", std::string_view{member.key()})};
  return std::move(*object);
}

Read<std::int64_t> number(const boost::json::object& object, std::string_view name, std::int64_t low, std::int64_t high,
                          std::optional<std::int64_t> fallback) {
  const auto* found = object.if_contains(name);
  if (found == nullptr && fallback) return *fallback;
  const auto* given = found == nullptr ? nullptr : found->if_int64();
  if (given == nullptr || *given < low || *given > high)
    return tl::unexpected{fmt::format("`{}' wants a number from {} to {}", name, low, high)};
  return *given;
}

Read<std::string> text(const boost::json::object& object, std::string_view name) {
  const auto* const found = object.if_contains(name);
  if (found == nullptr) return {};
  const auto* const given = found->if_string();
  const auto unprintable = [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; };
  if (given == nullptr || given->size() > longest_text || std::ranges::any_of(*given, unprintable))
    return tl::unexpected{fmt::format("`{}' wants a text of one line, {} bytes at most", name, longest_text)};
  return std::string{given->data(), given->size()};
}

}  // namespace keepalive::api
