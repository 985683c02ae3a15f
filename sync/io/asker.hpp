// The side of the channel that asks: compares this director's connections with one peer's, and fetches what is missing
// here.
#pragma once

#include <boost/asio/io_context.hpp>
#include <memory>

#include "sync/io/conversation.hpp"
#include "sync/io/store.hpp"
#include "sync/report.hpp"

namespace ipvs::sync {

class Asker {
 public:
  /// Connects, and connects again, until it is gone.
  Asker(asio::io_context& io, std::shared_ptr<asio::ssl::context> context, Endpoint peer, std::shared_ptr<Store> store);
  Asker(const Asker&) = delete;
  Asker& operator=(const Asker&) = delete;
  ~Asker();

  /// All but the relay's part.
  PeerReport report() const;
  const std::optional<Facts>& facts() const;
  /// Fingerprints that only one side has, of the last comparison: some of them.
  const Snapshot::Comparison& comparison() const;
  /// Compares now; fetches everything, if asked to.
  void hurry(bool resync);

 private:
  struct Desk;
  std::shared_ptr<Desk> desk_;
};

}  // namespace ipvs::sync
