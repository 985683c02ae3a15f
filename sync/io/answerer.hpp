// The side of the channel that is asked: tells a peer who is proven what it holds.
#pragma once

#include <boost/asio/io_context.hpp>
#include <functional>
#include <memory>
#include <string>
#include <tl/expected.hpp>

#include "sync/io/conversation.hpp"
#include "sync/io/store.hpp"
#include "sync/report.hpp"

namespace ipvs::sync {

class Answerer {
 public:
  /// Listens at settings.listen. The error is a sentence.
  static tl::expected<std::unique_ptr<Answerer>, std::string> open(asio::io_context& io, const AgentSettings& settings,
                                                                   std::shared_ptr<Store> store,
                                                                   std::function<Facts()> facts);
  /// Closes every connection.
  ~Answerer();

  const ChannelCounts& counts() const;
  /// What counts from the next question on.
  void use(bool donate, std::uint32_t rate);

 private:
  struct Desk;
  explicit Answerer(std::shared_ptr<Desk> desk) : desk_{std::move(desk)} {}

  std::shared_ptr<Desk> desk_;
};

}  // namespace ipvs::sync
