// What a serial line gives, in pieces of any size: the first byte says of which. No datagram is longer than ours may
// be, a whole frame is found whatever came before it, and a line that hears noise is not up.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "core/vrrp/line.hpp"
#include "fuzz.hpp"

namespace {

using namespace keepalive::core::vrrp;
using fuzz::must;

constexpr std::size_t longest = 16384;

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string bytes{data + 1, data + size};
  const std::size_t piece = 1 + data[0];
  Deframer deframer;
  Line line{{.name = "x", .kind = Heartbeat::Kind::tty, .speed = 9600, .key = std::string(32, 'k')}, 1, Time{0}};
  for (std::size_t from = 0; from < bytes.size(); from += piece) {
    for (const std::string& one : deframer.take(bytes.substr(from, piece)).datagrams)
      must(!one.empty() && one.size() <= longest);
    must(line.hear(bytes.substr(from, piece), 7, Time{1}).empty());
  }
  must(!line.up());
  if (bytes.empty() || bytes.size() > longest) return 0;
  const auto found = deframer.take(framed(bytes)).datagrams;
  must(!found.empty() && found.back() == bytes);
  return 0;
}
