// The language between the director, which has the figures, and the metrics role, which scrapers talk to.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <variant>

#include "ipvs++/address.hpp"

namespace keepalive::core {

/// Director to metrics: the first word, and again at each reload.
struct Listen {
  ipvs::Endpoint at = {};

  friend bool operator==(const Listen&, const Listen&) = default;
};
/// OpenMetrics 1.0, or the text format 0.0.4 that came before it, which promtool and old scrapers read.
enum class Format : std::uint8_t { open_metrics, classic };
constexpr Format last_of(Format /*of*/) { return Format::classic; }
/// Metrics to director: answer with Scraped.
struct Scrape {
  Format format = Format::open_metrics;

  friend bool operator==(const Scrape&, const Scrape&) = default;
};
/// The page is in the file that comes along; without one it could not be written.
struct Scraped {
  Format format = Format::open_metrics;
  std::uint64_t bytes = 0;

  friend bool operator==(const Scraped&, const Scraped&) = default;
};

using Scraping = std::variant<Listen, Scrape, Scraped>;

std::string encode(const Scraping& message);
std::optional<Scraping> decode_scraping(std::span<const std::uint8_t> bytes);

}  // namespace keepalive::core
