// One virtual router, from the lines of its section.
#pragma once

#include "texts.hpp"

namespace keepalive::test {

inline const std::string head = "[vrrp v1]\ninterface = eth0\nid = 51\n";

inline vrrp::Instance router(const std::string& lines) { return good(head + lines).vrrps.front().router; }

/// The first fault's text, without its place.
inline std::string told(const std::string& lines) {
  const std::string all = faults(head + lines);
  const std::string mark = ": error: ";
  const std::size_t from = all.find(mark);
  if (from == std::string::npos) return all;
  return all.substr(from + mark.size(), all.find('\n', from) - from - mark.size());
}

inline ipvs::Address at(const char* text) { return *ipvs::Address::parse(text); }

}  // namespace keepalive::test
