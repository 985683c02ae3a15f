#include "monitor/history.hpp"

namespace keepalive::monitor {
namespace {

constexpr std::uint64_t whole_percent = 58;  // 2,000 services and 42,000 other objects in 256 MiB

}  // namespace

std::string History::open(const std::string& folder, std::uint64_t bytes) {
  left_out_ = 0;
  majors_.clear();
  if (bytes == 0) {
    whole_.close();
    coarse_.close();
    return {};
  }
  const std::uint64_t share = bytes / 100 * whole_percent;
  std::string fault = whole_.open(folder + "/history", share);
  if (fault.empty()) fault = coarse_.open(folder + "/history.coarse", bytes - share);
  if (!fault.empty()) whole_.close();
  return fault;
}

void History::put(std::uint32_t second, const std::vector<Observation>& all) {
  if (!is_open()) return;
  std::vector<std::string> names;
  names.reserve(all.size());
  for (const Observation& one : all) names.push_back(one.object);
  whole_.see(second, names);
  coarse_.see(second, names);
  left_out_ = 0;
  for (const Rank rank : {Rank::major, Rank::minor})
    for (const Observation& one : all)
      if (one.rank == rank && !put(second, one)) ++left_out_;
}

bool History::put(std::uint32_t second, const Observation& one) {
  if (one.rank == Rank::major) majors_.insert(one.object);
  const bool room = one.rank == Rank::major || whole_.objects() < whole_.capacity() / 2;
  const bool whole = whole_.holds(one.object) || (room && !coarse_.holds(one.object));
  return (whole && whole_.put(second, one.object, one.sample)) || coarse_.put(second, one.object, one.sample);
}

std::optional<Plot> History::plot(const std::string& object, Span span, std::uint32_t now) const {
  return whole_.holds(object) ? whole_.plot(object, span, now) : coarse_.plot(object, span, now);
}

std::string_view History::missing(const std::string& object, Series series) const {
  const bool rate = series == Series::cps || series == Series::inbps || series == Series::outbps;
  if (!rate) return {};
  if (!majors_.contains(object)) return "rates are kept of services only";
  return whole_.holds(object) ? "" : "no room: make [monitor] history larger";
}

}  // namespace keepalive::monitor
