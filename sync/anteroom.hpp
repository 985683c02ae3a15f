// Who stands at the channel's door and has not proven itself yet. There are so many places; when one more comes, another has
// to go, and never one that we wait for while there are others:
//
//   first of addresses that are no peer's, then of the address that most stand there from, the one that came first
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "ipvs++/address.hpp"

namespace ipvs::sync {

class Anteroom {
 public:
  using Ticket = std::uint64_t;  // in the order of coming

  Anteroom(std::vector<Address> peers, std::size_t places) : peers_{std::move(peers)}, places_{places} {}

  struct Come {
    Ticket ticket = 0;
    std::optional<Ticket> out = std::nullopt;  // has to go for it, and is forgotten already

    friend bool operator==(const Come&, const Come&) = default;
  };
  Come come(const Address& from);
  /// It has proven itself, or is gone.
  void leave(Ticket ticket) { waiting_.erase(ticket); }

  std::size_t size() const { return waiting_.size(); }

 private:
  Ticket least_wanted() const;

  std::vector<Address> peers_;
  std::size_t places_;
  std::map<Ticket, Address> waiting_ = {};
  Ticket last_ = 0;
};

}  // namespace ipvs::sync
