// What an agent knows and can do on its own side: the mirror, the kernel's daemon, its facts.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/bytes.hpp"
#include "sync/io/injector.hpp"
#include "sync/mirror.hpp"
#include "sync/probe.hpp"
#include "sync/relay.hpp"
#include "sync/settings.hpp"
#include "sync/traffic.hpp"

namespace ipvs::sync {

/// Of the steady clock.
Time now();
Micros micros_now();

class Store {
 public:
  explicit Store(const Line& line) : line_{line} {}

  /// A datagram that passed the interface.
  void hear(base::Bytes datagram, const Endpoint& source, bool own);
  /// A datagram that a relay brought: for the kernel, too. What no kernel would take is counted as unreadable.
  void bring(const std::string& datagram);
  /// Entries that a peer gave.
  void give(const std::vector<Entry>& entries);
  /// Entries that the kernel holds; what was heard of them is newer.
  void know(const std::vector<Entry>& entries);

  /// By multicast, to whoever hears it. Whether the network took it.
  bool probe(std::uint64_t token) { return prober_ && prober_->send(encode_probe(line_.id, token)); }
  bool heard(std::uint64_t token) const { return probes_.heard(token); }
  void use(GroupSocket prober) { prober_ = std::move(prober); }
  bool probing() const { return prober_.has_value(); }

  /// An injector, when the interface has come; nothing is given before.
  void use(Injector injector) { injector_ = std::move(injector); }
  /// The interface has gone: what waits there is given up.
  void leave() {
    injector_.reset();
    prober_.reset();
  }
  bool usable() const { return injector_.has_value(); }
  /// Whether the kernel's backup daemon takes what is given.
  bool listening() const { return injector_ && injector_->listening(); }
  /// Datagrams that wait for it.
  std::size_t waiting() const { return injector_ ? injector_->waiting() : 0; }
  std::uint64_t unreadable() const { return unreadable_; }
  const Injector* injector() const { return injector_ ? &*injector_ : nullptr; }
  /// What the kernel held at the start is known: before, nobody can say what is missing.
  bool complete() const { return complete_; }
  void completed() { complete_ = true; }
  /// Feeds the daemon; true if it has to be called again in Injector::pause.
  bool work() { return injector_ && injector_->work(); }
  void look_again() {
    if (injector_) injector_->look_again();
  }
  /// The daemon has read all of it.
  bool taken() const { return injector_ && injector_->taken(); }

  Mirror& mirror() { return mirror_; }
  const Mirror& mirror() const { return mirror_; }
  const Traffic& traffic() const { return traffic_; }

 private:
  void hear(const std::vector<Entry>& entries);

  Line line_;
  Mirror mirror_ = {};
  Traffic traffic_ = {};
  std::optional<Injector> injector_ = std::nullopt;
  std::optional<GroupSocket> prober_ = std::nullopt;
  Probes probes_ = {};
  bool complete_ = false;
  std::uint64_t unreadable_ = 0;
};

}  // namespace ipvs::sync
