// What processes of ours tell each other: any bytes must give a message or none, and a message must come through its
// own bytes as it was.
#include <cstdint>
#include <cstdlib>
#include <span>
#include <string>

#include "base/bytes.hpp"
#include "core/alerts.hpp"
#include "core/launch.hpp"
#include "core/messages.hpp"
#include "core/scrape.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace keepalive::core;
  const std::span bytes{data, size};
  if (const auto message = decode(bytes); message && decode(base::as_bytes(encode(*message))) != message) std::abort();
  if (const auto alert = decode_dispatch(bytes); alert && decode_dispatch(base::as_bytes(encode(*alert))) != alert)
    std::abort();
  if (const auto scrape = decode_scraping(bytes); scrape && decode_scraping(base::as_bytes(encode(*scrape))) != scrape)
    std::abort();
  if (const auto launch = decode_launch(bytes)) {
    const std::string once = encode(*launch);
    const auto again = decode_launch(base::as_bytes(once));
    if (!again || encode(*again) != once) std::abort();
  }
  return 0;
}
