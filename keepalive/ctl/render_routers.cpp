#include "render_routers.hpp"

#include <fmt/format.h>

#include "fields.hpp"

namespace keepalive::ctl {
namespace {

namespace json = boost::json;

Colour colour_of_router(std::string_view state) {
  if (state == "master") return Colour::good;
  if (state == "fault") return Colour::bad;
  return state == "backup" ? Colour::none : Colour::odd;
}

/// "100", "60/100" when it advertises less or more than the file says.
std::string priority(const json::object& router) {
  const auto full = number(router, "priority").value_or(0);
  const auto effective = number(router, "effective_priority").value_or(full);
  return effective == full ? std::to_string(full) : fmt::format("{}/{}", effective, full);
}

/// Whom a router that is not master has heard last.
std::string master(const json::object& router) {
  const json::object& heard = member(router, "master");
  if (text(router, "state") == "master" || heard.empty()) return "-";
  return fmt::format("{} ({})", text(heard, "address"), number(heard, "priority").value_or(0));
}

/// What is down of what it tracks, and what its check found.
std::string tracked(const json::object& track) {
  if (text(track, "state") != "down" && text(track, "state") != "sorry") return "";
  std::string note = fmt::format("{} {} is down", text(track, "kind"), text(track, "name"));
  const json::array& checks = list(track, "checks");
  if (!checks.empty()) note += ": " + text(as_object(checks.front()), "evidence");
  return note;
}

std::string note(const json::object& router, const std::string& now) {
  const auto addresses = number(router, "addresses").value_or(0);
  std::string note = fmt::format("id {} on {}, {} address{}", number(router, "id").value_or(0),
                                 text(router, "interface"), addresses, addresses == 1 ? "" : "es");
  if (const std::string group = text(router, "group"); !group.empty()) append_note(note, "group " + group);
  if (flag(router, "rival")) append_note(note, "another master is heard");
  if (const std::string since = text(router, "partition_since"); !since.empty())
    append_note(note, "partition suspected for " + span(since, now));
  if (const std::string since = text(router, "held_since"); !since.empty())
    append_note(note, "its takeover waits for " + span(since, now));
  for (const json::value& fault : list(router, "faults")) append_note(note, text(as_object(fault), "reason"));
  for (const json::value& track : list(router, "tracked"))
    if (number(as_object(track), "weight").value_or(0) != 0) append_note(note, tracked(as_object(track)));
  if (const std::string since = text(router, "unsynced_since"); !since.empty())
    append_note(note, "waits to be synced for " + span(since, now));
  if (flag(router, "yielded")) append_note(note, "an operator made it backup");
  if (const std::string at = text(router, "failback_at"); !at.empty())
    append_note(note, fmt::format("takes over in {}", span(now, at)));
  if (text(router, "state") == "unknown") append_note(note, "nothing is heard of it yet");
  return note;
}

}  // namespace

std::string render_lines(const json::object& status, Style style) {
  const std::vector<Column> columns{{"HEARTBEAT"},   {"STATE"},         {"FOR", true},
                                    {"HEARD", true}, {"REFUSED", true}, {"LINE"}};
  const std::string now = text(status, "time");
  std::vector<std::vector<Cell>> rows;
  for (const json::value& value : list(status, "heartbeats")) {
    const json::object& line = as_object(value);
    const std::string state = text(line, "state");
    std::int64_t refused = 0;
    for (const json::value& one : list(line, "refused")) refused += number(as_object(one), "count").value_or(0);
    rows.push_back({{text(line, "name")},
                    {state, state == "up" ? Colour::good : Colour::bad},
                    {span(text(line, "since"), now)},
                    {std::to_string(number(line, "heard").value_or(0))},
                    {std::to_string(refused)},
                    {text(line, "place")}});
  }
  return rows.empty() ? "" : "\n" + table(columns, rows, style);
}

std::string render_sync(const json::object& status, Style style) {
  const std::vector<Column> columns{{"SYNC"}, {"STATE"}, {"FOR", true}, {"NOTE"}};
  const std::string now = text(status, "time");
  const json::object& sync = member(status, "sync");
  std::vector<std::vector<Cell>> rows;
  for (const json::value& value : list(sync, "daemons")) {
    const json::object& one = as_object(value);
    const bool known = !text(one, "since").empty();
    const bool right = flag(one, "runs") == flag(one, "wanted");
    std::string note = text(one, "settings");
    if (known && !right) append_note(note, flag(one, "wanted") ? "is to run" : "is not to run");
    append_note(note, text(one, "fault"));
    rows.push_back({{text(one, "role")},
                    {!known              ? "unknown"
                     : flag(one, "runs") ? "runs"
                                         : "stopped",
                     !known  ? Colour::odd
                     : right ? (flag(one, "runs") ? Colour::good : Colour::none)
                             : Colour::bad},
                    {span(text(one, "since"), now)},
                    {note}});
  }
  return rows.empty() ? "" : "\n" + table(columns, rows, style);
}

std::string render_routers(const json::object& status, Style style) {
  const std::vector<Column> columns{{"ROUTER"}, {"STATE"}, {"FOR", true}, {"PRIORITY", true}, {"MASTER"}, {"NOTE"}};
  const std::string now = text(status, "time");
  std::vector<std::vector<Cell>> rows;
  for (const json::value& value : list(status, "vrrp")) {
    const json::object& router = as_object(value);
    const std::string state = text(router, "state");
    rows.push_back({{text(router, "name")},
                    {state, colour_of_router(state)},
                    {span(text(router, "since"), now)},
                    {priority(router)},
                    {master(router)},
                    {note(router, now)}});
  }
  return rows.empty() ? "" : "\n" + table(columns, rows, style);
}

}  // namespace keepalive::ctl
