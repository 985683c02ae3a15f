// Every frame that an interface carries, as the referee sees it.
#pragma once

#include <string>

#include "base/fd.hpp"
#include "fixture.hpp"

namespace keepalive::net::test {

class Capture {
 public:
  /// On this interface of the host that the thread is in; frames of this type (ETH_P_…).
  Capture(const std::string& interface, unsigned type);

  /// The next frame within 5 s; empty: none.
  std::string next();
  /// How many frames lie there; takes them.
  std::size_t count();

 private:
  base::Fd fd_;
};

}  // namespace keepalive::net::test
