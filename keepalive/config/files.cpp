#include "config/files.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <glob.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>

namespace keepalive {
namespace {

constexpr std::size_t longest_file = 64U << 20U;

tl::expected<std::string, std::string> whole(int fd) {
  std::string text;
  std::array<char, 65536> buffer{};
  for (;;) {
    const ssize_t got = ::read(fd, buffer.data(), buffer.size());
    if (got < 0) return tl::unexpected{std::string{std::strerror(errno)}};
    if (got == 0) return text;
    text.append(buffer.data(), static_cast<std::size_t>(got));
    if (text.size() > longest_file) return tl::unexpected<std::string>{"longer than 64 MiB"};
  }
}

tl::expected<std::string, std::string> read_file(const std::string& path, bool secret) {
  const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
  if (fd < 0) return tl::unexpected{std::string{std::strerror(errno)}};
  struct stat info = {};
  auto text = fstat(fd, &info) != 0 ? tl::unexpected{std::string{std::strerror(errno)}}
              : !S_ISREG(info.st_mode)
                  ? tl::expected<std::string, std::string>{tl::unexpected<std::string>{"no regular file"}}
              : secret && (info.st_mode & 077U) != 0
                  ? tl::unexpected{fmt::format("others may read it (mode {:o}): chmod 600", info.st_mode & 0777U)}
                  : whole(fd);
  ::close(fd);
  return text;
}

}  // namespace

Files::Text Files::remember(const std::string& path, Text text) const {
  if (text)
    memory_.texts[path] = *text;
  else
    memory_.faults[path] = text.error();
  return text;
}

tl::expected<std::string, std::string> Files::read(const std::string& path) const {
  return remember(path, read_file(path, false));
}

tl::expected<std::string, std::string> Files::read_secret(const std::string& path) const {
  return remember(path, read_file(path, true));
}

std::vector<std::string> Files::glob(const std::string& pattern) const {
  glob_t found = {};
  std::vector<std::string> paths;
  if (::glob(pattern.c_str(), 0, nullptr, &found) == 0) paths.assign(found.gl_pathv, found.gl_pathv + found.gl_pathc);
  globfree(&found);
  return memory_.globs[pattern] = paths;
}

tl::expected<std::string, std::string> Remembered::read(const std::string& path) const {
  if (const auto fault = memory_.faults.find(path); fault != memory_.faults.end()) return tl::unexpected{fault->second};
  const auto found = memory_.texts.find(path);
  if (found == memory_.texts.end()) return tl::unexpected<std::string>{"No such file or directory"};
  return found->second;
}

std::vector<std::string> Remembered::glob(const std::string& pattern) const {
  const auto found = memory_.globs.find(pattern);
  return found == memory_.globs.end() ? std::vector<std::string>{} : found->second;
}

base::ini::Environment environment() {
  base::ini::Environment all;
  for (char** one = environ; *one != nullptr; ++one) {
    const std::string_view text = *one;
    const std::size_t equals = text.find('=');
    if (equals != std::string_view::npos) all.emplace(text.substr(0, equals), text.substr(equals + 1));
  }
  return all;
}

}  // namespace keepalive
