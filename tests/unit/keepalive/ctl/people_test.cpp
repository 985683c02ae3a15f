// The monitor's users, edited in a file.
#include "people.hpp"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <sstream>

#include "base/fd.hpp"
#include "monitor/password.hpp"

using namespace keepalive;
using namespace keepalive::ctl;

namespace {

constexpr monitor::Epoch today = std::chrono::hours{24 * 20788} + std::chrono::hours{9};  // 2026-12-01

std::string complaint(const std::vector<std::string>& words) {
  const auto order = parse_people(words, today);
  return order ? "" : order.error();
}

struct File {
  File() { REQUIRE(::mkdtemp(folder.data()) != nullptr); }
  ~File() {
    ::unlink(path().c_str());
    ::unlink((folder + "/real").c_str());
    ::rmdir(folder.c_str());
  }
  std::string path() const { return folder + "/users"; }
  std::string text() const {
    std::ifstream in{path()};
    return {std::istreambuf_iterator<char>{in}, {}};
  }
  /// What it says on stdout, or on stderr.
  std::string run(std::vector<std::string> words, const std::string& password = "swordfish",
                  monitor::Epoch now = today) const {
    words.insert(words.end(), {"--file", path()});
    std::ostringstream out;
    std::ostringstream err;
    const auto order = parse_people(words, today);
    REQUIRE(order);
    const Exit exit = change_people(
        *order, now, [&] { return password; }, out, err);
    CHECK((exit == Exit::done) == err.str().empty());
    return out.str() + err.str();
  }
  std::string folder = "/tmp/people.XXXXXX";
};

}  // namespace

TEST_CASE("words become an order, or a complaint that helps") {
  CHECK(is_about_people({"user", "add"}));
  CHECK(is_about_people({"token"}));
  CHECK_FALSE(is_about_people({"status"}));
  CHECK(parse_people({"user"}, today).value().what == PeopleOrder::What::help);
  CHECK(
      parse_people({"user", "add", "anna", "--role", "operator", "--until", "2027-12-31"}, today).value() ==
      PeopleOrder{
          .what = PeopleOrder::What::add, .name = "anna", .role = monitor::Role::operator_, .last_day = "2027-12-31"});
  for (const std::string word : {"frob", "--file"})
    CHECK(complaint({"user", word, "x"}) == "user wants add, passwd, remove or list, not `" + word + "'");
  CHECK(complaint({"token", "list"}) == "token wants add or remove, not `list'");
  CHECK(complaint({"user", "add", "a:b"}) == "`a:b' is no name: up to 64 of a-z A-Z 0-9 . _ - @");
  CHECK(complaint({"token", "add", "x", "--role", "viewer"}) ==
        "--until is missing: token add NAME --role ROLE --until DAY");
  for (const std::string kind : {"user", "token"})
    CHECK(complaint({kind, "add", "x", "--role", "viewer", "--until", "2026-11-30"}) ==
          "--until 2026-11-30 is over: today is 2026-12-01");
  CHECK(complaint({"user", "add", "x", "--role", "viewer", "--until", "2026-12-01"}).empty());
  CHECK(complaint({"user", "add"}) == "NAME is missing: user add NAME --role ROLE [--until DAY]");
  CHECK(complaint({"user", "add", "anna"}) == "--role is missing: user add NAME --role ROLE [--until DAY]");
  CHECK(complaint({"user", "add", "anna", "--role"}) == "--role wants a value");
  CHECK(complaint({"user", "add", "anna", "--role", "root"}) ==
        "--role wants viewer, operator or administrator, not `root'");
  CHECK(complaint({"user", "add", "anna", "--until", "x"}) == "--until wants a day such as 2027-12-31, not `x'");
  CHECK(complaint({"user", "remove", "anna", "bob"}) == "`bob' is too much");
  CHECK(complaint({"user", "remove", "anna", "--role", "viewer"}) ==
        "--role and --until go with add: user remove NAME");
  CHECK(complaint({"user", "remove", "anna", "--x", "y"}) == "no such option: `--x'");
}

TEST_CASE("users and tokens come and go, and the file is for its owner alone") {
  const File file;
  CHECK(file.run({"user", "remove", "anna"}).find("No such file") != std::string::npos);
  CHECK(file.run({"user", "add", "anna", "--role", "viewer"}, "short") ==
        "keepalivectl: a password has at least 8 bytes\n");
  CHECK(file.run({"user", "add", "anna", "--role", "viewer"}) == "");
  struct stat facts {};
  REQUIRE(::stat(file.path().c_str(), &facts) == 0);
  CHECK((facts.st_mode & 0777U) == 0600);
  const std::string token = file.run({"token", "add", "nagios", "--role", "operator", "--until", "2099-12-31"});
  REQUIRE(token.size() == 69);
  std::vector<base::Diagnostic> faults;
  monitor::Users users = monitor::read_users(file.text(), "", faults);
  REQUIRE(users.users.size() == 1);
  CHECK(monitor::fits("swordfish", users.users[0].hash));
  CHECK(monitor::find_token(users, token.substr(0, 68), monitor::Epoch{0})->name == "nagios");
  CHECK(file.text().find(token.substr(0, 68)) == std::string::npos);
  CHECK(file.run({"user", "passwd", "anna"}, "other password") == "");
  users = monitor::read_users(file.text(), "", faults);
  CHECK(monitor::fits("other password", users.users[0].hash));
  CHECK(file.run({"user", "list"}) == "user   viewer         anna\ntoken  operator       nagios until 2099-12-31\n");
  CHECK(file.run({"user", "add", "anna", "--role", "viewer"}) == "keepalivectl: user anna is there already\n");
  CHECK(file.run({"user", "list"}, "", *monitor::read_last_day("2099-12-31")) ==
        "user   viewer         anna\ntoken  operator       nagios until 2099-12-31, expired\n");
  CHECK(file.run({"token", "remove", "nagios"}) == "");
  CHECK(file.run({"user", "remove", "anna"}) == "");
  CHECK(file.text() == "");
}

TEST_CASE("a symbolic link to the file stays one, and the file keeps its mode") {
  const File file;
  const std::string real = file.folder + "/real";
  std::ofstream{real} << "# who\n";
  REQUIRE(::chmod(real.c_str(), 0640) == 0);
  REQUIRE(::symlink("real", file.path().c_str()) == 0);
  CHECK(file.run({"user", "add", "anna", "--role", "viewer"}) == "");
  struct stat facts {};
  REQUIRE(::lstat(file.path().c_str(), &facts) == 0);
  CHECK(S_ISLNK(facts.st_mode));
  REQUIRE(::stat(real.c_str(), &facts) == 0);
  CHECK((facts.st_mode & 0777U) == 0640);
  CHECK(file.text().starts_with("# who\nanna:viewer:$"));
}

TEST_CASE("what cannot be read whole is not written back") {
  const File file;
  REQUIRE(::mkdir(file.path().c_str(), 0700) == 0);
  const std::vector<std::vector<std::string>> all{
      {"user", "add", "anna", "--role", "viewer"}, {"user", "remove", "anna"}, {"user", "list"}};
  for (const auto& words : all) CHECK(file.run(words) == "keepalivectl: " + file.path() + ": Is a directory\n");
  ::rmdir(file.path().c_str());
}

TEST_CASE("who is interrupted while he is asked for a password has a terminal that echoes") {
  const base::Fd terminal{::posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC)};
  REQUIRE(terminal);
  REQUIRE((::grantpt(terminal.get()) == 0 && ::unlockpt(terminal.get()) == 0));
  const std::string name = ::ptsname(terminal.get());
  const base::Fd kept{::open(name.c_str(), O_RDWR | O_NOCTTY | O_CLOEXEC)};  // else its settings go with the child
  const pid_t child = ::fork();
  if (child == 0) {
    ::setsid();
    const int own = ::open(name.c_str(), O_RDWR);
    for (const int fd : {STDIN_FILENO, STDERR_FILENO}) ::dup2(own, fd);
    std::signal(SIGINT, SIG_DFL);
    ask_password();
    ::_exit(0);
  }
  std::string heard;
  std::array<char, 256> buffer{};
  while (heard.find("Password: ") == std::string::npos) {
    const ssize_t got = ::read(terminal.get(), buffer.data(), buffer.size());
    REQUIRE(got > 0);
    heard.append(buffer.data(), static_cast<std::size_t>(got));
  }
  termios modes{};
  REQUIRE(::tcgetattr(kept.get(), &modes) == 0);
  CHECK((modes.c_lflag & ECHO) == 0);
  REQUIRE(::write(terminal.get(), "\x03", 1) == 1);
  int status = 0;
  REQUIRE(::waitpid(child, &status, 0) == child);
  CHECK((WIFSIGNALED(status) && WTERMSIG(status) == SIGINT));
  REQUIRE(::tcgetattr(kept.get(), &modes) == 0);
  CHECK((modes.c_lflag & ECHO) != 0);
}
