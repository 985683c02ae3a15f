// One director's part in connection sync beside the kernel: keeps the mirror, answers peers and asks them, carries
// datagrams. Everything runs on one loop.
#pragma once

#include <boost/asio/io_context.hpp>
#include <functional>
#include <memory>
#include <string>

#include "sync/report.hpp"
#include "sync/settings.hpp"

namespace ipvs::sync {

class Store;
struct Facts;

class Agent {
 public:
  Agent(boost::asio::io_context& io, AgentSettings settings);
  Agent(const Agent&) = delete;
  Agent& operator=(const Agent&) = delete;
  ~Agent();

  /// Every second, and whenever something of weight has changed.
  void on_report(std::function<void(const Report&)> told);
  Report report() const;
  /// To a tool's question (requests.hpp): JSON.
  std::string answer(const std::string& question);
  /// A change of secrets, daemons or of what is given; anything else wants a new agent.
  void use(const AgentSettings& settings);
  /// Whether use() would do.
  bool can_use(const AgentSettings& settings) const;

 private:
  struct Desk;
  std::shared_ptr<Desk> desk_;
};

}  // namespace ipvs::sync
