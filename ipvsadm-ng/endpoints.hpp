// Addresses with ports as lists and rules show them: numbers, or names looked up once each.
#pragma once

#include <string>
#include <string_view>

#include "command.hpp"
#include "ipvs++/address.hpp"
#include "names.hpp"

namespace ipvsadm {

class Endpoints {
 public:
  explicit Endpoints(Naming naming) : naming_{naming} {}

  /// "192.0.2.1:80", "[2001:db8::1]:80" or "www.example.net:http". The text lives until the next call.
  std::string_view text(const ipvs::Endpoint& endpoint, ipvs::Protocol protocol);

 private:
  void append_host(const ipvs::Address& address);
  void append_port(ipvs::Port port, ipvs::Protocol protocol);

  Naming naming_;
  Names names_ = {};
  std::string text_ = {};
};

/// The protocol whose port names a service's servers use.
ipvs::Protocol port_protocol(const ipvs::ServiceKey& key);

}  // namespace ipvsadm
