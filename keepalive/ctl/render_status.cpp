// The table of `keepalivectl status`: services, and below them the servers of their pool.
#include <fmt/format.h>

#include <map>

#include "fields.hpp"
#include "render.hpp"
#include "render_routers.hpp"

namespace keepalive::ctl {
namespace {

namespace json = boost::json;

constexpr std::size_t most_keys = 3;

Colour colour_of_state(std::string_view state) {
  if (state == "up") return Colour::good;
  return state == "down" ? Colour::bad : Colour::odd;
}

std::string count(const json::object& object, std::string_view name) {
  const auto value = number(object, name);
  return value ? std::to_string(*value) : "-";
}

class StatusTable {
 public:
  explicit StatusTable(const json::object& status) : status_{status}, now_{text(status, "time")} {
    for (const json::value& value : list(status, "services"))
      services_[text(as_object(value), "pool")].push_back(&as_object(value));
    for (const json::value& value : list(status, "pools")) add_pool(as_object(value));
  }

  std::string text_of(Style style) const {
    const std::vector<Column> columns{{"NAME"},         {"STATE"},          {"FOR", true}, {"WEIGHT", true},
                                      {"ACTIVE", true}, {"INACTIVE", true}, {"NOTE"}};
    return rows_.empty() ? "" : "\n" + table(columns, rows_, style);
  }
  std::string summary() const {
    const std::size_t services = list(status_, "services").size();
    std::string out = fmt::format("{} virtual service{}, {} server{}", services, services == 1 ? "" : "s", servers_,
                                  servers_ == 1 ? "" : "s");
    for (const char* state : {"up", "down", "unknown"})
      if (const auto found = states_.find(state); found != states_.end())
        out += fmt::format("{}{} {}", state == states_first() ? ": " : ", ", found->second, state);
    return out + "\n";
  }

 private:
  std::string_view states_first() const {
    for (const char* state : {"up", "down", "unknown"})
      if (states_.contains(state)) return state;
    return "";
  }

  void add_pool(const json::object& pool) {
    const std::string name = text(pool, "name");
    const std::string state = text(pool, "state");
    const std::string weight = count(pool, "weight_up");
    for (const json::object* service : services_[name])
      rows_.push_back({{text(*service, "name")},
                       {state, colour_of_state(state)},
                       {},
                       {weight},
                       {count(*service, "active_connections")},
                       {count(*service, "inactive_connections")},
                       {service_note(*service, pool)}});
    if (services_[name].empty())
      rows_.push_back({{name}, {"unused", Colour::odd}, {}, {weight}, {}, {}, {"a pool that no virtual server uses"}});
    for (const json::value& server : list(pool, "servers")) add_server(as_object(server));
    if (const json::object& sorry = member(pool, "sorry_server"); !sorry.empty()) add_sorry(sorry);
  }

  std::string service_note(const json::object& service, const json::object& pool) const {
    const json::array& keys = list(service, "keys");
    std::string note;
    for (std::size_t i = 0; i < keys.size() && i < most_keys; ++i) note += (i > 0 ? ", " : "") + as_text(keys[i]);
    if (keys.size() > most_keys) note += fmt::format(" and {} more", keys.size() - most_keys);
    append_note(note, fmt::format("{}, {}", text(service, "scheduler"), text(service, "forward")));
    if (text(pool, "name") != text(service, "name")) append_note(note, "pool " + text(pool, "name"));
    const std::string state = text(pool, "state");
    if (state == "sorry" || state == "down") append_note(note, fmt::format("below quorum {}", count(pool, "quorum")));
    if (state == "sorry") append_note(note, "the sorry server serves");
    if (state == "panic") append_note(note, "servers stay although they are down");
    return note;
  }

  void add_server(const json::object& server) {
    const std::string state = text(server, "state");
    ++servers_;
    ++states_[state];
    rows_.push_back({{"  " + text(server, "name")},
                     {state, colour_of_state(state)},
                     {span(text(server, "since"), now_)},
                     {weight(server)},
                     {count(server, "active_connections")},
                     {count(server, "inactive_connections")},
                     {server_note(server)}});
  }

  void add_sorry(const json::object& server) {
    const bool serves = flag(server, "serves");
    rows_.push_back({{"  " + text(server, "name")},
                     {serves ? "serves" : "standby", serves ? Colour::odd : Colour::none},
                     {},
                     {weight(server)},
                     {count(server, "active_connections")},
                     {count(server, "inactive_connections")},
                     {"sorry server, not probed"}});
  }

  /// "100", "30/100" when it has less than the file says, "-" when it is not in the table.
  static std::string weight(const json::object& server) {
    const std::string effective = count(server, "effective_weight");
    const std::string full = count(server, "weight");
    return effective == full || effective == "-" ? effective : fmt::format("{}/{}", effective, full);
  }

  std::string server_note(const json::object& server) const {
    std::string note;
    const json::object& overlay = member(server, "overlay");
    const std::string kind = text(overlay, "kind");
    const std::string deadline = text(overlay, "deadline");
    if (kind == "disable") append_note(note, "disabled");
    if (kind == "weight") append_note(note, "weight set by an operator");
    if (kind == "drain" && flag(overlay, "gone")) append_note(note, "drained");
    if (kind == "drain" && !flag(overlay, "gone"))
      append_note(note, deadline.empty() ? "drains" : fmt::format("drains, {} left", span(now_, deadline)));
    if (kind.empty() && flag(server, "quiescent")) append_note(note, "waits for undrain");
    for (const json::value& check : list(server, "checks")) append_note(note, check_note(as_object(check)));
    return note;
  }

  /// What speaks against the server.
  static std::string check_note(const json::object& check) {
    const std::int64_t against = number(check, "against").value_or(0);
    const std::string state = text(check, "state");
    if (state == "unknown" && against == 0) return text(check, "name") + ": no result yet";
    if (!text(check, "last_run").empty() && (state == "down" || against > 0))
      return fmt::format("{}: {}", text(check, "name"), text(check, "evidence"));
    return "";
  }

  const json::object& status_;
  std::string now_;
  std::map<std::string, std::vector<const json::object*>> services_ = {};  // of each pool
  std::map<std::string, std::size_t> states_ = {};
  std::size_t servers_ = 0;
  std::vector<std::vector<Cell>> rows_ = {};
};

std::string head(const json::object& status) {
  const json::object& config = member(status, "config");
  std::string out = "keepalive " + text(status, "version");
  if (const std::string router = text(status, "router_id"); !router.empty()) out += " on " + router;
  if (const std::string instance = text(status, "instance"); !instance.empty()) out += ", instance " + instance;
  const std::string age = span(text(config, "loaded"), text(status, "time"));
  if (age.empty()) return out + ", no configuration yet\n";
  return out +
         fmt::format(", configuration {} from {}, {} old\n", count(status, "generation"), text(config, "path"), age);
}

std::string warnings(const json::object& status, Style style) {
  const json::object& config = member(status, "config");
  std::string out;
  const auto warn = [&](std::string_view line, Colour colour) { out += painted(line, colour, style) + "\n"; };
  if (flag(config, "last_good"))
    warn("the file was broken at start: the last good configuration is in effect", Colour::bad);
  if (const std::string fault = lines(config, "fault"); !fault.empty()) {
    if (!flag(config, "last_good"))
      warn("the last reload was refused, the configuration before stays in effect:", Colour::bad);
    out += fault;
  }
  if (std::string line = render_pending(member(config, "pending")); !line.empty()) {
    line.pop_back();
    warn(line, Colour::odd);
  }
  for (const json::value& alarm : list(status, "alarms")) warn("alarm: " + as_text(alarm), Colour::bad);
  for (const json::value& text : list(status, "refusals")) warn("the kernel refuses: " + as_text(text), Colour::bad);
  for (const json::value& text : list(status, "drift")) warn("changed by others: " + as_text(text), Colour::odd);
  return out;
}

}  // namespace

std::string render_status(std::string_view json, Style style) {
  const json::object status = read_object(json);
  const StatusTable table{status};
  return head(status) + table.summary() + warnings(status, style) + render_routers(status, style) +
         render_lines(status, style) + render_sync(status, style) + table.text_of(style);
}

}  // namespace keepalive::ctl
