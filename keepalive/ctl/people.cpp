#include "people.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <termios.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <iostream>
#include <iterator>

#include "base/diagnostics.hpp"
#include "monitor/password.hpp"

namespace keepalive::ctl {
namespace {

using monitor::Kind;
using What = PeopleOrder::What;
using Words = std::vector<std::string>;

constexpr std::size_t shortest_password = 8;

struct Row {
  Kind kind;
  What what;
  std::string_view name;
  std::string_view synopsis;
  std::string_view help;
};
constexpr std::array rows{
    Row{Kind::user, What::add, "add", "user add NAME --role ROLE [--until DAY]", "a new user; asks for the password"},
    Row{Kind::user, What::passwd, "passwd", "user passwd NAME", "another password; sessions of the old one end"},
    Row{Kind::user, What::remove, "remove", "user remove NAME", "counts no more; his sessions end"},
    Row{Kind::user, What::list, "list", "user list", "users and tokens"},
    Row{Kind::token, What::add, "add", "token add NAME --role ROLE --until DAY",
        "a new token for programs, shown once"},
    Row{Kind::token, What::remove, "remove", "token remove NAME", "counts no more"},
};

tl::unexpected<std::string> fault(std::string text) { return tl::unexpected{std::move(text)}; }

/// Takes an option over; a fault, or nothing.
std::string take(PeopleOrder& order, const std::string& option, const std::string& value) {
  if (option == "--file") return order.file = value, "";
  if (option == "--until") {
    order.last_day = value;
    return monitor::read_last_day(value) ? "" : fmt::format("--until wants a day such as 2027-12-31, not `{}'", value);
  }
  if (option != "--role") return fmt::format("no such option: `{}'", option);
  const auto role = monitor::read_role(value);
  if (role) order.role = *role;
  return role ? "" : fmt::format("--role wants viewer, operator or administrator, not `{}'", value);
}

/// "add, passwd, remove or list"
std::string verbs(Kind kind) {
  std::vector<std::string_view> names;
  for (const Row& row : rows)
    if (row.kind == kind) names.push_back(row.name);
  const std::string_view last = names.back();
  names.pop_back();
  return fmt::format("{} or {}", fmt::join(names, ", "), last);
}

/// What an order lacks or has too much; empty: nothing.
std::string objection(const PeopleOrder& order, const Row& row, bool has_role, monitor::Epoch now) {
  if (order.what == What::list && !has_role && order.last_day.empty()) return {};
  if (order.what != What::list && order.name.empty()) return fmt::format("NAME is missing: {}", row.synopsis);
  if (order.what != What::add)
    return has_role || !order.last_day.empty() ? fmt::format("--role and --until go with add: {}", row.synopsis) : "";
  if (std::string text = monitor::name_fault(order.name); !text.empty()) return text;
  if (!has_role) return fmt::format("--role is missing: {}", row.synopsis);
  if (order.kind == Kind::token && order.last_day.empty()) return fmt::format("--until is missing: {}", row.synopsis);
  const auto end = monitor::read_last_day(order.last_day);
  if (end && *end <= now) return fmt::format("--until {} is over: today is {}", order.last_day, monitor::day_of(now));
  return {};
}

bool replace(const std::string& path, const std::string& text) {
  const std::string beside = path + ".new";
  struct stat facts {};
  const bool there = ::stat(path.c_str(), &facts) == 0;
  const int fd = ::open(beside.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (fd < 0) return false;
  bool good = ::write(fd, text.data(), text.size()) == static_cast<ssize_t>(text.size()) && ::fsync(fd) == 0;
  if (good && there) good = ::fchmod(fd, facts.st_mode & 0777U) == 0;
  if (good && there && ::geteuid() == 0) good = ::fchown(fd, facts.st_uid, facts.st_gid) == 0;
  ::close(fd);
  return good && ::rename(beside.c_str(), path.c_str()) == 0;
}

/// Of a user who has one: " until 2027-12-31".
std::string until(const monitor::User& user, monitor::Epoch now) {
  if (!user.expires) return {};
  return fmt::format(" until {}{}", monitor::day_of(*user.expires - std::chrono::seconds{1}),
                     monitor::is_over(user, now) ? ", expired" : "");
}

void list(const monitor::Users& users, monitor::Epoch now, std::ostream& out) {
  for (const auto& [kind, people] : {std::pair{"user", &users.users}, {"token", &users.tokens}})
    for (const monitor::User& one : *people)
      out << fmt::format("{:<6} {:<14} {}{}\n", kind, word(one.role), one.name, until(one, now));
}

}  // namespace

bool is_about_people(const Words& words) {
  return !words.empty() && (words.front() == "user" || words.front() == "token");
}

tl::expected<PeopleOrder, std::string> parse_people(const Words& words, monitor::Epoch now) {
  PeopleOrder order{.kind = words.front() == "token" ? Kind::token : Kind::user};
  if (words.size() < 2 || words[1] == "--help" || words[1] == "-h") return order;
  const auto row = std::find_if(rows.begin(), rows.end(),
                                [&](const Row& one) { return one.kind == order.kind && one.name == words[1]; });
  if (row == rows.end()) return fault(fmt::format("{} wants {}, not `{}'", words.front(), verbs(order.kind), words[1]));
  order.what = row->what;
  bool has_role = false;
  for (std::size_t i = 2; i < words.size(); ++i) {
    if (!words[i].starts_with("--")) {
      if (!order.name.empty() || order.what == What::list) return fault(fmt::format("`{}' is too much", words[i]));
      order.name = words[i];
      continue;
    }
    if (i + 1 == words.size()) return fault(fmt::format("{} wants a value", words[i]));
    has_role = has_role || words[i] == "--role";
    if (std::string text = take(order, words[i], words[i + 1]); !text.empty()) return fault(std::move(text));
    ++i;
  }
  if (std::string text = objection(order, *row, has_role, now); !text.empty()) return fault(std::move(text));
  return order;
}

std::string people_help() {
  std::string text = "Usage:\n";
  for (const Row& row : rows) text += fmt::format("  keepalivectl {:<42}{}\n", row.synopsis, row.help);
  return text +
         "\nROLE is viewer, operator or administrator. The file is /etc/keepalive/users; --file FILE takes another.\n"
         "What is changed counts from the next `keepalivectl reload' on.\n";
}

Exit change_people(const PeopleOrder& order, monitor::Epoch now, const AskPassword& password, std::ostream& out,
                   std::ostream& err) {
  const auto refuse = [&](const std::string& why) { return err << "keepalivectl: " << why << "\n", Exit::refused; };
  std::ifstream file{order.file};
  if (!file && (errno != ENOENT || order.what != What::add))
    return refuse(fmt::format("{}: {}", order.file, std::strerror(errno)));
  const std::string text{std::istreambuf_iterator<char>{file}, {}};
  if (order.what == What::list) {
    std::vector<base::Diagnostic> faults;
    list(monitor::read_users(text, order.file, faults), now, out);
    err << base::render(faults);
    return faults.empty() ? Exit::done : Exit::refused;
  }
  monitor::NewUser user{.kind = order.kind, .name = order.name, .role = order.role, .last_day = order.last_day};
  std::string shown;
  if (order.kind == Kind::token) {
    shown = monitor::new_token();
    user.hash = monitor::token_hash(shown);
  } else if (order.what != What::remove) {
    const auto given = password();
    if (!given) return Exit::refused;
    if (given->size() < shortest_password)
      return refuse(fmt::format("a password has at least {} bytes", shortest_password));
    user.hash = monitor::hash_password(*given);
  }
  const monitor::Edited edited = order.what == What::add      ? monitor::add_user(text, user)
                                 : order.what == What::passwd ? monitor::change_hash(text, order.name, user.hash)
                                                              : monitor::remove_user(text, order.kind, order.name);
  if (!edited) return refuse(edited.error());
  if (!replace(order.file, *edited)) return refuse(fmt::format("{}: {}", order.file, std::strerror(errno)));
  if (order.kind == Kind::token && order.what == What::add) out << shown << "\n";
  return Exit::done;
}

std::optional<std::string> ask_password() {
  const bool terminal = ::isatty(STDIN_FILENO) == 1;
  termios before{};
  if (terminal && ::tcgetattr(STDIN_FILENO, &before) == 0) {
    termios quiet = before;
    quiet.c_lflag &= ~static_cast<tcflag_t>(ECHO);
    ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &quiet);
  }
  const auto line = [&](std::string_view prompt) {
    std::string given;
    if (terminal) std::cerr << prompt << std::flush;
    std::getline(std::cin, given);
    if (terminal) std::cerr << "\n";
    return given;
  };
  std::optional<std::string> password = line("Password: ");
  if (terminal && line("Once more: ") != *password) {
    std::cerr << "keepalivectl: these are two passwords\n";
    password = std::nullopt;
  }
  if (terminal) ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &before);
  return password;
}

}  // namespace keepalive::ctl
