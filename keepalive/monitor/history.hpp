// What is kept of everything over time, within a bound: services whole; servers and pools so, too, while there is room,
// else in large steps.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_set>
#include <utility>
#include <vector>

#include "monitor/shelf.hpp"

namespace keepalive::monitor {

enum class Rank : std::uint8_t { major, minor };

struct Observation {
  std::string object = "";
  Rank rank = Rank::major;
  Sample sample = no_sample();
};

class History {
 public:
  /// Files "history" and "history.coarse" of the folder hold at most so many bytes together; 0: there is none. Empty,
  /// or why there is none now.
  std::string open(const std::string& folder, std::uint64_t bytes);
  bool is_open() const { return whole_.is_open(); }

  /// What is known at this second. Objects for which there is no room are left out, those first that come last; the
  /// places of objects that are gone are taken by new ones.
  void put(std::uint32_t second, const std::vector<Observation>& all);
  /// Nothing: it is not kept.
  std::optional<Plot> plot(const std::string& object, Span span, std::uint32_t now) const;
  /// Why a series of an object has no values; empty: there is no reason but that none came.
  std::string_view missing(const std::string& object, Series series) const;
  std::size_t left_out() const { return left_out_; }

 private:
  bool put(std::uint32_t second, const Observation& one);

  Shelf whole_{{.hour_step = 1, .week_step = 600}};
  Shelf coarse_{{.hour_step = 60, .week_step = 3600, .series = {true, true, false, false, false, true, true}}};
  std::size_t left_out_ = 0;
  std::unordered_set<std::string> majors_ = {};
};

}  // namespace keepalive::monitor
