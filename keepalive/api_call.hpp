// A request of the control API taken apart, and the readers of its body that the routes share.
#pragma once

#include <boost/json.hpp>
#include <cstdint>
#include <initializer_list>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <vector>

#include "io/control.hpp"

namespace keepalive::api {

inline constexpr std::string_view json_type = "application/json";

using Reply = std::shared_ptr<io::ControlReply>;

/// /v1/servers/web%2Fb/drain?x=1 has the words v1, servers, web/b, drain.
struct Call {
  std::vector<std::string> words = {};
  std::map<std::string, std::string> query = {};
  std::string body = "";
  std::string by = "";
};
/// Nothing: the path is not well escaped.
std::optional<Call> take_apart(const io::ControlRequest& request);

/// {"error": text}, with diagnostics unless empty.
void refuse(const Reply& reply, unsigned status, std::string_view text, std::string_view diagnostics = {});

template <class Value>
using Read = tl::expected<Value, std::string>;

/// The body's object, empty when there is no body; it has no other members than `names`.
Read<boost::json::object> body(const Call& call, std::initializer_list<std::string_view> names);
/// A whole number of an object; `fallback` when it is absent.
Read<std::int64_t> number(const boost::json::object& object, std::string_view name, std::int64_t low, std::int64_t high,
                          std::optional<std::int64_t> fallback);
/// A text of one line; empty when it is absent.
Read<std::string> text(const boost::json::object& object, std::string_view name);

}  // namespace keepalive::api
