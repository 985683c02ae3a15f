// A relay's end that believes a peer hears any packets: nothing but what that peer sealed comes out of it, and the
// peer is heard afterwards as before.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "sync/relay.hpp"

namespace {

using namespace ipvs::sync;

void must(bool holds) {
  if (!holds) std::abort();
}

struct Ends {
  RelayEnd peer{{"secret"}, 71, 101};
  RelayEnd ours{{"secret", "old"}, 72, 102};
  Micros now{1'000'000};

  std::size_t carry(const RelayEnd::Output& output, RelayEnd& to, RelayEnd& from) {
    std::size_t delivered = 0;
    for (const std::string& packet : output.packets) {
      const auto answer = to.hear(packet, now);
      delivered += answer.datagrams.size();
      for (const std::string& back : answer.packets) from.hear(back, now);
    }
    return delivered;
  }
  void meet() {
    for (int i = 0; i < 4; ++i) {
      carry(peer.tick(now), ours, peer);
      carry(ours.tick(now), peer, ours);
      now += Micros{1'000'000};
    }
    must(ours.up(now) && peer.up(now));
  }
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  Ends ends;
  ends.meet();
  const std::string good = ends.peer.send("one", ends.now).packets.at(0);
  std::string_view rest{reinterpret_cast<const char*>(data), size};
  while (!rest.empty()) {
    const std::size_t length = std::min<std::size_t>(static_cast<std::uint8_t>(rest[0]) + 1U, rest.size());
    std::string packet{rest.substr(0, length)};
    rest.remove_prefix(length);
    must(ends.ours.hear(packet, ends.now).datagrams.empty());
    packet.resize(good.size());  // the good one, and what the input changes in it
    bool same = true;
    for (std::size_t i = 0; i < packet.size(); ++i) {
      same = same && packet[i] == 0;
      packet[i] = static_cast<char>(packet[i] ^ good[i]);
    }
    if (!same) must(ends.ours.hear(packet, ends.now).datagrams.empty());
  }
  must(ends.ours.hear(good, ends.now).datagrams.size() == 1);
  must(ends.ours.hear(good, ends.now).datagrams.empty());
  return 0;
}
