#include "core/scrape.hpp"

#include <type_traits>

#include "core/archive.hpp"

namespace keepalive::core {

template <class V, class T>
static void members(V& visit, T& m) {
  using Plain = std::remove_const_t<T>;
  if constexpr (std::is_same_v<Plain, Listen>) visit(m.at);
  if constexpr (std::is_same_v<Plain, Scrape>) visit(m.format);
  if constexpr (std::is_same_v<Plain, Scraped>) visit(m.format, m.bytes);
}

std::string encode(const Scraping& message) { return archive::encode(message); }

std::optional<Scraping> decode_scraping(std::span<const std::uint8_t> bytes) {
  return archive::decode<Scraping>(bytes);
}

}  // namespace keepalive::core
