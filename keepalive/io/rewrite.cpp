#include "io/rewrite.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <optional>
#include <vector>

#include "base/text.hpp"
#include "io/state_file.hpp"

namespace keepalive::io {
namespace {

constexpr mode_t fresh_mode = 0644;

/// One file, its text ready beside it.
class Rewrite {
 public:
  explicit Rewrite(const std::string& path)
      : path_{real(path)}, old_{read_file(path_)}, existed_{::access(path_.c_str(), F_OK) == 0} {}
  Rewrite(const Rewrite&) = delete;
  Rewrite& operator=(const Rewrite&) = delete;
  ~Rewrite() {
    if (!fresh_.empty()) ::unlink(fresh_.c_str());
  }

  /// Under a name that begins with a dot: no `include = *` finds it.
  bool prepare(const std::string& text) {
    const std::size_t name = path_.rfind('/') + 1;
    std::string fresh = path_.substr(0, name) + "." + path_.substr(name) + ".XXXXXX";
    const int fd = ::mkostemp(fresh.data(), O_CLOEXEC);
    if (fd < 0) return false;
    fresh_ = fresh;
    const bool good = dress(fd) && write_all(fd, text) && ::fsync(fd) == 0;
    const int cause = errno;
    ::close(fd);
    errno = cause;
    return good;
  }

  bool replace() {
    if (std::rename(fresh_.c_str(), path_.c_str()) != 0) return false;
    fresh_.clear();
    replaced_ = true;
    return true;
  }

  /// As it was before.
  void restore() {
    if (!replaced_) return;
    if (!existed_) return static_cast<void>(::unlink(path_.c_str()));
    if (prepare(old_)) replace();
  }

  const std::string& path() const { return path_; }

  static std::string real(const std::string& path) {
    const std::unique_ptr<char, decltype(&std::free)> real{::realpath(path.c_str(), nullptr), &std::free};
    return real == nullptr ? path : std::string{real.get()};
  }

 private:
  /// The mode first: a new owner may take the right away.
  bool dress(int fd) const {
    struct stat info = {};
    if (::stat(path_.c_str(), &info) != 0) return errno == ENOENT && ::fchmod(fd, fresh_mode) == 0;
    const bool same = info.st_uid == ::geteuid() && info.st_gid == ::getegid();
    return ::fchmod(fd, info.st_mode & 07777U) == 0 && (same || ::fchown(fd, info.st_uid, info.st_gid) == 0);
  }

  std::string path_;
  std::string fresh_ = "";
  std::string old_ = "";
  bool existed_ = false;
  bool replaced_ = false;
};

std::string fault(const std::string& path) {
  return fmt::format("cannot write {}: {}{}", path, std::strerror(errno),
                     errno == EROFS ? "; under systemd, ReadWritePaths= of the service must have its folder" : "");
}

}  // namespace

std::string rewrite(const std::map<std::string, std::string>& texts) {
  std::vector<std::unique_ptr<Rewrite>> all;
  for (const auto& [path, text] : texts)
    if (!all.emplace_back(std::make_unique<Rewrite>(path))->prepare(text)) return fault(path);
  for (const auto& one : all) {
    if (one->replace()) continue;
    std::string text = fault(one->path());
    for (const auto& done : all) done->restore();
    return text;
  }
  for (const auto& one : all) sync_folder(one->path());
  return {};
}

bool rewritable(const std::string& path) {
  const std::string folder = base::folder_of(Rewrite::real(path));
  return ::access(folder.empty() ? "." : folder.c_str(), W_OK | X_OK) == 0;
}

}  // namespace keepalive::io
