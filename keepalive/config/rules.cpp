#include "config/rules.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <initializer_list>

#include "config/schema.hpp"

namespace keepalive::config {
namespace {

using Keys = std::initializer_list<std::string_view>;

class Rules {
 public:
  explicit Rules(const Given& given) : given_{given} {}

  bool has(std::string_view key) const { return given_.contains(key); }
  /// `judged`: the keys whose values the rule looks at.
  void broken_if(bool is, std::string_view key, std::string_view text, Keys judged = {}) {
    if (is && given_.sound(judged)) broken_.emplace_back(key, text);
  }
  /// Each of `keys` that is given while `met` is not; one that has a fault already needs nothing.
  void need(bool met, Keys keys, std::string_view what, Keys judged = {}) {
    for (const std::string_view key : keys)
      broken_if(!met && has(key) && given_.sound({key}), key, fmt::format("`{}' needs {}", key, what), judged);
  }
  BrokenRules take() && { return std::move(broken_); }

 private:
  const Given& given_;
  BrokenRules broken_ = {};
};

bool other_family(const std::optional<ipvs::Address>& one, const std::optional<ipvs::Address>& other) {
  return one && other && one->family() != other->family();
}

}  // namespace

BrokenRules broken_rules(const Check& check, const Given& given) {
  const bool http = check.type == CheckType::http || check.type == CheckType::https;
  Rules rules{given};
  rules.broken_if(check.type == CheckType::script && !rules.has("command"), "", "a script check needs `command'");
  rules.broken_if(check.type == CheckType::file && !rules.has("path"), "", "a file check needs `path'");
  rules.broken_if(check.type == CheckType::tcp && check.security == Security::starttls, "security",
                  "type = tcp knows plain and tls only", {"security"});
  rules.need(check.security != Security::plain,
             {"verify", "ca", "certificate", "key", "key_password", "sni", "expiry_days"},
             "`security = tls' or `starttls'", {"security"});
  rules.need(rules.has("certificate"), {"key", "key_password"}, "`certificate'");
  rules.broken_if(check.key.find("ENCRYPTED") != std::string::npos && !rules.has("key_password"), "key",
                  "the key is encrypted: `key_password' is missing", {"key"});
  rules.need(rules.has("login"), {"password"}, "`login'");
  rules.need(rules.has("command"), {"user"}, "`command'");
  for (const std::string_view key : {"address", "mark"})
    rules.broken_if(check.via == Via::path && rules.has(key), key, "the path of `via = path' has its own", {"via"});
  rules.broken_if(check.via == Via::path && rules.has("source_port"), "source_port",
                  "with via = path the probes of all servers would be one connection", {"via"});
  // What is sent so ends in TIME_WAIT, and the port is not free before the next probe.
  rules.broken_if(check.type == CheckType::tcp && check.security == Security::plain && rules.has("send") &&
                      !rules.has("expect") && rules.has("source_port"),
                  "source_port", "`source_port' with `send' needs `expect'", {"security"});
  for (const std::string_view key : {"body", "body_not", "digest"})
    rules.broken_if(check.method == "HEAD" && rules.has(key), key, "method = HEAD gets no body", {"method"});
  rules.need(rules.has("body") || rules.has("body_not"), {"body_from", "body_to"}, "`body' or `body_not'");
  rules.broken_if(check.body_to != 0 && check.body_to <= check.body_from, "body_to", "must be more than body_from",
                  {"body_from", "body_to"});
  rules.broken_if(rules.has("body_from") && check.body_from >= check.body_limit, "body_from",
                  "must be less than body_limit: a longer answer has failed", {"body_from", "body_limit"});
  rules.broken_if(other_family(check.source, check.connect_address), "source",
                  "`source' is of another address family than `address'");
  rules.broken_if(!http && check.urls.size() > 1, "url", fmt::format("type = {} takes one url", name(check.type)));
  return std::move(rules).take();
}

BrokenRules broken_rules(const Global& global, const Given& given) {
  Rules rules{given};
  const bool apart = global.marks.last < global.path_marks.first || global.path_marks.last < global.marks.first;
  rules.broken_if(!apart, rules.has("marks") ? "marks" : "path_marks", "`marks' and `path_marks' overlap",
                  {"marks", "path_marks"});
  rules.need(rules.has("mail_server"),
             {"mail_to", "mail_from", "mail_login", "mail_password", "mail_digest", "mail_repeat"}, "`mail_server'");
  rules.need(rules.has("mail_to"), {"mail_server"}, "`mail_to'");
  rules.need(rules.has("mail_login"), {"mail_password"}, "`mail_login'");
  return std::move(rules).take();
}

BrokenRules broken_rules(const PoolDraft& draft) {
  const Pool& pool = draft.pool;
  Rules rules{draft.given};
  rules.broken_if(!rules.has("server"), "", "a pool needs `server'");
  rules.need(rules.has("sorry_server"), {"sorry_inhibit"}, "`sorry_server'");
  rules.broken_if(pool.require.needed > draft.checks.size(), "require",
                  fmt::format("{} of {} checks cannot pass", pool.require.needed, draft.checks.size()),
                  {"require", "check"});
  rules.broken_if(rules.has("hysteresis") && pool.hysteresis >= pool.quorum, "hysteresis",
                  fmt::format("must be less than the quorum of {}, which could never be lost", pool.quorum),
                  {"quorum", "hysteresis"});
  return std::move(rules).take();
}

BrokenRules broken_rules(const ServiceDraft& draft) {
  const ipvs::Service& properties = draft.service.properties;
  const bool by_source = properties.scheduler == "sh" && !properties.flags.has(ipvs::ServiceFlag::sh_port);
  Rules rules{draft.given};
  rules.broken_if(!rules.has("pool"), "", "a virtual server needs `pool'");
  rules.broken_if(!rules.has("address") && !rules.has("fwmark"), "", "a virtual server needs `address' or `fwmark'");
  rules.broken_if(rules.has("address") && rules.has("fwmark"), "fwmark",
                  "a virtual server has `address' or `fwmark', not both");
  rules.broken_if(rules.has("fwmark") && rules.has("protocol"), "protocol", "`protocol' does not go with `fwmark'");
  rules.need(rules.has("fwmark"), {"family"}, "`fwmark'");
  rules.need(draft.service.together, {"mark"}, "`together = yes'", {"together"});
  rules.broken_if(rules.has("fwmark") && draft.service.together, "together", "`together' does not go with `fwmark'");
  rules.broken_if(draft.service.together && !properties.persistence && !by_source, "together",
                  "`together' needs `persistence', or `scheduler = sh' without sh-port: how else could a client stay",
                  {"persistence", "scheduler", "scheduler_flags"});
  rules.need(rules.has("persistence"), {"persistence_mask", "persistence_engine"}, "`persistence'");
  for (const std::string_view scheduler : draft.flags_of)
    rules.broken_if(scheduler != properties.scheduler, "scheduler_flags",
                    fmt::format("{}-… needs `scheduler = {}'", scheduler, scheduler), {"scheduler"});
  return std::move(rules).take();
}

BrokenRule tunnel_fault(const ipvs::Tunnel& tunnel) {
  const bool gue = tunnel.type == ipvs::TunnelType::gue;
  if (gue && tunnel.port.value == 0) return {"tunnel", "a gue tunnel needs tunnel_port"};
  if (!gue && tunnel.port.value != 0) return {"tunnel_port", "tunnel_port goes with gue tunnels only"};
  if (!gue && tunnel.flags.has(ipvs::TunnelFlag::remcsum))
    return {"tunnel_checksum", "tunnel_checksum=remote goes with gue tunnels only"};
  if (tunnel.type == ipvs::TunnelType::ipip && tunnel.flags.has(ipvs::TunnelFlag::csum))
    return {"tunnel_checksum", "tunnel_checksum goes with gue and gre tunnels only"};
  return {};
}

}  // namespace keepalive::config
