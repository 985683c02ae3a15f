// The smaller answers of the control socket as JSON: keepalive-api(7) has the members.
#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

#include "core/action.hpp"
#include "core/circumstances.hpp"
#include "core/open_alerts.hpp"
#include "core/probes.hpp"
#include "ipvs++/table.hpp"

namespace keepalive::core {

/// What `doctor` found; level is "fault" or "warning".
struct Finding {
  std::string level = "fault";
  std::string what = "";
  std::string where = "";
  std::string remedy = "";

  friend bool operator==(const Finding&, const Finding&) = default;
};

/// GET /v1/events?since=N: {"events":[…],"next":N}. Entries after number `since`; `next`: the `since` of the next call.
std::string events(const std::deque<Journal>& journal, std::uint64_t since, const Circumstances& circumstances);
/// One event as a line, for followers; ends with a newline.
std::string event_line(const Journal& entry, const Circumstances& circumstances);
class Json;
/// "acknowledged": null or by whom and when.
void tell_acknowledgement(Json& json, const OpenAlert& alert, const Circumstances& circumstances);
/// What a reload would do.
struct Planned {
  std::vector<ipvs::Change> changes = {};
  std::vector<std::string> settings = {};
  std::vector<std::string> daemons = {};  // of connection sync
  Probes::Difference probes = {};
  bool rules = false;
};
/// The members of the next.
void tell_plan(Json& json, const Planned& planned);
/// GET /v1/plan: {"changes":[{"change","text"}],"settings":[…],"daemons":[…],"rules","probes_added","probes_dropped"}.
std::string plan(const Planned& planned);
/// POST /v1/reload that went well: {"generation","changes","refusals":["…"]}.
std::string reloaded(std::uint64_t generation, std::size_t changes, const std::vector<std::string>& refusals);
/// POST /v1/restart, before it happens: {"process"}, which is another one afterwards.
std::string restarting(const Circumstances& circumstances);
/// GET /v1/doctor: {"findings":[{"level","what","where","remedy"}]}.
std::string findings(const std::vector<Finding>& list);
/// POST /v1/alerts/N/acknowledge: {"sequence","acknowledged":{"by","at"}}.
std::string acknowledged(const OpenAlert& alert, const Circumstances& circumstances);
/// Every answer that is none: {"error"}, with {"diagnostics"} unless empty.
std::string fault(std::string_view error, std::string_view diagnostics = {});

}  // namespace keepalive::core
