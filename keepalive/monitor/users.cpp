#include "monitor/users.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>

#include "base/text.hpp"
#include "monitor/secret.hpp"

namespace keepalive::monitor {
namespace {

constexpr std::array<std::string_view, 3> roles{"viewer", "operator", "administrator"};
constexpr std::size_t longest_name = 64;
constexpr std::string_view token_word = "token";
constexpr std::string_view token_prefix = "sha256$";

struct Line {
  std::string_view text = {};
  std::string_view end = {};
  std::uint32_t number = 0;
};

std::vector<Line> lines(std::string_view text) {
  std::vector<Line> list;
  for (std::uint32_t number = 1; !text.empty(); ++number) {
    const std::string_view whole = text.substr(0, std::min(text.find('\n'), text.size() - 1) + 1);
    const std::string_view end = whole.ends_with("\r\n") ? "\r\n" : whole.ends_with('\n') ? "\n" : "";
    list.push_back({whole.substr(0, whole.size() - end.size()), end, number});
    text.remove_prefix(whole.size());
  }
  return list;
}

bool says_nothing(std::string_view line) {
  const std::size_t first = line.find_first_not_of(" \t");
  return first == std::string_view::npos || line[first] == '#';
}

std::vector<std::string_view> fields(std::string_view line) {
  std::vector<std::string_view> list;
  for (;;) {
    const std::size_t end = line.find(':');
    list.push_back(line.substr(0, end));
    if (end == std::string_view::npos) return list;
    line.remove_prefix(end + 1);
  }
}

bool is_hash(std::string_view hash, Kind kind) {
  if (hash.size() > 300) return false;
  if (kind == Kind::user) return hash.size() > 8 && hash.starts_with('$');
  return hash.starts_with(token_prefix) && hash.size() == token_prefix.size() + 64;
}

struct Entry {
  Kind kind = Kind::user;
  User user = {};
};

tl::expected<Entry, std::string> read_line(std::string_view line) {
  std::vector<std::string_view> words = fields(line);
  const auto fault = [](std::string text) { return tl::unexpected{std::move(text)}; };
  const Kind kind = words.front() == token_word ? Kind::token : Kind::user;
  if (kind == Kind::token) words.erase(words.begin());
  const std::size_t most = 4;
  const std::size_t least = kind == Kind::token ? 4 : 3;
  if (words.size() < least || words.size() > most)
    return fault(kind == Kind::token ? "a token's line is token:NAME:ROLE:HASH:LAST-DAY"
                                     : "a user's line is NAME:ROLE:HASH or NAME:ROLE:HASH:LAST-DAY");
  if (std::string wrong = name_fault(words[0]); !wrong.empty()) return fault(std::move(wrong));
  const auto role = read_role(words[1]);
  if (!role)
    return fault(fmt::format("there is no role `{}'; there are {}{}", words[1], fmt::join(roles, ", "),
                             base::suggestion(words[1], roles)));
  if (!is_hash(words[2], kind))
    return fault(kind == Kind::token ? "a token's hash is sha256$ and 64 digits: let `keepalivectl token add' write it"
                                     : "this is no hash of crypt(5): let `keepalivectl user passwd' write it");
  Entry entry{kind, {.name = std::string{words[0]}, .role = *role, .hash = std::string{words[2]}}};
  if (words.size() < most) return entry;
  entry.user.expires = read_last_day(words[3]);
  if (!entry.user.expires) return fault(fmt::format("`{}' is no day such as 2027-12-31", words[3]));
  return entry;
}

/// As much of a line as may be told: no hash.
std::string shown(std::string_view line) {
  const std::size_t end = line.find(':', line.starts_with("token:") ? token_word.size() + 1 : 0);
  const std::string_view begin = line.substr(0, end);
  if (begin.find('$') != std::string_view::npos) return "…";
  return std::string{begin} + (end == std::string_view::npos ? "" : ":…");
}

std::string written(const NewUser& user) {
  return fmt::format("{}{}:{}:{}{}{}\n", user.kind == Kind::token ? "token:" : "", user.name, word(user.role),
                     user.hash, user.last_day.empty() ? "" : ":", user.last_day);
}

std::string kind_name(Kind kind, std::string_view name) {
  return fmt::format("{} {}", kind == Kind::token ? "token" : "user", name);
}

/// The text with the line of this user as `change` makes it; nothing: gone.
template <class Change>
Edited edit(std::string_view text, Kind kind, std::string_view name, Change change) {
  std::string out;
  bool found = false;
  for (const Line& line : lines(text)) {
    const auto entry = says_nothing(line.text) ? tl::unexpected<std::string>{""} : read_line(line.text);
    const bool meant = entry && entry->kind == kind && entry->user.name == name;
    found = found || meant;
    const std::optional<std::string> text_now = meant ? change(line.text) : std::string{line.text};
    if (text_now) out.append(*text_now).append(line.end);
  }
  if (!found) return tl::unexpected{fmt::format("there is no {}", kind_name(kind, name))};
  return out;
}

}  // namespace

std::string_view word(Role role) { return roles.at(static_cast<std::size_t>(role)); }

std::optional<Role> read_role(std::string_view text) {
  const auto found = std::find(roles.begin(), roles.end(), text);
  if (found == roles.end()) return std::nullopt;
  return static_cast<Role>(found - roles.begin());
}

bool is_name(std::string_view name) {
  const auto fits = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '_' ||
           c == '-' || c == '@';
  };
  return !name.empty() && name.size() <= longest_name && std::ranges::all_of(name, fits);
}

std::string name_fault(std::string_view text) {
  return is_name(text) ? "" : fmt::format("`{}' is no name: up to {} of a-z A-Z 0-9 . _ - @", text, longest_name);
}

bool is_over(const User& user, Epoch now) { return user.expires && *user.expires <= now; }

Users read_users(std::string_view text, const base::FileName& file, std::vector<base::Diagnostic>& faults) {
  Users users;
  std::set<std::pair<Kind, std::string>> seen;
  for (const Line& line : lines(text)) {
    if (says_nothing(line.text)) continue;
    auto entry = read_line(line.text);
    if (entry && !seen.emplace(entry->kind, entry->user.name).second)
      entry = tl::unexpected{fmt::format("{} is there already", kind_name(entry->kind, entry->user.name))};
    if (!entry) {
      const base::Position position{file, line.number, 1};
      faults.push_back({.position = position, .text = entry.error(), .source = shown(line.text)});
      continue;
    }
    (entry->kind == Kind::token ? users.tokens : users.users).push_back(std::move(entry->user));
  }
  return users;
}

const User* find(const std::vector<User>& list, std::string_view name, Epoch now) {
  const auto found = std::find_if(list.begin(), list.end(), [&](const User& user) { return user.name == name; });
  return found == list.end() || is_over(*found, now) ? nullptr : &*found;
}

const User* find_token(const Users& users, std::string_view token, Epoch now) {
  const std::string hash = token_hash(token);
  const User* found = nullptr;
  for (const User& one : users.tokens)
    if (same(one.hash, hash) && !is_over(one, now)) found = &one;
  return found;
}

std::string token_hash(std::string_view token) { return std::string{token_prefix} + hex(digest(token)); }

std::string new_token() { return "kal_" + random_hex(32); }

std::optional<Epoch> read_last_day(std::string_view text) {
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return std::nullopt;
  const auto number = [&](std::size_t from, std::size_t size) {
    const auto value = base::read_number<unsigned>(text.substr(from, size));
    return value ? static_cast<int>(*value) : -1;
  };
  const std::chrono::year_month_day day{std::chrono::year{number(0, 4)},
                                        std::chrono::month{static_cast<unsigned>(number(5, 2))},
                                        std::chrono::day{static_cast<unsigned>(number(8, 2))}};
  if (!day.ok() || number(0, 4) < 1970) return std::nullopt;
  return std::chrono::sys_days{day}.time_since_epoch() + std::chrono::days{1};
}

std::string day_of(Epoch second) {
  const std::chrono::year_month_day day{std::chrono::sys_days{std::chrono::floor<std::chrono::days>(second)}};
  return fmt::format("{:04}-{:02}-{:02}", static_cast<int>(day.year()), static_cast<unsigned>(day.month()),
                     static_cast<unsigned>(day.day()));
}

Edited add_user(std::string_view text, const NewUser& user) {
  const std::string line = written(user);
  const auto entry = read_line(std::string_view{line}.substr(0, line.size() - 1));
  if (!entry) return tl::unexpected{entry.error()};
  if (user.name == token_word) return tl::unexpected{std::string{"nobody can be called `token'"}};
  std::vector<base::Diagnostic> faults;
  const Users there = read_users(text, {}, faults);
  const auto& list = user.kind == Kind::token ? there.tokens : there.users;
  if (find(list, user.name, Epoch::min()) != nullptr)
    return tl::unexpected{fmt::format("{} is there already", kind_name(user.kind, user.name))};
  return fmt::format("{}{}{}", text, text.empty() || text.ends_with('\n') ? "" : "\n", line);
}

Edited change_hash(std::string_view text, std::string_view name, std::string_view hash) {
  if (!is_hash(hash, Kind::user)) return tl::unexpected{std::string{"this is no hash of crypt(5)"}};
  return edit(text, Kind::user, name, [&](std::string_view line) -> std::optional<std::string> {
    std::vector<std::string_view> words = fields(line);
    words[2] = hash;
    return fmt::format("{}", fmt::join(words, ":"));
  });
}

Edited remove_user(std::string_view text, Kind kind, std::string_view name) {
  return edit(text, kind, name, [](std::string_view) -> std::optional<std::string> { return std::nullopt; });
}

}  // namespace keepalive::monitor
