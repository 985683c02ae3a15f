// A datagram as the kernel might send it: walked, decoded as every set, converted.
#include "codec.hpp"
#include "convert.hpp"

using namespace ipvs;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  (void)codec::each_message({data, size}, [](const nlmsghdr&, codec::Bytes payload) {
    (void)codec::error_code(payload);
    if (wire::Service wire; codec::decode_answer(payload, wire)) (void)convert::from_wire(wire);
    if (wire::Destination wire; codec::decode_answer(payload, wire)) (void)convert::from_wire(wire, Family::ipv6);
    if (wire::Daemon wire; codec::decode_answer(payload, wire)) (void)convert::from_wire(wire);
    if (wire::Config wire; codec::decode_answer(payload, wire)) (void)convert::from_wire(wire);
    if (wire::Info wire; codec::decode_answer(payload, wire)) (void)convert::from_wire(wire);
    if (wire::GenlFamily wire; codec::decode_answer(payload, wire)) (void)wire.name;
    return true;
  });
  return 0;
}
