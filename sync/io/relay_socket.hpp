// The relay's socket: one end (relay.hpp) for each peer, told apart by their addresses.
#pragma once

#include <boost/asio/io_context.hpp>
#include <functional>
#include <memory>
#include <string>
#include <tl/expected.hpp>

#include "sync/relay.hpp"
#include "sync/settings.hpp"

namespace ipvs::sync {

class RelaySocket {
 public:
  using Deliver = std::function<void(const std::string& datagram)>;

  /// Binds to settings.listen. `deliver`: a peer's kernel said this. The error is a sentence.
  static tl::expected<std::unique_ptr<RelaySocket>, std::string> open(boost::asio::io_context& io,
                                                                      const AgentSettings& settings, Deliver deliver);
  ~RelaySocket();

  /// A datagram of this host's kernel, to all peers.
  void send(base::Bytes datagram);
  void use(const std::vector<std::string>& secrets);

  /// Of a peer of the settings.
  const RelayEnd& end(const Endpoint& peer) const;
  /// Packets from addresses that are no peer's.
  std::uint64_t strangers() const;
  /// Packets that came faster than they were read.
  std::uint64_t overrun() const;

 private:
  struct Desk;
  explicit RelaySocket(std::shared_ptr<Desk> desk) : desk_{std::move(desk)} {}

  std::shared_ptr<Desk> desk_;
};

}  // namespace ipvs::sync
