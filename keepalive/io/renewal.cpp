#include "io/renewal.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>

#include "base/text.hpp"
#include "io/log.hpp"
#include "io/state_file.hpp"

namespace keepalive::io {
namespace {

constexpr const char* variable = "KEEPALIVE_ESTATE";  // the number of a descriptor

void hold_signals(int how) {
  sigset_t set{};
  sigemptyset(&set);
  for (const int number : {SIGHUP, SIGINT, SIGTERM}) sigaddset(&set, number);
  sigprocmask(how, &set, nullptr);
}

std::string fault(const char* what) { return fmt::format("{}: {}", what, std::strerror(errno)); }

}  // namespace

std::string renew(const std::vector<std::string>& argv, std::string_view estate, int pending) {
  const int fd = ::memfd_create("estate", 0);
  if (fd < 0 || !write_all(fd, estate) || ::lseek(fd, 0, SEEK_SET) != 0) return fault("memory for the successor");
  ::setenv(variable, std::to_string(fd).c_str(), 1);
  hold_signals(SIG_BLOCK);
  if (pending != 0) ::raise(pending);
  std::vector<char*> words;
  for (const std::string& word : argv) words.push_back(const_cast<char*>(word.c_str()));
  words.push_back(nullptr);
  drain_log();
  ::execv(words.front(), words.data());
  return fault(words.front());
}

std::string take_inheritance() {
  std::string estate;
  if (const char* const text = std::getenv(variable)) {
    const int fd = base::read_number<int>(text).value_or(-1);
    estate = read_all(fd);
    ::close(fd);
    ::unsetenv(variable);
  }
  hold_signals(SIG_UNBLOCK);
  return estate;
}

}  // namespace keepalive::io
