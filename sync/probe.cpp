#include "sync/probe.hpp"

#include <algorithm>
#include <utility>

namespace ipvs::sync {
namespace {

constexpr std::uint32_t probe_magic = 0x49565052;  // IVPR

}  // namespace

std::string encode_probe(SyncId id, std::uint64_t token) {
  base::ByteWriter out;
  out.u8(0);
  out.u8(id.value);
  out.u16(0);
  out.u32(probe_magic);
  out.u64(token);
  return std::move(out).take();
}

std::optional<std::uint64_t> decode_probe(base::Bytes bytes) {
  base::ByteReader in{bytes};
  const std::uint8_t zero = in.u8();
  in.u8();
  const std::uint16_t size = in.u16();
  const bool ours = zero == 0 && size == 0 && in.u32() == probe_magic;
  const std::uint64_t token = in.u64();
  return in.done() && ours ? std::optional{token} : std::nullopt;
}

bool Probes::heard(std::uint64_t token) const { return std::find(heard_.begin(), heard_.end(), token) != heard_.end(); }

}  // namespace ipvs::sync
