// Network namespaces of the runner itself, and files under /etc that answer for names without DNS.
#pragma once

#include <string>
#include <utility>

namespace differential {

/// A network namespace that lives as long as this object.
class Namespace {
 public:
  /// A fresh one with lo up. The caller is inside it afterwards. Throws std::system_error.
  static Namespace fresh();

  Namespace(Namespace&& other) noexcept : fd_{std::exchange(other.fd_, -1)} {}
  Namespace& operator=(Namespace&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
  }
  ~Namespace();

  void enter() const;

 private:
  explicit Namespace(int fd) : fd_{fd} {}

  int fd_ = -1;
};

/// In a mount namespace of the runner's own: lays each file of `folder` over the one of its name in /etc.
void lay_over_etc(const std::string& folder);

}  // namespace differential
