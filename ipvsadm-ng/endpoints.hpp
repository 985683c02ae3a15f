// Addresses with ports as lists and rules show them: numbers, or names looked up once each.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "command.hpp"
#include "ipvs++/address.hpp"
#include "names.hpp"

namespace ipvsadm {

class Endpoints {
 public:
  static constexpr std::size_t whole = 1U << 16U;
  static constexpr std::size_t in_lists = 59;  // bytes; ipvsadm cuts longer names

  explicit Endpoints(Naming naming, std::size_t longest = whole) : naming_{naming}, longest_{longest} {}

  /// "192.0.2.1:80", "[2001:db8::1]:80" or "www.example.net:http". Without a protocol the port is a
  /// number. The text lives until the next call.
  std::string_view text(const ipvs::Endpoint& endpoint, std::optional<ipvs::Protocol> protocol);

 private:
  void append_host(const ipvs::Address& address);
  void append_port(ipvs::Port port, std::optional<ipvs::Protocol> protocol);

  Naming naming_;
  std::size_t longest_;
  Names names_ = {};
  std::string text_ = {};
};

/// The protocol whose port names a service's servers use; none for a mark.
std::optional<ipvs::Protocol> port_protocol(const ipvs::ServiceKey& key);

}  // namespace ipvsadm
