// The daemon's state as OpenMetrics text, for Prometheus: keepalive-api(7) lists the families.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

#include "core/circumstances.hpp"
#include "core/engine.hpp"
#include "core/scrape.hpp"

namespace keepalive::core {

/// The page in pieces, for a loop that must not be held: each step adds so many samples to it at most. What it tells is
/// as it was at the construction; the engine, which must outlive it, may go on meanwhile.
class MetricsPage {
 public:
  MetricsPage(const Engine& engine, const Circumstances& circumstances, const CountTable& counts,
              Format format = Format::open_metrics);
  MetricsPage(const MetricsPage&) = delete;
  MetricsPage& operator=(const MetricsPage&) = delete;
  ~MetricsPage();

  /// Whether the page is whole.
  bool step(std::size_t samples);
  /// What the steps since clear() have added.
  std::string_view text() const;
  void clear();

 private:
  struct Work;
  std::unique_ptr<Work> work_;
};

/// GET /metrics; content type "application/openmetrics-text; version=1.0.0; charset=utf-8".
std::string metrics(const Engine& engine, const Circumstances& circumstances, const CountTable& counts);

}  // namespace keepalive::core
