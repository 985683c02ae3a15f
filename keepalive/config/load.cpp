#include "config/load.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <deque>
#include <map>
#include <set>
#include <tuple>

#include "config/resolve.hpp"
#include "config/rules.hpp"
#include "config/schema.hpp"
#include "config/setters.hpp"
#include "config/words.hpp"

namespace keepalive {
namespace {

using base::ini::Entry;
using base::ini::Section;
using config::Key;
using config::Sink;

constexpr std::size_t most_files = 1000;

std::string folder_of(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  return slash == std::string::npos ? "" : path.substr(0, slash + 1);
}

/// Reads a file and what it includes, each once.
class Texts {
 public:
  Texts(const FileReader& files, const base::ini::Environment& environment, Diagnostics& faults)
      : files_{files}, environment_{environment}, faults_{faults} {}

  /// They live as long as this object.
  const std::vector<Section>& read(const std::string& path) {
    follow(path, nullptr);
    return sections_;
  }

 private:
  void follow(const std::string& path, const Entry* from) {
    const auto complain = [&](const std::string& text) {
      const base::Position place = from == nullptr ? base::Position{path} : from->value_at;
      faults_.push_back({place, text, from == nullptr ? std::string{} : std::string{from->source}});
    };
    if (std::count(open_.begin(), open_.end(), path) != 0) return complain(fmt::format("{} includes itself", path));
    if (!read_.insert(path).second) return;
    if (read_.size() > most_files) return complain("more than 1000 files are included");
    auto text = files_.read(path);
    if (!text) return complain(fmt::format("cannot read {}: {}", path, text.error()));
    open_.push_back(path);
    texts_.push_back(std::move(*text));
    std::vector<Section> found = base::ini::read(path, texts_.back(), environment_, faults_);
    std::vector<Entry> includes;
    for (const Section& section : found)
      for (const Entry& entry : section.entries)
        if (section.kind == "global" && entry.key == "include") includes.push_back(entry);
    std::move(found.begin(), found.end(), std::back_inserter(sections_));
    for (const Entry& include : includes) {
      const std::string pattern = include.value.starts_with('/') ? include.value : folder_of(path) + include.value;
      const std::vector<std::string> paths = files_.glob(pattern);
      if (paths.empty() && pattern.find_first_of("*?[") == std::string::npos) follow(pattern, &include);
      for (const std::string& one : paths) follow(one, &include);
    }
    open_.pop_back();
  }

  const FileReader& files_;
  const base::ini::Environment& environment_;
  Diagnostics& faults_;
  std::deque<std::string> texts_ = {};  // what sections point into
  std::vector<Section> sections_ = {};
  std::vector<std::string> open_ = {};
  std::set<std::string> read_ = {};
};

/// Fills a draft from sections.
class Builder {
 public:
  Builder(const FileReader& files, Diagnostics& faults) : files_{files}, faults_{faults} {}

  config::Draft build(const std::vector<Section>& sections) {
    for (const Section& section : sections)
      if (section.kind == "global") take_plain(section);
    for (const Section& section : sections) {
      if (section.kind == "ipvs" || section.kind == "metrics") take_plain(section);
      if (section.kind == "check") take_check(section);
      if (section.kind == "pool") take_pool(section);
      if (section.kind == "virtual_server") take_service(section);
      const auto known = config::sections();
      if (std::find(known.begin(), known.end(), section.kind) == known.end())
        fault(section, fmt::format("no such section: `{}'{}", section.kind, base::suggestion(section.kind, known)));
    }
    return std::move(draft_);
  }

  void take_check(const Section& section) {
    Check check = defaults_;
    check.name = section.name;
    Sink sink{draft_, files_, no_entry_, &check};
    const auto type = check_type(section);
    if (!named(section)) return;
    if (!type) return draft_.config.checks.push_back(std::move(check));  // its name is known
    check.type = *type;
    if (*type == CheckType::https) check.security = Security::tls;
    check_type_ = config::name(*type);
    config::Given given;
    take_entries(section, sink, given);
    if (!given.contains("interval_down")) check.interval_down = check.interval;
    if (!given.contains("jitter")) check.jitter = check.interval;
    for (const auto& [key, text] : config::broken_rules(check, given)) fault(given, section, key, text);
    draft_.config.checks.push_back(std::move(check));
  }

 private:
  void fault(const Section& section, std::string text) {
    faults_.push_back({section.at, std::move(text), std::string{section.source}});
  }
  void fault(const Entry& entry, const base::Position& at, std::string text) {
    faults_.push_back({at, std::move(text), std::string{entry.source}});
  }

  /// At a key that is given, or at the section.
  void fault(const config::Given& given, const Section& section, std::string_view key, std::string text) {
    const auto found = given.find(key);
    if (found == given.end()) return fault(section, std::move(text));
    fault(*found->second, found->second->key_at, std::move(text));
  }

  bool named(const Section& section) {
    if (section.name.empty())
      return fault(section, fmt::format("[{}] wants a name: [{} NAME]", section.kind, section.kind)), false;
    if (!config::is_name(section.name))
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
      const auto type = config::read_check_type(entry.value);
      if (!type) {
        std::vector<std::string_view> known;
        for (const auto& row : config::check_types) known.push_back(row.word);
        fault(entry, entry.value_at,
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
      const auto [first, fresh] = given.emplace(entry.key, &entry);
      const base::Position& before = first->second->key_at;
      if (!fresh && !key->repeats) {
        fault(entry, entry.key_at,
              fmt::format("`{}' stands here twice; first at {}:{}", entry.key, before.file.text(), before.line));
        continue;
      }
      if (section.kind == "check" && !config::applies(*key, check_type_)) {
        fault(entry, entry.key_at, fmt::format("`{}' does not go with type = {}", entry.key, check_type_));
        continue;
      }
      Sink here{sink.draft, sink.files, entry, sink.check, sink.pool, sink.service};
      const config::Fault text = set(*key, here, entry.value);
      if (!text.empty()) fault(entry, entry.value_at, fmt::format("{}: {}", entry.key, text));
    }
  }

  config::Fault set(const Key& key, Sink& sink, const std::string& value) {
    if (key.codec.set != nullptr) return key.codec.set(sink, key, value);
    if (key.section != "global") return {};  // `type' is read already
    // [global] check_interval is the default of [check] interval, and so on.
    Key plain = *config::find_key("check", key.name.substr(key.name.find('_') + 1));
    Sink target{sink.draft, sink.files, sink.entry, &defaults_};
    return plain.codec.set(target, plain, value);
  }

  void unknown(const std::string& section, const Entry& entry) {
    std::vector<std::string_view> known;
    for (const Key& key : config::keys())
      if (key.section == section) known.push_back(key.name);
    fault(entry, entry.key_at,
          fmt::format("[{}] has no key `{}'{}", section, entry.key, base::suggestion(entry.key, known)));
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
  std::vector<std::string> glob(const std::string&) const override { return {}; }
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
    section.entries.push_back({.key = std::string{line.substr(0, key)},
                               .value = std::string{line.substr(value)},
                               .key_at = {"check", number, 1},
                               .value_at = {"check", number, static_cast<std::uint32_t>(value + 1)},
                               .source = line});
  }
  return section;
}

}  // namespace

tl::expected<Config, Diagnostics> load(const std::string& path, const FileReader& files,
                                       const base::ini::Environment& environment) {
  Diagnostics faults;
  Texts texts{files, environment, faults};
  const std::vector<Section>& sections = texts.read(path);
  // A file that was emptied by accident must not end every service.
  if (sections.empty() && faults.empty())
    faults.push_back(
        {base::Position{path}, "nothing stands in it; to have no services on purpose, write [global]", {}});
  config::Draft draft = Builder{files, faults}.build(sections);
  config::resolve(draft, faults);
  if (faults.empty()) return std::move(draft.config);
  const auto place = [](const base::Diagnostic& fault) {
    return std::tuple{fault.position.file, fault.position.line, fault.position.column};
  };
  std::stable_sort(faults.begin(), faults.end(), [&](const auto& a, const auto& b) { return place(a) < place(b); });
  return tl::unexpected{std::move(faults)};
}

void read_all(const std::string& path, const FileReader& files, const base::ini::Environment& environment) {
  const auto text = files.read(path);
  // A large file most often leads nowhere else.
  if (!text || (text->find("include") == std::string::npos && text->find("file:") == std::string::npos)) return;
  [[maybe_unused]] const auto config = load(path, files, environment);
}

tl::expected<Check, Diagnostics> parse_check(std::string_view name, std::string_view text) {
  Diagnostics faults;
  const std::vector<Section> sections{read_check(name, text)};
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
  text += fmt::format("interval_down = {}\njitter = {}\n", config::print_time(check.interval_down),
                      config::print_time(check.jitter));
  return text;
}

std::string print_defaults() {
  std::string text;
  std::string_view section;
  for (const Key& key : config::keys()) {
    if (key.section != section) {
      section = key.section;
      const bool named = section == "check" || section == "pool" || section == "virtual_server";
      text += fmt::format("{}[{}{}]\n", text.empty() ? "" : "\n", section, named ? " NAME" : "");
    }
    text += fmt::format(";{} = {}\n;    {}: {}{}\n", key.name, key.fallback, key.kind, key.help,
                        key.applies.empty() ? "" : fmt::format(" (type {})", key.applies));
  }
  return text;
}

}  // namespace keepalive
