// What a mail says, before it has the form of one.
#pragma once

#include <string>

namespace keepalive::sender {

struct Letter {
  std::string subject = "";
  std::string body = "";  // lines

  friend bool operator==(const Letter&, const Letter&) = default;
};

}  // namespace keepalive::sender
