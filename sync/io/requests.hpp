// What a running agent answers to the tools: the questions as a table, the answers as JSON.
//
//   status                    the report
//   traffic                   who sends what
//   doctor                    what is wrong, here and at each peer
//   compare, resync           begin it; status tells the outcome
//   differences N             at most N connections that a peer does not have
//   connections client|server N    the N with the most connections
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "sync/io/store.hpp"
#include "sync/parity.hpp"
#include "sync/report.hpp"
#include "sync/talk.hpp"

namespace ipvs::sync {

struct Requests {
  struct Peer {
    std::optional<Facts> facts = std::nullopt;
    Snapshot::Comparison comparison = {};
  };

  Report report = {};
  Facts facts = {};
  const Store& store;
  std::vector<Peer> peers = {};  // as in the report
  std::function<void(bool resync)> hurry = {};
};

/// JSON; {"error": …} to what is no question.
std::string answer(const std::string& request, const Requests& ours);

}  // namespace ipvs::sync
