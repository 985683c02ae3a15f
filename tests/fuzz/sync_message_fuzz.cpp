// Sync datagrams: any bytes. What is read is said again as version 1 and read the same; the mirror and the counters
// take it. A probe is no datagram.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <vector>

#include "sync/message.hpp"
#include "sync/mirror.hpp"
#include "sync/parity.hpp"
#include "sync/probe.hpp"
#include "sync/states.hpp"
#include "sync/traffic.hpp"

namespace {

using namespace ipvs;
using namespace ipvs::sync;

void must(bool holds) {
  if (!holds) std::abort();
}

/// Entries of both families in one line are not the kernel's: an encoder need not keep them.
bool one_family(const Entry& entry) {
  const Family family = entry.client.address.family();
  return entry.virtual_endpoint.address.family() == family && entry.destination.address.family() == family;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::vector<std::uint8_t> copy{data, data + size};  // ends where they end
  const auto read = decode(copy);
  if (const auto token = decode_probe(copy)) {
    must(!read);  // no kernel would take it
    must(encode_probe(SyncId{copy[1]}, *token) == std::string(copy.begin(), copy.end()));
  }
  Traffic traffic;
  if (!read) {
    must(!to_string(read.error()).empty());
    traffic.count({}, false, size, read.error(), Time{0});
    return 0;
  }
  traffic.count({}, false, size, *read, 0, Time{0});
  Mirror mirror;
  std::vector<Entry> again;
  for (const Entry& entry : read->entries) {
    must(one_family(entry) && !state_name(entry).empty());
    mirror.hear(entry, Time{0});
  }
  for (const std::string& datagram : encode(read->entries, read->id, 65'000)) {
    const auto same = decode(base::as_bytes(datagram));
    must(same.has_value() && same->id == read->id);
    again.insert(again.end(), same->entries.begin(), same->entries.end());
  }
  must(again == read->entries);
  const Snapshot snapshot{mirror, settled};
  must(snapshot.differing(snapshot.digest()).empty());
  mirror.age(Time::max(), mirror.buckets());
  must(mirror.size() == 0);
  return 0;
}
