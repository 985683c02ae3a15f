// Heartbeat datagrams: any bytes, as they are and sealed by our key, since otherwise nothing comes through. What is
// read is said again in the same way; a line that hears them believes nothing that does not say its epoch.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <vector>

#include "core/vrrp/line.hpp"
#include "core/vrrp/seal.hpp"
#include "fuzz.hpp"

namespace {

using namespace keepalive::core::vrrp;
using fuzz::must;

const std::string key(32, 'k');
constexpr std::uint64_t epoch = 0x0102030405060708;
constexpr std::uint64_t node = 7;

std::string sealed(std::string bytes) {
  const Seal its = seal(base::as_bytes(bytes), key);
  return bytes.append(its.begin(), its.end());
}

void check(const std::string& bytes) {
  const std::vector<std::uint8_t> copy{bytes.begin(), bytes.end()};  // ends where they end
  const auto result = decode(copy, key);
  if (const auto* refusal = std::get_if<Refusal>(&result)) return must(!to_string(*refusal).empty());
  const Beat& beat = std::get<Beat>(result);
  const auto again = decode(base::as_bytes(encode(beat, key)), key);
  must(std::get<Beat>(again) == beat);
  Line line{{.name = "x", .key = key}, epoch, Time{0}};
  const auto believed = line.hear(bytes, node, Time{1});
  must(believed.empty() == (beat.echo != epoch || beat.epoch == epoch || beat.node == node));
  must(line.up() == !believed.empty());
  must(line.hear(bytes, node, Time{2}).empty());  // once is enough
  for (const std::string& said : line.speak({.node = node, .sequence = 1}, std::chrono::milliseconds{100}, Time{3}))
    must(std::holds_alternative<Beat>(decode(base::as_bytes(said), key)));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string bytes{data, data + size};
  check(bytes);
  check(sealed(bytes));
  return 0;
}
