// What carrying out a command needs of the world.
#pragma once

#include <chrono>
#include <ostream>

#include "client.hpp"
#include "table.hpp"

namespace keepalive::ctl {

struct Session {
  Client client;
  std::ostream& out;
  std::ostream& err;
  Style style = Style::plain;
  bool terminal = false;                  // out is one
  std::size_t rows = 0;                   // of the terminal; 0: endless
  std::chrono::milliseconds pause{1000};  // between two looks
};

}  // namespace keepalive::ctl
