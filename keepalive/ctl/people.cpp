#include "people.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <termios.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <iostream>

#include "base/diagnostics.hpp"
#include "base/fd.hpp"
#include "io/rewrite.hpp"
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

/// All of a file, or errno.
tl::expected<std::string, int> read(const std::string& path) {
  const base::Fd file{::open(path.c_str(), O_RDONLY | O_CLOEXEC)};
  std::string text;
  std::array<char, 4096> buffer{};
  for (;;) {
    const ssize_t got = file ? ::read(file.get(), buffer.data(), buffer.size()) : -1;
    if (got < 0) return tl::unexpected{errno};
    if (got == 0) return text;
    text.append(buffer.data(), static_cast<std::size_t>(got));
  }
}

/// Empty: done; else what could not be done. A new file is for its owner alone.
std::string replace(const std::string& path, const std::string& text) {
  const bool fresh = base::Fd{::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600)}.get() >= 0;
  std::string why = io::rewrite({{path, text}});
  if (!why.empty() && fresh) ::unlink(path.c_str());
  return why;
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

constexpr std::array deadly{SIGINT, SIGTERM, SIGQUIT, SIGHUP};
volatile std::sig_atomic_t caught = 0;

/// The terminal shows nothing that is typed. Signals that end us wait for it to do so again: read() is interrupted.
class Silence {
 public:
  Silence() {
    caught = 0;
    struct sigaction note {};
    note.sa_handler = [](int number) { caught = number; };
    for (std::size_t i = 0; i < deadly.size(); ++i) ::sigaction(deadly.at(i), &note, &actions_.at(i));
    changed_ = ::tcgetattr(STDIN_FILENO, &before_) == 0;
    termios quiet = before_;
    quiet.c_lflag &= ~static_cast<tcflag_t>(ECHO);
    if (changed_) ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &quiet);
  }
  Silence(const Silence&) = delete;
  Silence& operator=(const Silence&) = delete;
  ~Silence() {
    if (changed_) ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &before_);
    for (std::size_t i = 0; i < deadly.size(); ++i) ::sigaction(deadly.at(i), &actions_.at(i), nullptr);
  }

 private:
  std::array<struct sigaction, deadly.size()> actions_ = {};
  termios before_ = {};
  bool changed_ = false;
};

/// A line of standard input; nothing: a signal came.
std::optional<std::string> read_line() {
  std::string line;
  for (char c = 0; caught == 0;) {
    const ssize_t got = ::read(STDIN_FILENO, &c, 1);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0 || c == '\n') return line;
    line += c;
  }
  return std::nullopt;
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
  const auto read_text = read(order.file);
  if (!read_text && (read_text.error() != ENOENT || order.what != What::add))
    return refuse(fmt::format("{}: {}", order.file, std::strerror(read_text.error())));
  const std::string text = read_text.value_or("");
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
  if (const std::string why = replace(order.file, *edited); !why.empty()) return refuse(why);
  if (order.kind == Kind::token && order.what == What::add) out << shown << "\n";
  return Exit::done;
}

std::optional<std::string> ask_password() {
  const bool terminal = ::isatty(STDIN_FILENO) == 1;
  std::optional<std::string> password;
  {
    const Silence silence;
    const auto line = [&](std::string_view prompt) {
      if (terminal) std::cerr << prompt << std::flush;
      std::optional<std::string> given = read_line();
      if (terminal) std::cerr << "\n";
      return given;
    };
    password = line("Password: ");
    if (password && terminal) {
      const auto again = line("Once more: ");
      if (again && again != password) std::cerr << "keepalivectl: these are two passwords\n";
      if (again != password) password = std::nullopt;
    }
  }
  if (caught != 0) ::raise(caught);
  return password;
}

}  // namespace keepalive::ctl
