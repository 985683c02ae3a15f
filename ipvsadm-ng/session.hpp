// What a command works with: where it prints, and the kernel, reached when first needed.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "grammar.hpp"
#include "ipvs++/client.hpp"
#include "output.hpp"

namespace ipvsadm {

/// Exit statuses, as ipvsadm gives them.
enum class Exit : int { success = 0, list_failed = 1, misuse = 2, changes = 3, refused = 255 };

class Session {
 public:
  Session(std::string_view called_as, Dialect spoken, Output& answers, Output& complaints)
      : program{called_as}, dialect{spoken}, out{answers}, err{complaints} {}

  /// The kernel's IPVS, or none after telling the user why.
  ipvs::Client* kernel();
  /// What the kernel tells of itself; call kernel() first.
  const ipvs::Info& info() const { return info_; }
  /// One line on standard error, after what went to standard output before it.
  void complain(std::string_view line);
  /// What stands in front of complaints from now on: "standard input:12: ", or nothing.
  void set_place(std::string place) { place_ = std::move(place); }

  const std::string program;
  const Dialect dialect;
  Output& out;
  Output& err;

 private:
  std::unique_ptr<ipvs::Client> client_ = nullptr;
  ipvs::Info info_ = {};
  std::string place_ = {};
};

}  // namespace ipvsadm
