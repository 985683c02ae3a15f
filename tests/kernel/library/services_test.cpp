#include <algorithm>
#include <cerrno>

#include "fixture.hpp"

using namespace ipvs;
using namespace ipvs::test;

namespace {

const Service services_of_every_kind[] = {
    {.key = tcp("192.0.2.1:80")},
    {.key = tcp("192.0.2.1:0"), .scheduler = "rr", .persistence = Seconds{300}},
    {.key = tcp("[2001:db8::1]:80"), .scheduler = "wrr"},
    {.key = udp("192.0.2.1:53"), .scheduler = "rr", .flags = {ServiceFlag::one_packet}},
    {.key = udp("[2001:db8::1]:5060"), .scheduler = "rr", .persistence = Seconds{60}, .persistence_engine = "sip"},
    {.key = VipKey{Protocol::sctp, endpoint("192.0.2.1:80")}, .scheduler = "lc"},
    {.key = VipKey{Protocol::sctp, endpoint("[2001:db8::1]:80")}, .scheduler = "none"},
    {.key = VipKey{Protocol::ah, endpoint("192.0.2.1:0")}},
    {.key = VipKey{static_cast<Protocol>(47), endpoint("192.0.2.1:0")}},
    {.key = FwmarkKey{{1}}, .scheduler = "sh", .flags = {ServiceFlag::sh_fallback, ServiceFlag::sh_port}},
    {.key = FwmarkKey{{1}, Family::ipv6}, .scheduler = "mh", .flags = {ServiceFlag::mh_port}},
    {.key = FwmarkKey{{4294967295}}, .scheduler = "dh", .flags = {ServiceFlag::sched3}},
    {.key = tcp("192.0.2.2:80"), .persistence = Seconds{1}, .netmask = Netmask{0xffffff00}},
    {.key = tcp("192.0.2.3:80"), .persistence = Seconds{86400}, .netmask = Netmask{0x00ff00ff}},
    {.key = tcp("[2001:db8::2]:80"), .persistence = Seconds{360}, .netmask = Netmask{64}},
    {.key = tcp("[2001:db8::3]:80"), .netmask = Netmask{1}},
};

}  // namespace

TEST_CASE_FIXTURE(Lab, "a service of every kind comes back from the kernel as it was asked for") {
  for (const Service& service : services_of_every_kind) {
    CAPTURE(service);
    good(client.add_service(service));
    CHECK(good(client.service(service.key)).service == service);
  }
  const auto listed = good(client.services());
  CHECK(listed.size() == std::size(services_of_every_kind));
  for (const Service& service : services_of_every_kind) {
    CHECK(std::ranges::count(listed, service, &ServiceEntry::service) == 1);
  }
}

TEST_CASE_FIXTURE(Lab, "an edit replaces every property") {
  const ServiceKey key = udp("192.0.2.1:5060");
  good(client.add_service({.key = key,
                           .scheduler = "sh",
                           .flags = {ServiceFlag::sh_port},
                           .persistence = Seconds{60},
                           .netmask = Netmask{0xffffff00},
                           .persistence_engine = "sip"}));
  const Service plain{.key = key, .scheduler = "rr"};
  good(client.edit_service(plain));
  CHECK(good(client.service(key)).service == plain);
}

TEST_CASE_FIXTURE(Lab, "refusals of services keep the kernel's errno") {
  const Service service{.key = tcp("192.0.2.1:80")};
  const auto with = [](Service changed, auto change) {
    change(changed);
    return changed;
  };
  good(client.add_service(service));
  CHECK(client.add_service(service).error() == Error{EEXIST, Operation::add_service, "TCP 192.0.2.1:80"});
  CHECK(code(client.edit_service(with(service, [](Service& s) { s.scheduler = "nonesuch"; }))) == ENOENT);
  CHECK(code(client.edit_service(with(service, [](Service& s) { s.persistence_engine = "nonesuch"; }))) == ENOENT);
  CHECK(code(client.add_service({.key = tcp("[2001:db8::1]:80"), .netmask = Netmask{129}})) == EINVAL);

  const ServiceKey absent = FwmarkKey{{9}, Family::ipv6};
  CHECK(client.edit_service({.key = absent}).error() == Error{ESRCH, Operation::edit_service, "FWM 9 IPv6"});
  CHECK(client.remove_service(absent).error() == Error{ESRCH, Operation::remove_service, "FWM 9 IPv6"});
  CHECK(client.service(absent).error() == Error{ESRCH, Operation::get_service, "FWM 9 IPv6"});
  CHECK(client.zero(absent).error() == Error{ESRCH, Operation::zero, "FWM 9 IPv6"});
  CHECK(good(client.destinations(absent)).empty());
}

TEST_CASE_FIXTURE(Lab, "a mark of either family is a service of its own") {
  good(client.add_service({.key = FwmarkKey{{1}}}));
  good(client.add_service({.key = FwmarkKey{{1}, Family::ipv6}}));
  good(client.remove_service(FwmarkKey{{1}}));
  CHECK(good(client.services()).size() == 1);
  CHECK(good(client.services()).front().service.key == ServiceKey{FwmarkKey{{1}, Family::ipv6}});
}

TEST_CASE_FIXTURE(Lab, "flush removes every service, and nothing from other namespaces") {
  good(client.add_service({.key = tcp("192.0.2.1:80")}));
  good(client.add_service({.key = FwmarkKey{{1}}}));
  Lab other;
  good(other.client.flush());
  CHECK(good(client.services()).size() == 2);
  good(client.flush());
  CHECK(good(client.services()).empty());
  good(client.flush());
}

TEST_CASE_FIXTURE(Lab, "more services than one message of the kernel holds are read whole") {
  std::vector<Change> changes;
  for (std::uint32_t mark = 1; mark <= 1000; ++mark) changes.push_back(AddService{{.key = FwmarkKey{{mark}}}});
  CHECK(good(client.apply(changes)).empty());
  CHECK(good(client.services()).size() == 1000);
}

TEST_CASE_FIXTURE(Lab, "IPVS tells its version and the size of its table") {
  const Info info = good(client.info());
  CHECK(info.version == Version{1, 2, 1});
  CHECK(info.connection_table_size >= 256);
}

TEST_CASE_FIXTURE(Lab, "a timeout of 0 leaves a value as it is") {
  good(client.set_timeouts({Seconds{100}, Seconds{50}, Seconds{25}}));
  CHECK(good(client.timeouts()) == Timeouts{Seconds{100}, Seconds{50}, Seconds{25}});
  good(client.set_timeouts({.tcp_fin = Seconds{60}}));
  CHECK(good(client.timeouts()) == Timeouts{Seconds{100}, Seconds{60}, Seconds{25}});
  CHECK(code(client.set_timeouts({.tcp = Seconds{4294967295}})) == EINVAL);
}
