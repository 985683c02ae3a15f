#include "probe/reports.hpp"

#include <utility>

namespace keepalive::probe {
namespace {

constexpr std::size_t most_failures = 100;  // that are told in a second

core::Verdict verdict(const Finding& finding, std::chrono::microseconds latency) {
  return {.good = finding.good,
          .evidence = describe(finding, latency),
          .latency = latency,
          .weight = finding.weight,
          .certificate = finding.certificate};
}

}  // namespace

Reports::Waiting& Reports::waiting(Target& target) {
  if (target.report == 0) {
    waiting_.emplace_back();
    target.report = static_cast<std::uint32_t>(waiting_.size());
  }
  waiting_[target.report - 1].id = target.id;
  return waiting_[target.report - 1];
}

void Reports::take_unable(Target& target, std::string why) { waiting(target).unable = std::move(why); }

void Reports::take_failure(const Target& target, const Finding& finding, std::chrono::microseconds latency) {
  if (failures_.list.size() < most_failures)
    failures_.list.push_back({.target = target.id, .evidence = describe(finding, latency)});
  else
    ++failures_.untold;
}

std::optional<core::Transition> Reports::take(Target& target, Finding finding, std::chrono::microseconds latency,
                                              core::Dampening dampening) {
  const bool changed = target.health.take(finding.good, dampening);
  std::optional<core::Transition> transition;
  if (changed) transition = {.target = target.id, .state = target.health.state(), .verdict = verdict(finding, latency)};
  if (target.report == 0 && changed) return transition;
  Waiting& entry = waiting(target);
  entry.unable.clear();
  if (!changed) {
    ++entry.runs;
    entry.failures += finding.good ? 0 : 1;
  }
  entry.against = target.health.against();
  entry.latency = latency;
  entry.finding = std::move(finding);
  return transition;
}

void Reports::drop(Target& target) {
  if (target.report != 0) waiting_[target.report - 1].id = 0;
  target.report = 0;
}

core::Summaries Reports::flush(Roster& roster) {
  core::Summaries summaries;
  summaries.list.reserve(waiting_.size());
  for (const Waiting& entry : waiting_) {
    const auto slot = roster.find(entry.id);
    if (!slot) continue;
    roster[*slot].report = 0;
    summaries.list.push_back({.target = entry.id,
                              .runs = entry.runs,
                              .failures = entry.failures,
                              .against = entry.against,
                              .unable = entry.unable});
    if (entry.runs != 0) summaries.list.back().verdict = verdict(entry.finding, entry.latency);
  }
  waiting_.clear();
  return summaries;
}

}  // namespace keepalive::probe
