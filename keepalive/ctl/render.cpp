#include "render.hpp"

#include <fmt/format.h>

#include "fields.hpp"

namespace keepalive::ctl {
namespace {

namespace json = boost::json;

Colour colour_of_level(std::string_view level) {
  if (level == "alert" || level == "fault") return Colour::bad;
  return level == "warning" ? Colour::odd : Colour::none;
}

std::string event_line(const json::object& event, Style style) {
  const std::string cause = text(event, "cause");
  return fmt::format("{} {} {} {}{}{}\n", number(event, "sequence").value_or(0), text(event, "time"),
                     painted(fmt::format("{:<7}", text(event, "level")), colour_of_level(text(event, "level")), style),
                     text(event, "text"), cause.empty() ? "" : ": ", cause);
}

}  // namespace

std::string render_server(std::string_view json) {
  const json::object server = read_object(json);
  const std::string name = fmt::format("{}/{}", text(server, "pool"), text(server, "name"));
  const std::string state = fmt::format("{} is {}", name, text(server, "state"));
  const json::object& overlay = member(server, "overlay");
  const std::string kind = text(overlay, "kind");
  if (kind == "disable") return state + ", disabled: not in the table\n";
  if (kind == "drain" && flag(overlay, "gone")) return state + ", drained: not in the table\n";
  if (kind == "drain") {
    const std::string deadline = text(overlay, "deadline");
    return fmt::format("{}, drains: {} active and {} inactive connections{}{}\n", state,
                       number(server, "active_connections").value_or(0),
                       number(server, "inactive_connections").value_or(0), deadline.empty() ? "" : ", until ",
                       deadline);
  }
  const auto weight = number(server, "effective_weight");
  if (weight) return fmt::format("{}, weight {}\n", state, *weight);
  const auto set = number(overlay, "weight");
  return fmt::format("{}{}: not in the table\n", state, set ? fmt::format(", weight {}", *set) : "");
}

std::string render_router(std::string_view json) {
  const json::object router = read_object(json);
  const std::string cause = text(router, "cause");
  return fmt::format("{} is {}{}{}\n", text(router, "name"), text(router, "state"), cause.empty() ? "" : ": ", cause);
}

std::string render_explanation(std::string_view json) {
  const json::object told = read_object(json);
  const std::string since = text(told, "since");
  std::string out =
      fmt::format("{}: {}{}{}\n", text(told, "object"), text(told, "state"), since.empty() ? "" : " since ", since);
  for (const json::value& line : list(told, "lines")) out += "  " + as_text(line) + "\n";
  return out;
}

std::string render_names(std::string_view json) {
  const json::object told = read_object(json);
  std::string out;
  const auto add = [&](std::string_view kind, const json::value& value, const std::string& prefix = "") {
    out += fmt::format("{} {}{}\n", kind, prefix, text(as_object(value), "name"));
  };
  for (const json::value& service : list(told, "services")) add("service", service);
  for (const json::value& pool : list(told, "pools")) {
    add("pool", pool);
    for (const json::value& server : list(as_object(pool), "servers"))
      add("server", server, text(as_object(pool), "name") + "/");
  }
  for (const json::value& router : list(told, "vrrp")) add("router", router);
  return out;
}

std::string render_event(std::string_view json, Style style) { return event_line(read_object(json), style); }

std::string render_events(std::string_view json, Style style) {
  const json::object told = read_object(json);
  std::string out;
  for (const json::value& event : list(told, "events")) out += event_line(as_object(event), style);
  return out;
}

std::string render_findings(std::string_view json, Style style) {
  const json::object told = read_object(json);
  std::string out;
  for (const json::value& value : list(told, "findings")) {
    const json::object& finding = as_object(value);
    const std::string where = text(finding, "where");
    out += fmt::format("{}: {}{}\n", painted(text(finding, "level"), colour_of_level(text(finding, "level")), style),
                       text(finding, "what"), where.empty() ? "" : fmt::format(" ({})", where));
    if (const std::string remedy = text(finding, "remedy"); !remedy.empty()) out += "  remedy: " + remedy + "\n";
  }
  return out.empty() ? "nothing is found that stops traffic\n" : out;
}

std::string render_plan(std::string_view json) {
  const json::object told = read_object(json);
  std::string out;
  for (const json::value& change : list(told, "changes")) out += text(as_object(change), "text") + "\n";
  for (const json::value& setting : list(told, "settings")) out += as_text(setting) + "\n";
  for (const json::value& daemon : list(told, "daemons")) out += as_text(daemon) + "\n";
  if (flag(told, "rules")) out += "the rules that mark packets are written\n";
  const std::int64_t added = number(told, "probes_added").value_or(0);
  const std::int64_t dropped = number(told, "probes_dropped").value_or(0);
  if (added + dropped != 0) out += fmt::format("probes: {} more, {} less\n", added, dropped);
  return out.empty() ? "nothing in the kernel would change\n" : out;
}

std::string render_reload(std::string_view json) {
  const json::object told = read_object(json);
  const std::int64_t changes = number(told, "changes").value_or(0);
  std::string out = fmt::format("configuration {} is in effect: {} change{} of the kernel's table\n",
                                number(told, "generation").value_or(0), changes, changes == 1 ? "" : "s");
  for (const json::value& refusal : list(told, "refusals")) out += "refused: " + as_text(refusal) + "\n";
  return out + render_pending(member(told, "pending"));
}

std::string render_pending(const json::object& pending) {
  if (pending.empty()) return {};
  return fmt::format("version {} waits for `keepalivectl confirm' until {}; then it is rolled back\n",
                     number(pending, "version").value_or(0), text(pending, "until"));
}

std::string render_alerts(std::string_view json, Style style) {
  const json::object told = read_object(json);
  std::string out;
  for (const json::value& value : list(told, "alerts")) {
    const json::object& alert = as_object(value);
    const std::string by = text(member(alert, "acknowledged"), "by");
    out += fmt::format("{} {} {}{}\n", number(alert, "sequence").value_or(0), text(alert, "time"),
                       painted(text(alert, "text"), by.empty() ? Colour::bad : Colour::odd, style),
                       by.empty() ? "" : fmt::format(" (seen by {})", by));
  }
  return out.empty() ? "no alert is open\n" : out;
}

std::string render_versions(std::string_view json) {
  const json::object told = read_object(json);
  const json::object& pending = member(told, "pending");
  std::string out;
  for (const json::value& value : list(told, "versions")) {
    const json::object& one = as_object(value);
    const std::string by = text(one, "by");
    const bool waits = number(pending, "version") == number(one, "number");
    out += fmt::format("{} {}{}{} {}{}\n", number(one, "number").value_or(0), text(one, "time"),
                       by.empty() ? "" : " by ", by, text(one, "comment"),
                       waits ? fmt::format(" (rolled back at {} unless confirmed)", text(pending, "until")) : "");
  }
  return out.empty() ? std::string{no_other_version} : out;
}

std::string render_confirmed(std::string_view json) {
  return fmt::format("version {} stays\n", number(read_object(json), "version").value_or(0));
}

std::string render_fault(unsigned status, std::string_view json) {
  const json::object told = read_object(json);
  const std::string error = text(told, "error");
  if (error.empty()) return fmt::format("refused with HTTP status {}\n", status);
  return error + "\n" + lines(told, "diagnostics");
}

}  // namespace keepalive::ctl
