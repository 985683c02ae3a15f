// Every case of this suite runs in a network namespace of its own, with a loopback and a client.
#pragma once

#include <doctest/doctest.h>

#include <string>

#include "ipvs++/ipvs++.hpp"

namespace ipvs::test {

class Lab {
 public:
  Lab();
  Client client;
};

/// Runs a command of the shell; it must succeed.
void shell(const std::string& command);

inline Endpoint endpoint(const char* text) { return Endpoint::parse(text).value(); }
inline ServiceKey tcp(const char* text) { return VipKey{Protocol::tcp, endpoint(text)}; }
inline ServiceKey udp(const char* text) { return VipKey{Protocol::udp, endpoint(text)}; }

/// The errno of a result; 0 for success.
template <class T>
int code(const Result<T>& result) {
  return result ? 0 : result.error().code;
}

/// A value, or the end of the case with the error's message.
template <class T>
T good(Result<T> result) {
  INFO((result ? "" : result.error().message()));
  REQUIRE(result);
  if constexpr (!std::is_void_v<T>) return std::move(*result);
}

}  // namespace ipvs::test
