#include "config/rules.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <initializer_list>

#include "config/schema.hpp"

namespace keepalive::config {
namespace {

class Rules {
 public:
  explicit Rules(const Given& given) : given_{given} {}

  bool has(std::string_view key) const { return given_.contains(key); }
  void broken(std::string_view key, std::string text) { broken_.emplace_back(key, std::move(text)); }
  void broken_if(bool is, std::string_view key, std::string_view text) {
    if (is) broken(key, std::string{text});
  }
  /// Each of `keys` that is given while `met` is not.
  void need(bool met, std::initializer_list<std::string_view> keys, std::string_view what) {
    for (const std::string_view key : keys)
      if (!met && has(key)) broken(key, fmt::format("`{}' needs {}", key, what));
  }
  BrokenRules take() && { return std::move(broken_); }

 private:
  const Given& given_;
  BrokenRules broken_ = {};
};

}  // namespace

BrokenRules broken_rules(const Check& check, const Given& given) {
  const bool http = check.type == CheckType::http || check.type == CheckType::https;
  Rules rules{given};
  rules.broken_if(check.type == CheckType::script && !rules.has("command"), "", "a script check needs `command'");
  rules.broken_if(check.type == CheckType::file && !rules.has("path"), "", "a file check needs `path'");
  rules.broken_if(check.type == CheckType::tcp && check.security == Security::starttls, "security",
                  "type = tcp knows plain and tls only");
  rules.need(check.security != Security::plain, {"verify", "ca", "certificate", "key", "sni", "expiry_days"},
             "`security = tls' or `starttls'");
  rules.need(rules.has("certificate"), {"key"}, "`certificate'");
  rules.need(rules.has("login"), {"password"}, "`login'");
  rules.need(rules.has("command"), {"user"}, "`command'");
  for (const std::string_view key : {"address", "mark"})
    rules.broken_if(check.via == Via::path && rules.has(key), key, "the path of `via = path' has its own");
  rules.broken_if(!http && check.urls.size() > 1, "url", fmt::format("type = {} takes one url", name(check.type)));
  return std::move(rules).take();
}

BrokenRules broken_rules(const Global& global, const Given& given) {
  Rules rules{given};
  const bool apart = global.marks.last < global.path_marks.first || global.path_marks.last < global.marks.first;
  rules.broken_if(!apart, rules.has("marks") ? "marks" : "path_marks", "`marks' and `path_marks' overlap");
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
  if (pool.require.needed > draft.checks.size())
    rules.broken("require", fmt::format("{} of {} checks cannot pass", pool.require.needed, draft.checks.size()));
  if (rules.has("hysteresis") && pool.hysteresis >= pool.quorum)
    rules.broken("hysteresis",
                 fmt::format("must be less than the quorum of {}, which could never be lost", pool.quorum));
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
  rules.need(draft.service.together, {"mark"}, "`together = yes'");
  rules.broken_if(rules.has("fwmark") && draft.service.together, "together", "`together' does not go with `fwmark'");
  rules.broken_if(draft.service.together && !properties.persistence && !by_source, "together",
                  "`together' needs `persistence', or `scheduler = sh' without sh-port: how else could a client stay");
  rules.need(rules.has("persistence"), {"persistence_mask", "persistence_engine"}, "`persistence'");
  for (const std::string_view scheduler : draft.flags_of)
    if (scheduler != properties.scheduler)
      rules.broken("scheduler_flags", fmt::format("{}-… needs `scheduler = {}'", scheduler, scheduler));
  return std::move(rules).take();
}

std::string tunnel_fault(const ipvs::Tunnel& tunnel) {
  const bool gue = tunnel.type == ipvs::TunnelType::gue;
  if (gue && tunnel.port.value == 0) return "a gue tunnel needs tunnel_port";
  if (!gue && tunnel.port.value != 0) return "tunnel_port goes with gue tunnels only";
  if (!gue && tunnel.flags.has(ipvs::TunnelFlag::remcsum)) return "tunnel_checksum=remote goes with gue tunnels only";
  if (tunnel.type == ipvs::TunnelType::ipip && tunnel.flags.has(ipvs::TunnelFlag::csum))
    return "tunnel_checksum goes with gue and gre tunnels only";
  return {};
}

}  // namespace keepalive::config
