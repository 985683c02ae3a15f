#include "config/pool_setters.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "config/values.hpp"

namespace keepalive::config {

Fault set_checks(Sink& sink, const Key&, std::string_view value) {
  for (const std::string_view one : split(value)) {
    const auto same = [&](const Reference& other) { return other.name == one; };
    if (one.empty())
      sink.complain(value, one, "wants a name");
    else if (std::any_of(sink.pool->checks.begin(), sink.pool->checks.end(), same))
      sink.complain(value, one, fmt::format("`{}' stands here twice", one));
    else
      sink.pool->checks.push_back({std::string{one}, sink.spot(value, one)});
  }
  return {};
}

Fault set_require(Sink& sink, const Key&, std::string_view value) {
  std::uint32_t& needed = sink.pool->pool.require.needed;
  if (value == "all") return needed = 0, Fault{};
  if (value == "any") return needed = 1, Fault{};
  const auto number = value.ends_with(" of") ? read_number(value.substr(0, value.size() - 3), 1, 1000) : std::nullopt;
  if (!number) return "wants `all', `any' or `N of'";
  needed = static_cast<std::uint32_t>(*number);
  return {};
}

Fault add_server(Sink& sink, const Key&, std::string_view) {
  if (auto server = read_server(sink.entry, *sink.parts)) sink.pool->servers.push_back(std::move(*server));
  return {};
}

Fault set_sorry(Sink& sink, const Key&, std::string_view) {
  sink.pool->sorry_server = read_sorry_server(sink.entry, *sink.parts);
  return {};
}

}  // namespace keepalive::config
