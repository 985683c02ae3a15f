// A UDP server on an ephemeral port of 127.0.0.1 that answers each datagram with those it is told.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <thread>
#include <vector>

#include "probe/fd.hpp"

namespace probe_test {

class Datagrams {
 public:
  using Reply = std::function<std::vector<std::string>(const std::string& datagram)>;

  explicit Datagrams(Reply reply);
  Datagrams(const Datagrams&) = delete;
  Datagrams& operator=(const Datagrams&) = delete;
  ~Datagrams();

  std::uint16_t port() const { return port_; }

 private:
  void serve();

  Reply reply_;
  std::uint16_t port_ = 0;
  keepalive::probe::Fd stop_;
  keepalive::probe::Fd socket_;
  std::thread thread_;
};

}  // namespace probe_test
