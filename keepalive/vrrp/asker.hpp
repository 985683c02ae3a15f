// Asks witnesses whether they are there, through one interface each: ICMP echo, or a TCP connection that is closed at
// once.
#pragma once

#include <boost/asio/io_context.hpp>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "config/heartbeat.hpp"

namespace keepalive::vrrp_role {

class Asker {
 public:
  /// Called from the loop for each answer, however late it comes.
  using Answered = std::function<void(const std::string& witness, const std::string& interface)>;

  /// `token`: random; an answer without it is none.
  Asker(boost::asio::io_context& io, std::uint64_t token, Answered answered);
  Asker(const Asker&) = delete;
  Asker& operator=(const Asker&) = delete;
  ~Asker();

  void want(const std::vector<vrrp::Witness>& witnesses);
  /// Never waits. Needs CAP_NET_RAW. What cannot be asked does not answer.
  void ask(const std::string& witness, const std::string& interface);
  /// The interface has gone: its sockets are closed.
  void lose(const std::string& interface);

 private:
  class Pinger;
  class Caller;
  void ping(const vrrp::Witness& witness, const std::string& interface);
  void call(const vrrp::Witness& witness, const std::string& interface);
  void hear_echo(const ipvs::Address& source, const std::string& interface);

  boost::asio::io_context& io_;
  std::uint64_t token_;
  Answered answered_;
  std::map<std::string, vrrp::Witness> witnesses_ = {};
  std::map<std::pair<std::string, ipvs::Family>, std::shared_ptr<Pinger>> pingers_ = {};  // interface
  std::map<std::pair<std::string, std::string>, std::shared_ptr<Caller>> callers_ = {};   // witness, interface
};

}  // namespace keepalive::vrrp_role
