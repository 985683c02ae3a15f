// Two hosts, namespaces a and b, with a cable between them: interface `wire` in both, 10.1.0.1 and fe80::1 in a,
// 10.1.0.2 and fe80::2 in b. A socket belongs to the host in which it was opened.
#pragma once

#include <doctest/doctest.h>

#include <boost/asio/io_context.hpp>
#include <chrono>
#include <string>

#include "base/fd.hpp"
#include "ipvs++/address.hpp"
#include "net/outcome.hpp"
#include "net/values.hpp"

namespace keepalive::net::test {

class Hosts {
 public:
  Hosts();
  Hosts(const Hosts&) = delete;
  Hosts& operator=(const Hosts&) = delete;
  ~Hosts();

  boost::asio::io_context io = {};

  /// Runs the loop until it is so; the case ends if it is not within 20 s.
  template <class Condition>
  void until(Condition condition) {
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds{20};
    while (!condition() && std::chrono::steady_clock::now() < end) turn();
    REQUIRE(condition());
  }
  /// Runs the loop until nothing has happened for a moment.
  void settle();

 private:
  void turn();
};

/// The thread is in this host for as long as the object lives.
class In {
 public:
  explicit In(const std::string& host);
  In(const In&) = delete;
  In& operator=(const In&) = delete;
  ~In();

 private:
  base::Fd before_;
};

/// Runs a command of the shell; it must succeed.
void shell(const std::string& command);
/// What it prints, without the last line's end.
std::string output(const std::string& command);

inline ipvs::Address address(const std::string& text) { return ipvs::Address::parse(text).value(); }
Index index_of(const std::string& interface);
Mac mac_of(const std::string& interface);

/// A value, or the end of the case with the errno.
template <class T>
T good(Outcome<T> outcome) {
  INFO("errno ", outcome ? 0 : outcome.error());
  REQUIRE(outcome);
  if constexpr (!std::is_void_v<T>) return std::move(*outcome);
}

/// The errno of an outcome; 0 for success.
template <class T>
int code(const Outcome<T>& outcome) {
  return outcome ? 0 : outcome.error();
}

}  // namespace keepalive::net::test
