#include "io/renewal.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/mman.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <charconv>
#include <csignal>
#include <cstdlib>
#include <cstring>

namespace keepalive::io {
namespace {

constexpr const char* variable = "KEEPALIVE_ESTATE";  // the number of a descriptor

void hold_signals(int how) {
  sigset_t set{};
  sigemptyset(&set);
  for (const int number : {SIGHUP, SIGINT, SIGTERM}) sigaddset(&set, number);
  sigprocmask(how, &set, nullptr);
}

bool write_all(int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t done = ::write(fd, bytes.data(), bytes.size());
    if (done < 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(done));
  }
  return ::lseek(fd, 0, SEEK_SET) == 0;
}

std::string read_all(int fd) {
  std::string bytes;
  std::array<char, 4096> part{};
  for (ssize_t got = 0; (got = ::read(fd, part.data(), part.size())) > 0;)
    bytes.append(part.data(), static_cast<std::size_t>(got));
  return bytes;
}

std::string fault(const char* what) { return fmt::format("{}: {}", what, std::strerror(errno)); }

}  // namespace

std::string renew(const std::vector<std::string>& argv, std::string_view estate, int pending) {
  const int fd = ::memfd_create("estate", 0);
  if (fd < 0 || !write_all(fd, estate)) return fault("memory for the successor");
  ::setenv(variable, std::to_string(fd).c_str(), 1);
  hold_signals(SIG_BLOCK);
  if (pending != 0) ::raise(pending);
  std::vector<char*> words;
  for (const std::string& word : argv) words.push_back(const_cast<char*>(word.c_str()));
  words.push_back(nullptr);
  ::execv(words.front(), words.data());
  return fault(words.front());
}

std::string take_inheritance() {
  std::string estate;
  if (const char* const text = std::getenv(variable)) {
    int fd = -1;
    std::from_chars(text, text + std::strlen(text), fd);
    estate = read_all(fd);
    ::close(fd);
    ::unsetenv(variable);
  }
  hold_signals(SIG_UNBLOCK);
  return estate;
}

}  // namespace keepalive::io
