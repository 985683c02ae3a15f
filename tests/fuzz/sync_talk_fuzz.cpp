// What agents say to each other: any bytes. What is read is said again and read the same.
#include <cstdint>
#include <cstdlib>
#include <string_view>
#include <vector>

#include "sync/doctor.hpp"
#include "sync/talk.hpp"

namespace {

using namespace ipvs::sync;

void must(bool holds) {
  if (!holds) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::vector<std::uint8_t> copy{data, data + size};
  const auto message = decode_talk(copy);
  if (!message) return 0;
  const std::string frame = encode(*message);
  const auto again = decode_talk(base::as_bytes(std::string_view{frame}.substr(frame_head)));
  must(again.has_value() && *again == *message);
  if (const auto* hello = std::get_if<Hello>(&*message)) {
    examine(hello->facts);
    examine(hello->facts, Facts{});
  }
  if (const auto* ask = std::get_if<AskParity>(&*message)) Snapshot{{1, 2, 3}}.differing(ask->digest);
  return 0;
}
