// Random public values, as the kernel could hold them.
#pragma once

#include <rapidcheck.h>

#include "ipvs++/ipvs++.hpp"

namespace rc {

template <>
struct Arbitrary<ipvs::Address> {
  static Gen<ipvs::Address> arbitrary() {
    const auto four = gen::map<std::array<std::uint8_t, 4>>([](auto bytes) { return ipvs::Address{bytes}; });
    const auto six = gen::map<std::array<std::uint8_t, 16>>([](auto bytes) { return ipvs::Address{bytes}; });
    // Runs of zeros are what IPv6 text shortens.
    const auto sparse =
        gen::map(gen::container<std::array<std::uint8_t, 16>>(gen::element<std::uint8_t>(0, 0, 0, 1, 255)),
                 [](auto bytes) { return ipvs::Address{bytes}; });
    return gen::oneOf(four, six, sparse);
  }
};

template <>
struct Arbitrary<ipvs::Endpoint> {
  static Gen<ipvs::Endpoint> arbitrary() {
    return gen::construct<ipvs::Endpoint>(gen::arbitrary<ipvs::Address>(),
                                          gen::construct<ipvs::Port>(gen::arbitrary<std::uint16_t>()));
  }
};

template <>
struct Arbitrary<ipvs::ServiceKey> {
  static Gen<ipvs::ServiceKey> arbitrary() {
    using namespace ipvs;
    const auto vip =
        gen::construct<VipKey>(gen::element(Protocol::tcp, Protocol::udp, Protocol::sctp), gen::arbitrary<Endpoint>());
    const auto mark = gen::construct<FwmarkKey>(gen::construct<Fwmark>(gen::inRange(1U, ~0U)),
                                                gen::element(Family::ipv4, Family::ipv6));
    return gen::oneOf(gen::cast<ServiceKey>(vip), gen::cast<ServiceKey>(mark));
  }
};

template <>
struct Arbitrary<ipvs::Service> {
  static Gen<ipvs::Service> arbitrary() {
    return gen::exec([] {
      using namespace ipvs;
      Service service{.key = *gen::arbitrary<ServiceKey>(), .scheduler = *gen::element<std::string>("rr", "wlc", "sh")};
      service.flags = Flags<ServiceFlag>::from_bits(4 * *gen::inRange(0U, 16U));
      if (*gen::arbitrary<bool>()) service.persistence = Seconds{*gen::arbitrary<std::uint32_t>()};
      const bool six = family(service.key) == Family::ipv6;
      if (*gen::arbitrary<bool>())
        service.netmask = Netmask{six ? *gen::inRange(1U, 129U) : *gen::arbitrary<unsigned>()};
      service.persistence_engine = *gen::element<std::string>("", "sip", "fifteen-letters");
      return service;
    });
  }
};

template <>
struct Arbitrary<ipvs::Destination> {
  static Gen<ipvs::Destination> arbitrary() {
    return gen::exec([] {
      using namespace ipvs;
      Destination destination{.endpoint = *gen::arbitrary<Endpoint>(),
                              .forwarding = static_cast<Forwarding>(*gen::element(0U, 2U, 3U, 4U)),
                              .weight = *gen::element(0, 1, 65536, 2147483647)};
      destination.thresholds.upper = *gen::arbitrary<std::uint32_t>();
      destination.thresholds.lower = destination.thresholds.upper / 2;
      if (destination.forwarding == Forwarding::tunnel) {
        destination.tunnel = {static_cast<TunnelType>(*gen::inRange(0, 3)),
                              {*gen::arbitrary<std::uint16_t>()},
                              Flags<TunnelFlag>::from_bits(*gen::arbitrary<std::uint16_t>())};
      }
      return destination;
    });
  }
};

template <>
struct Arbitrary<ipvs::Daemon> {
  static Gen<ipvs::Daemon> arbitrary() {
    return gen::exec([] {
      using namespace ipvs;
      Daemon daemon{.role = *gen::element(DaemonRole::master, DaemonRole::backup),
                    .interface = *gen::element<std::string>("lo", "eth0", "fifteen-letters"),
                    .sync_id = {*gen::arbitrary<std::uint8_t>()},
                    .max_length = *gen::arbitrary<std::uint16_t>(),
                    .port = {*gen::arbitrary<std::uint16_t>()},
                    .ttl = *gen::arbitrary<std::uint8_t>()};
      if (*gen::arbitrary<bool>()) daemon.group = *gen::arbitrary<Address>();
      return daemon;
    });
  }
};

}  // namespace rc

namespace ipvs::test {

/// Tables over few keys and endpoints, so that two of them share some.
inline rc::Gen<Table> table() {
  return rc::gen::exec([] {
    Table table;
    for (std::uint32_t mark : *rc::gen::container<std::vector<std::uint32_t>>(rc::gen::inRange(1U, 6U))) {
      Service service = *rc::gen::arbitrary<Service>();
      service.key = FwmarkKey{{mark}};
      if (service.netmask) service.netmask = *rc::gen::element(Netmask{0xffffff00}, Netmask{0xffffffff});
      TableService& under = table[service.key];
      under.service = service;
      for (std::uint16_t port :
           *rc::gen::container<std::vector<std::uint16_t>>(rc::gen::inRange<std::uint16_t>(0, 6))) {
        Destination destination = *rc::gen::arbitrary<Destination>();
        destination.endpoint = {Address{}, {port}};
        under.destinations.insert(destination);
      }
    }
    return table;
  });
}

}  // namespace ipvs::test
