#include "config/files.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <glob.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <memory>

#include "base/fd.hpp"

namespace keepalive {
namespace {

constexpr std::size_t longest_file = 64U << 20U;

/// `size`: as fstat(2) tells it; the file may grow meanwhile.
tl::expected<std::string, std::string> whole(int fd, std::size_t size) {
  std::string text(std::min(size, longest_file) + 1, '\0');
  for (std::size_t done = 0;;) {
    const ssize_t got = ::read(fd, text.data() + done, text.size() - done);
    if (got < 0) return tl::unexpected{std::string{std::strerror(errno)}};
    done += static_cast<std::size_t>(got);
    if (got == 0) return text.resize(done), std::move(text);
    if (done > longest_file) return tl::unexpected<std::string>{"longer than 64 MiB"};
    if (done == text.size()) text.resize(text.size() * 2);
  }
}

tl::expected<std::string, std::string> read_file(const std::string& path, bool secret) {
  const base::Fd fd{::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK)};
  struct stat info = {};
  if (!fd || fstat(fd.get(), &info) != 0) return tl::unexpected{std::string{std::strerror(errno)}};
  if (!S_ISREG(info.st_mode)) return tl::unexpected<std::string>{"no regular file"};
  if (secret && (info.st_mode & 077U) != 0)
    return tl::unexpected{fmt::format("others may read it (mode {:o}): chmod 600", info.st_mode & 0777U)};
  return whole(fd.get(), static_cast<std::size_t>(info.st_size));
}

tl::unexpected<std::string> closed() {
  return tl::unexpected<std::string>{
      "the configuration does not name it yet, and edits may not: [monitor] trust_edits"};
}

}  // namespace

Files::Text Files::remember(const std::string& path, Text text) const {
  if (text)
    memory_.texts[path] = *text;
  else
    memory_.faults[path] = text.error();
  return text;
}

bool Files::open_to_us(const std::string& path, As as) const {
  if (known_ == nullptr || known_->faults.contains(path)) return true;
  const bool source = std::ranges::find(known_->sources, path) != known_->sources.end();
  return known_->texts.contains(path) && source == (as == As::source);
}

/// Whatever else names it: it is no configuration, but a certificate, a password.
void Files::take_for_content(const std::string& path) const {
  contents_.insert(path);
  std::erase(memory_.sources, path);
}

tl::expected<std::string, std::string> Files::read(const std::string& path) const {
  take_for_content(path);
  return remember(path, open_to_us(path, As::content) ? read_file(path, false) : closed());
}

tl::expected<std::string, std::string> Files::read_secret(const std::string& path) const {
  take_for_content(path);
  return remember(path, open_to_us(path, As::content) ? read_file(path, true) : closed());
}

tl::expected<std::string, std::string> Files::read_source(const std::string& path) const {
  const auto other = instead_.find(path);
  Text text = remember(path, other != instead_.end()        ? Text{other->second}
                             : open_to_us(path, As::source) ? read_file(path, false)
                                                            : closed());
  auto& sources = memory_.sources;
  const bool known = std::find(sources.begin(), sources.end(), path) != sources.end();
  if (text && !known && !contents_.contains(path)) sources.push_back(path);
  return text;
}

tl::expected<std::vector<std::string>, std::string> Files::glob(const std::string& pattern) const {
  if (known_ != nullptr && !known_->globs.contains(pattern) && !instead_.contains(pattern)) {
    memory_.faults[pattern] = closed().value();
    return tl::unexpected{memory_.faults[pattern]};
  }
  glob_t found = {};
  const int result = ::glob(pattern.c_str(), GLOB_ERR, nullptr, &found);
  const int cause = errno;
  std::vector<std::string> paths;
  if (result == 0) paths.assign(found.gl_pathv, found.gl_pathv + found.gl_pathc);
  globfree(&found);
  if (result == 0 || result == GLOB_NOMATCH) return memory_.globs[pattern] = paths;
  memory_.faults[pattern] = result == GLOB_NOSPACE ? "out of memory" : std::strerror(cause);
  return tl::unexpected{memory_.faults[pattern]};
}

std::string Files::identity(const std::string& path) const {
  const std::unique_ptr<char, decltype(&std::free)> real{::realpath(path.c_str(), nullptr), &std::free};
  if (real == nullptr || path == real.get()) return path;
  return memory_.identities[path] = real.get();
}

tl::expected<std::string, std::string> Remembered::read(const std::string& path) const {
  if (const auto fault = memory_.faults.find(path); fault != memory_.faults.end()) return tl::unexpected{fault->second};
  const auto found = memory_.texts.find(path);
  if (found == memory_.texts.end()) return tl::unexpected<std::string>{"No such file or directory"};
  return found->second;
}

tl::expected<std::vector<std::string>, std::string> Remembered::glob(const std::string& pattern) const {
  if (const auto fault = memory_.faults.find(pattern); fault != memory_.faults.end())
    return tl::unexpected{fault->second};
  const auto found = memory_.globs.find(pattern);
  return found == memory_.globs.end() ? std::vector<std::string>{} : found->second;
}

std::string Remembered::identity(const std::string& path) const {
  const auto found = memory_.identities.find(path);
  return found == memory_.identities.end() ? path : found->second;
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
