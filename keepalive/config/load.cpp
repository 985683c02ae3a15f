#include "config/load.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <tuple>

#include "config/hints.hpp"
#include "config/monitor_keys.hpp"
#include "config/resolve.hpp"
#include "config/rules.hpp"
#include "config/schema.hpp"
#include "config/setters.hpp"
#include "config/texts.hpp"
#include "config/warnings.hpp"
#include "config/words.hpp"

namespace keepalive {
namespace {

using base::ini::Entry;
using base::ini::Section;
using config::Key;
using config::Sink;

/// Fills a draft from sections.
class Builder {
 public:
  Builder(const FileReader& files, Diagnostics& faults) : files_{files}, faults_{faults} {}

  config::Draft build(const std::vector<Section>& sections) {
    for (const Section& section : sections)
      if (section.kind == "global" && !section.faulty) take_plain(section);
    for (const Section& section : sections) take(section);
    return std::move(draft_);
  }

 private:
  void take(const Section& section) {
    if (section.faulty) return know(section, section.kind);
    if (section.kind == "ipvs" || section.kind == "metrics") return take_plain(section);
    if (section.kind == "check") return take_check(section);
    if (section.kind == "pool") return take_pool(section);
    if (section.kind == "virtual_server") return take_service(section);
    if (section.kind == "vrrp") return take_vrrp(section);
    if (section.kind == "heartbeat") return take_heartbeat(section);
    if (section.kind == "witness") return take_witness(section);
    if (section.kind == "sync") return take_sync(section);
    if (section.kind == "monitor") return take_monitor(section);
    const auto known = config::sections();
    if (std::find(known.begin(), known.end(), section.kind) != known.end()) return;
    fault(section, fmt::format("no such section: `{}'{}", section.kind, base::suggestion(section.kind, known)));
    know(section, base::nearest(section.kind, known));
  }

  /// Of a section whose header has a fault the name alone counts: others may refer to it.
  void know(const Section& section, std::string_view kind) {
    if (!base::ini::is_name(section.name)) return;
    if (!names_.emplace(fmt::format("{} {}", kind, section.name), &section).second) return;
    if (kind == "check") add_check({.name = section.name}, {.given = {}, .sound = false});
    if (kind == "pool") draft_.pools.emplace_back().pool.name = section.name;
    if (kind == "vrrp") draft_.vrrps.emplace_back().vrrp.router.name = section.name;
  }

  void add_check(Check check, config::CheckDraft draft) {
    draft_.config.checks.push_back(std::move(check));
    draft_.checks.push_back(std::move(draft));
  }

  void take_check(const Section& section) {
    Check check = defaults_;
    check.name = section.name;
    const auto type = check_type(section);
    if (!named(section)) return;
    check.type = type.value_or(CheckType::tcp);
    if (type == CheckType::https) check.security = Security::tls;
    check_type_ = type ? config::name(*type) : std::string_view{};
    config::CheckDraft draft{.given = {}, .sound = type.has_value(), .section = &section};
    Sink sink{draft_, files_, no_entry_, &check};
    take_entries(section, sink, draft.given);
    if (!draft.given.contains("interval_down")) check.interval_down = check.interval;
    if (!draft.given.contains("interval_failing")) check.interval_failing = check.interval;
    if (!draft.given.contains("jitter")) check.jitter = check.interval;
    if (type)
      for (const auto& [key, text] : config::broken_rules(check, draft.given)) fault(draft.given, section, key, text);
    add_check(std::move(check), std::move(draft));
  }

  void fault(const Section& section, std::string text) {
    faults_.push_back({section.at, std::move(text), std::string{section.source}});
  }
  void fault(const Entry& entry, const base::Position& at, std::string text) {
    faults_.push_back({at, std::move(text), std::string{entry.source}});
  }

  /// At a key that is given, or at the section.
  void fault(const config::Given& given, const Section& section, std::string_view key, std::string text) {
    const Entry* const found = given.find(key);
    if (found == nullptr) return fault(section, std::move(text));
    fault(*found, found->key_at(), std::move(text));
  }

  bool named(const Section& section) {
    if (section.name.empty())
      return fault(section, fmt::format("[{}] wants a name: [{} NAME]", section.kind, section.kind)), false;
    if (!base::ini::is_name(section.name))
      return fault(section, "a name has letters, digits, `_', `.' and `-' only"), false;
    if (names_.emplace(section.kind + " " + section.name, &section).second) return true;
    const Section& first = *names_[section.kind + " " + section.name];
    return fault(section, fmt::format("[{} {}] stands here twice; first at {}:{}", section.kind, section.name,
                                      first.at.file.text(), first.at.line)),
           false;
  }

  std::optional<CheckType> check_type(const Section& section) {
    for (const Entry& entry : section.entries) {
      if (entry.key != "type") continue;
      if (entry.faulty) return std::nullopt;
      const auto type = config::read_check_type(entry.value);
      if (!type) {
        std::vector<std::string_view> known;
        for (const auto& row : config::check_types) known.push_back(row.word);
        fault(entry, entry.value_at(),
              fmt::format("no such type: `{}'{}", entry.value, base::suggestion(entry.value, known)));
      }
      return type;
    }
    fault(section, "a check needs `type'");
    return std::nullopt;
  }

  /// Sets every key.
  void take_entries(const Section& section, Sink& sink, config::Given& given) {
    for (const Entry& entry : section.entries) {
      const Key* const key = config::find_key(section.kind, entry.key);
      if (key == nullptr) {
        unknown(section.kind, entry);
        continue;
      }
      const Entry* const before = given.add(entry);
      if (entry.faulty || !may_stand(*key, entry, before) || !take(*key, entry, sink)) given.spoil(entry.key);
    }
  }

  bool may_stand(const Key& key, const Entry& entry, const Entry* before) {
    if (before != nullptr && !key.repeats) {
      const base::Position& first = before->key_at();
      fault(entry, entry.key_at(),
            fmt::format("`{}' stands here twice; first at {}:{}", entry.key, first.file.text(), first.line));
      return false;
    }
    if (key.section != "check" || config::applies(key, check_type_)) return true;
    if (!check_type_.empty())
      fault(entry, entry.key_at(), fmt::format("`{}' does not go with type = {}", entry.key, check_type_));
    return false;
  }

  /// Whether its value is good.
  bool take(const Key& key, const Entry& entry, Sink& sink) {
    config::PartFaults parts;
    Sink here{sink.draft,   sink.files, entry,     sink.check,     sink.pool,
              sink.service, &parts,     sink.vrrp, sink.heartbeat, sink.witness};
    const config::Fault text = set(key, here, entry.value);
    if (!text.empty()) parts.push_back({0, text});
    for (const config::PartFault& part : parts)
      fault(entry, base::ini::place_of(entry, part.offset),
            fmt::format("{}: {}{}", entry.key, part.text, config::comment_hint(entry.value)));
    return parts.empty();
  }

  config::Fault set(const Key& key, Sink& sink, std::string_view value) {
    if (key.codec.set != nullptr) return key.codec.set(sink, key, value);
    if (key.section != "global") return {};  // `type' is read already
    // [global] check_interval is the default of [check] interval, and so on.
    Key plain = *config::find_key("check", key.name.substr(key.name.find('_') + 1));
    Sink target{sink.draft, sink.files, sink.entry, &defaults_};
    return plain.codec.set(target, plain, value);
  }

  void unknown(std::string_view section, const Entry& entry) {
    std::vector<std::string_view> known;
    for (const Key& key : config::keys())
      if (key.section == section) known.push_back(key.name);
    const std::string_view meant = config::meant_key(entry.key);
    const std::string hint = meant.empty() ? base::suggestion(entry.key, known)
                                           : fmt::format("; did you mean `{}'{}?", meant, elsewhere(meant, section));
    fault(entry, entry.key_at(), fmt::format("[{}] has no key `{}'{}", section, entry.key, hint));
  }

  /// Where a key stands that this section does not have.
  static std::string elsewhere(std::string_view key, std::string_view section) {
    if (config::find_key(section, key) != nullptr) return {};
    for (const Key& one : config::keys())
      if (one.name == key) return fmt::format(" in [{}]", one.section);
    return " on a server's line";
  }

  void take_plain(const Section& section) {
    if (!section.name.empty()) fault(section, fmt::format("[{}] has no name", section.kind));
    Sink sink{draft_, files_, no_entry_};
    take_entries(section, sink, draft_.plain[section.kind]);
  }

  void take_pool(const Section& section) {
    if (!named(section)) return;
    config::PoolDraft& pool = draft_.pools.emplace_back();
    pool.section = &section;
    pool.pool.name = section.name;
    pool.servers.reserve(static_cast<std::size_t>(std::count_if(
        section.entries.begin(), section.entries.end(), [](const Entry& entry) { return entry.key == "server"; })));
    Sink sink{draft_, files_, no_entry_, nullptr, &pool};
    take_entries(section, sink, pool.given);
  }

  void take_service(const Section& section) {
    if (!named(section)) return;
    config::ServiceDraft& service = draft_.services.emplace_back();
    service.section = &section;
    service.service.name = section.name;
    Sink sink{draft_, files_, no_entry_, nullptr, nullptr, &service};
    take_entries(section, sink, service.given);
  }

  void take_vrrp(const Section& section) {
    if (!named(section)) return;
    config::VrrpDraft& vrrp = draft_.vrrps.emplace_back();
    vrrp.section = &section;
    vrrp.vrrp.router.name = section.name;
    Sink sink{draft_, files_, no_entry_};
    sink.vrrp = &vrrp;
    take_entries(section, sink, vrrp.given);
  }

  void take_heartbeat(const Section& section) {
    if (!named(section)) return;
    config::HeartbeatDraft& draft = draft_.heartbeats.emplace_back();
    draft.section = &section;
    draft.heartbeat.name = section.name;
    Sink sink{draft_, files_, no_entry_};
    sink.heartbeat = &draft;
    take_entries(section, sink, draft.given);
  }

  void take_witness(const Section& section) {
    if (!named(section)) return;
    config::WitnessDraft& draft = draft_.witnesses.emplace_back();
    draft.section = &section;
    draft.witness.name = section.name;
    Sink sink{draft_, files_, no_entry_};
    sink.witness = &draft;
    take_entries(section, sink, draft.given);
  }

  /// False: there was one before.
  bool only(const Section& section, const Section*& first) {
    if (first != nullptr)
      return fault(section, fmt::format("[{}] stands here twice; first at {}:{}", section.kind, first->at.file.text(),
                                        first->at.line)),
             false;
    first = &section;
    return true;
  }

  void take_sync(const Section& section) {
    if (!only(section, draft_.sync)) return;
    draft_.config.sync.emplace();
    take_plain(section);
  }

  void take_monitor(const Section& section) {
    if (!only(section, draft_.monitor)) return;
    Monitor& monitor = draft_.config.monitor.emplace();
    take_plain(section);
    if (draft_.plain["monitor"].contains("users")) return;
    const std::string text = config::read_users_file(files_, config::default_users, monitor);
    if (!text.empty()) fault(section, "users: " + text);
  }

  const FileReader& files_;
  Diagnostics& faults_;
  config::Draft draft_ = {};
  Check defaults_ = {};
  std::string_view check_type_ = {};
  std::map<std::string, const Section*> names_ = {};
  Entry no_entry_ = {};
};

/// For parse_check(): a path is the text itself.
class Inline final : public FileReader {
 public:
  tl::expected<std::string, std::string> read(const std::string& path) const override {
    auto text = config::read_escaped(std::string_view{path}.substr(1));
    if (!text) return tl::unexpected<std::string>{"is no text with escapes"};
    return std::move(*text);
  }
  tl::expected<std::string, std::string> read_secret(const std::string& path) const override { return read(path); }
  tl::expected<std::vector<std::string>, std::string> glob(const std::string&) const override { return {}; }
  std::string identity(const std::string& path) const override { return path; }
};

/// The section that print_check() wrote: lines of `key = value`, values to the letter.
Section read_check(std::string_view name, std::string_view text) {
  constexpr std::string_view equals = " = ";
  Section section{.kind = "check", .name = std::string{name}, .at = {"check", 1, 1}};
  for (std::uint32_t number = 1; !text.empty(); ++number) {
    const std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(line.size() + 1, text.size()));
    const std::size_t key = std::min(line.find(equals), line.size());
    const std::size_t value = std::min(key + equals.size(), line.size());
    section.entries.push_back({.key = line.substr(0, key),
                               .value = line.substr(value),
                               .source = line,
                               .file = section.at.file,
                               .line = number,
                               .key_column = 1,
                               .value_column = static_cast<std::uint32_t>(value + 1)});
  }
  return section;
}

Diagnostics in_order(Diagnostics list) {
  const auto place = [](const base::Diagnostic& one) {
    return std::tuple{one.position.file, one.position.line, one.position.column};
  };
  std::stable_sort(list.begin(), list.end(), [&](const auto& a, const auto& b) { return place(a) < place(b); });
  return list;
}

}  // namespace

tl::expected<Config, Diagnostics> load(const std::string& path, const FileReader& files,
                                       const base::ini::Environment& environment, Diagnostics* warnings) {
  Diagnostics faults;
  config::Texts texts{files, environment, faults};
  const std::vector<Section>& sections = texts.read(path);
  // A file that was emptied by accident must not end every service.
  if (sections.empty() && faults.empty())
    faults.push_back(
        {base::Position{path}, "nothing stands in it; to have no services on purpose, write [global]", {}});
  config::Draft draft = Builder{files, faults}.build(sections);
  config::resolve(draft, faults);
  if (!faults.empty()) return tl::unexpected{in_order(std::move(faults))};
  if (warnings != nullptr) *warnings = in_order(config::warnings(draft));
  return std::move(draft.config);
}

void read_all(const std::string& path, const FileReader& files, const base::ini::Environment& environment) {
  const auto text = files.read_source(path);
  const auto leads = [&](const char* word) { return text->find(word) != std::string::npos; };
  // A large file most often leads nowhere else.
  if (!text || !(leads("include") || leads("file:") || leads("${") || leads("monitor"))) return;
  [[maybe_unused]] const auto config = load(path, files, environment);
}

tl::expected<Check, Diagnostics> parse_check(std::string_view name, std::string_view text) {
  Diagnostics faults;
  std::vector<Section> sections;
  sections.push_back(read_check(name, text));
  const Inline files;
  config::Draft draft = Builder{files, faults}.build(sections);
  if (faults.empty()) return std::move(draft.config.checks.front());
  return tl::unexpected{std::move(faults)};
}

std::string print_check(const Check& check) {
  std::string text = fmt::format("type = {}\n", config::name(check.type));
  for (const Key& key : config::keys()) {
    if (key.section != "check" || key.codec.print == nullptr || !config::applies(key, config::name(check.type)))
      continue;
    for (const std::string& value : key.codec.print(check)) text += fmt::format("{} = {}\n", key.name, value);
  }
  if (!check.command.user.empty()) text += fmt::format("user = {}\n", check.command.user);
  // Their defaults follow other keys: always told.
  text +=
      fmt::format("interval_down = {}\ninterval_failing = {}\njitter = {}\n", config::print_time(check.interval_down),
                  config::print_time(check.interval_failing), config::print_time(check.jitter));
  return text;
}

std::string print_defaults() {
  std::string text;
  std::string_view section;
  for (const Key& key : config::keys()) {
    if (key.section != section) {
      section = key.section;
      const bool one = section == "sync" || section == "monitor";
      const bool named = section != "global" && section != "ipvs" && section != "metrics" && !one;
      text +=
          fmt::format("{}{}[{}{}]\n", text.empty() ? "" : "\n", named || one ? ";" : "", section, named ? " NAME" : "");
    }
    text += fmt::format(";{} = {}\n;    {}: {}{}\n", key.name, key.fallback, key.kind, key.help,
                        key.applies.empty() ? "" : fmt::format(" (type {})", key.applies));
  }
  return text;
}

}  // namespace keepalive
