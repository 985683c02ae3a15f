// The daemon's JSON, read forgivingly: what is not there is empty, so that a program of another version still shows
// what it knows.
#pragma once

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace keepalive::ctl {

/// An object; empty when the text is none.
boost::json::object read_object(std::string_view text);

/// Without control characters.
std::string text(const boost::json::object& object, std::string_view name);
/// With newlines kept.
std::string lines(const boost::json::object& object, std::string_view name);
std::optional<std::int64_t> number(const boost::json::object& object, std::string_view name);
bool flag(const boost::json::object& object, std::string_view name);
const boost::json::array& list(const boost::json::object& object, std::string_view name);
const boost::json::object& member(const boost::json::object& object, std::string_view name);
/// An element as an object or as text, by the same rule.
const boost::json::object& as_object(const boost::json::value& value);
std::string as_text(const boost::json::value& value);

/// Microseconds since 1970 of "2026-11-24T09:25:36.000250Z".
std::optional<std::int64_t> moment(std::string_view text);
/// "12 s": from one moment to another, both as in JSON; empty when one is missing.
std::string span(std::string_view from, std::string_view to);

}  // namespace keepalive::ctl
