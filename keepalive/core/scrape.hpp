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
/// Metrics to director: answer with Scraped.
struct Scrape {
  friend bool operator==(const Scrape&, const Scrape&) = default;
};
struct Scraped {
  std::string text = "";  // OpenMetrics, or a piece of it
  bool more = false;      // pieces follow

  friend bool operator==(const Scraped&, const Scraped&) = default;
};

using Scraping = std::variant<Listen, Scrape, Scraped>;

std::string encode(const Scraping& message);
std::optional<Scraping> decode_scraping(std::span<const std::uint8_t> bytes);

}  // namespace keepalive::core
