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
#include "core/monitor_words.hpp"
#include "core/scrape.hpp"
#include "core/sync_words.hpp"
#include "core/vrrp/messages.hpp"

namespace {

using namespace keepalive::core;
using Bytes = std::span<const std::uint8_t>;

/// Many of these messages hold what has no comparison: their bytes have.
template <class Decode>
void look(Bytes bytes, Decode decode) {
  const auto message = decode(bytes);
  if (!message) return;
  const std::string once = encode(*message);
  const auto again = decode(base::as_bytes(once));
  if (!again || encode(*again) != once) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const Bytes bytes{data, size};
  look(bytes, [](Bytes its) { return decode(its); });
  look(bytes, decode_dispatch);
  look(bytes, decode_scraping);
  look(bytes, decode_launch);
  look(bytes, decode_monitor);
  look(bytes, decode_sync);
  look(bytes, vrrp::decode_speech);
  look(bytes, vrrp::decode_guarding);
  return 0;
}
