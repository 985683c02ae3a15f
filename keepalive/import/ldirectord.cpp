// ldirectord.cf: options for all services, and services with theirs.
#include <algorithm>
#include <cctype>
#include <chrono>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/text.hpp"
#include "config/schema.hpp"
#include "config/values.hpp"
#include "import/import.hpp"
#include "import/ldirectord_lines.hpp"
#include "import/ldirectord_services.hpp"
#include "import/text.hpp"

namespace keepalive::import {
namespace {

using Key = std::string_view;

/// Options for all services on their way.
struct General : Desk {
  Common common = {};
  const Node* alert = nullptr;                         // emailalert
  std::vector<std::pair<const Node*, Key>> mail = {};  // what counts beside it, and its key
};

void amount(General& self, const Node& node, Key) { take_amount(self, node, self.common.pace, ""); }

void quiescent(General& self, const Node& node, Key) {
  self.common.quiescent = read_yes(self, node, "no").value_or(false);
}

void fork(General& self, const Node& node, Key) {
  self.common.fork = read_yes(self, node, "no").value_or(false);
  self.say(node, Verdict::same, "all servers are probed at once, always");
}

template <std::optional<Fallback> Common::*member>
void fallback(General& self, const Node& node, Key) {
  self.common.*member = read_fallback(self, node);
}

void fallback_command(General& self, const Node& node, Key) { self.common.fallback_command = read_program(self, node); }

void recipients(General& self, const Node& node, Key key) {
  const auto list = read_recipients(self, node);
  if (!list) return;
  if (key == "mail_to") self.alert = &node;
  if (key != "mail_to") self.mail.emplace_back(&node, key);
  self.set(node, key, list);
}

void repeat(General& self, const Node& node, Key key) {
  const std::uint64_t most = config::find_key("global", key)->high / 1000;
  const auto seconds = read_count(self, node, 0, most, "0");
  if (!seconds) return;
  self.mail.emplace_back(&node, key);
  self.section.set(key, config::print_time(std::chrono::seconds{*seconds}));
}

void mail_server(General& self, const Node& node, Key key) {
  const std::string host = unquoted(node.word(1));
  const bool good = !host.empty() && std::all_of(host.begin(), host.end(), [](unsigned char c) {
    return std::isalnum(c) != 0 || std::string_view{"._+-"}.find(static_cast<char>(c)) != std::string_view::npos;
  });
  if (!good) return self.lose(node, "wants a host");
  self.mail.emplace_back(&node, key);
  self.set(node, key, written("smtp://" + host));
}

void alert_status(General& self, const Node& node, Key) {
  const bool all = unquoted(node.word(1)) == "all";
  self.say(node, all ? Verdict::same : Verdict::lost, "alerts are sent in every state of the daemon");
}

void clean_stop(General& self, const Node& node, Key key) {
  const auto yes = read_yes(self, node, "yes");
  if (yes) self.section.set(key, *yes ? "remove" : "keep");
}

void read_quiescent(General& self, const Node& node, Key) {
  self.say(node, Verdict::differs,
           "what is taken out of the table by hand comes back: drift_interval, or keepalivectl disable");
}

constexpr Row<General> general_rows[] = {
    {"checktimeout", "", amount},
    {"negotiatetimeout", "", amount},
    {"checkinterval", "", amount},
    {"failurecount", "", amount},
    {"checkcount", "", amount},
    {"quiescent", "", quiescent},
    {"fork", "", fork},
    {"fallback", "", fallback<&Common::fallback>},
    {"fallback6", "", fallback<&Common::fallback6>},
    {"fallbackcommand", "", fallback_command},
    {"emailalert", "mail_to", recipients},
    {"emailalertfrom", "mail_from", recipients},
    {"emailalertfreq", "mail_repeat", repeat},
    {"emailalertstatus", "", alert_status},
    {"smtp", "mail_server", mail_server},
    {"cleanstop", "at_stop", clean_stop},
    {"readdquiescent", "", read_quiescent},
};

constexpr Said said_generally[] = {
    {"autoreload", Verdict::lost, "keepalivectl reload, which a path unit of systemd can run"},
    {"callback", Verdict::lost, "whoever changes the file copies it"},
    {"logfile", Verdict::lost, "the journal has the log: --log"},
    {"execute", Verdict::lost, "import that file by itself: --instance NAME runs it beside"},
    {"supervised", Verdict::same, "it stays in the foreground, always"},
    {"maintenancedir", Verdict::lost, "keepalivectl drain and disable take servers out"},
};

/// Without smtp= ldirectord gives its mail to this machine's sendmail; without emailalert= it sends none.
void finish_mail(General& self) {
  if (self.alert != nullptr && !self.section.has("mail_server")) {
    self.section.set("mail_server", "smtp://localhost");
    self.say(*self.alert, Verdict::differs, "mail goes by SMTP to this machine, not by its sendmail");
  }
  for (const auto& [node, key] : self.mail) {
    if (self.alert == nullptr) {
      self.section.remove(key);
      self.say(*node, Verdict::same, "nobody gets mail without an emailalert for all services");
    } else if (key == "mail_server") {
      self.say(*node, Verdict::differs, "a mail server that offers TLS gets it, and its certificate must be valid");
    }
  }
}

/// ldirectord runs them as itself.
void finish_programs(General& self) {
  if (!std::exchange(self.site.programs, false)) return;
  self.section.comment("Programs run as keepalive-script; ldirectord runs them as root: script_user says");
}

}  // namespace

Outcome import_ldirectord(const std::string& path, const FileReader& files) {
  const auto text = files.read_source(path);
  if (!text) return tl::unexpected{base::Diagnostic{base::Position{path}, "cannot be read: " + text.error(), ""}};
  const std::vector<Node> all = read_ldirectord(path, *text);
  Site site{files, base::folder_of(path)};
  site.out.section("", "head")
      .comment(fmt::format("From {}, ldirectord's. What is not quite the same stands beside its place.", path));
  General general{{site, site.global()}};
  const auto nodes = counting(general, all);
  site.no_keyword = "no keyword of ldirectord(8) here; what belongs to a virtual= begins with four blanks or a tab";
  for (const Node* const node : nodes)
    if (!node->block) take_node<General>(general, *node, general_rows, said_generally);
  site.no_keyword = "no keyword of ldirectord(8) here";
  for (const Node* const node : nodes)
    if (node->block) take_virtual(site, *node, general.common);
  finish_mail(general);
  finish_programs(general);
  finish_globals(site);
  return Imported{site.out.print(), std::move(site.remarks), site.taken};
}

}  // namespace keepalive::import
