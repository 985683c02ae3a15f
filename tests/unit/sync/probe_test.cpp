#include "sync/probe.hpp"

#include <doctest/doctest.h>

#include "sync/message.hpp"

using namespace ipvs;
using namespace ipvs::sync;
using namespace std::string_literals;

namespace {

const std::string bytes = "\x00\x33\x00\x00IVPR\x01\x02\x03\x04\x05\x06\x07\x08"s;

}  // namespace

TEST_CASE("a probe, and what is none") {
  CHECK(encode_probe(SyncId{51}, 0x0102030405060708) == bytes);
  CHECK(decode_probe(base::as_bytes(bytes)) == 0x0102030405060708);
  CHECK_FALSE(decode_probe(base::as_bytes(bytes.substr(0, 15))));
  CHECK_FALSE(decode_probe(base::as_bytes(bytes + "x")));
  CHECK_FALSE(decode_probe(base::as_bytes("\x00\x33\x00\x10IVPR\x01\x02\x03\x04\x05\x06\x07\x08"s)));
  CHECK_FALSE(decode_probe({}));
}

TEST_CASE("a probe is no datagram of the kernel's") { CHECK_FALSE(decode(base::as_bytes(bytes))); }

TEST_CASE("only the last tokens are remembered") {
  Probes probes;
  for (std::uint64_t token = 1; token <= Probes::most + 1; ++token) probes.hear(token);
  CHECK_FALSE(probes.heard(1));
  CHECK(probes.heard(2));
  CHECK_FALSE(probes.heard(answer_to(2)));
}
