// [monitor] as values: the process that serves browsers, who may use it, and the other directors that it shows.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "ipvs++/address.hpp"

namespace keepalive {

struct Monitor {
  /// Another director, through its own monitor.
  struct Peer {
    std::string name = "";
    ipvs::Endpoint at = {};
    std::string host = "";         // that its certificate names; empty: the address
    std::string token = "";        // of its API
    std::string fingerprint = "";  // SHA-256 of its certificate, hexadecimal; instead of a ca
    std::string ca = "";           // PEM text

    friend bool operator==(const Peer&, const Peer&) = default;
  };
  /// What a connection from the monitor may ask of the director; each has what those before it have.
  enum class Allow : std::uint8_t { read, operate, configure };

  std::vector<ipvs::Endpoint> listen = {};
  Allow allow = Allow::read;
  bool trust_edits = false;          // texts by the API may also say what runs, what is read and who may
  std::string certificate = "";      // PEM text; empty: one of its own, made at the first start
  std::string certificate_key = "";  // PEM text
  std::string client_ca = "";        // PEM text; empty: no client certificates
  std::string users = "";            // the file's content
  std::string users_path = "";       // its name, for what is said of it
  std::string certificate_path = "";
  std::string certificate_key_path = "";
  std::string client_ca_path = "";
  std::chrono::microseconds idle = std::chrono::minutes{30};
  std::chrono::microseconds longest = std::chrono::hours{12};  // of a session
  std::vector<Peer> peers = {};
  std::uint64_t history = 256U << 20U;  // bytes; 0: none

  friend bool operator==(const Monitor&, const Monitor&) = default;
};

}  // namespace keepalive
