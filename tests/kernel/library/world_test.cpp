// Namespaces, privilege, traffic.
#include <fcntl.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>

#include "fixture.hpp"

using namespace ipvs;
using namespace ipvs::test;

namespace {

/// Sends one UDP datagram to an endpoint.
void send_to(const Endpoint& endpoint, const char* text) {
  const int fd = socket(endpoint.address.family() == Family::ipv4 ? AF_INET : AF_INET6, SOCK_DGRAM, 0);
  ssize_t sent = -1;
  const auto bytes = endpoint.address.bytes();
  if (endpoint.address.family() == Family::ipv4) {
    sockaddr_in to{.sin_family = AF_INET, .sin_port = htons(endpoint.port.value), .sin_addr = {}, .sin_zero = {}};
    std::memcpy(&to.sin_addr, bytes.data(), bytes.size());
    sent = sendto(fd, text, std::strlen(text), 0, reinterpret_cast<const sockaddr*>(&to), sizeof to);
  } else {
    sockaddr_in6 to{};
    to.sin6_family = AF_INET6;
    to.sin6_port = htons(endpoint.port.value);
    std::memcpy(&to.sin6_addr, bytes.data(), bytes.size());
    sent = sendto(fd, text, std::strlen(text), 0, reinterpret_cast<const sockaddr*>(&to), sizeof to);
  }
  CHECK(sent > 0);
  close(fd);
}

std::vector<Connection> connections(ConnectionFile file) {
  auto reader = good(ConnectionReader::open(file));
  std::vector<Connection> all;
  for (Connection connection; good(reader.next(connection));) all.push_back(connection);
  std::ranges::sort(all, {}, [](const Connection& c) { return std::pair{c.virtual_endpoint, c.client.port}; });
  return all;
}

std::filesystem::path own_namespace() { return std::filesystem::read_symlink("/proc/thread-self/ns/net"); }

/// Addresses of its own, services on them, and a datagram for each.
struct Traffic : Lab {
  ServiceKey four = udp("10.0.0.1:53");
  ServiceKey six = udp("[fd00::1]:53");
  ServiceKey sip = udp("10.0.0.1:5060");

  Traffic() {
    shell("ip addr add 10.0.0.1/32 dev lo && ip -6 addr add fd00::1/128 dev lo nodad");
    add({.key = four, .scheduler = "rr"}, "127.0.0.1:5353");
    add({.key = six, .scheduler = "rr", .persistence = Seconds{60}}, "[::1]:5353");
    add({.key = sip, .scheduler = "rr", .persistence = Seconds{100}, .persistence_engine = "sip"}, "127.0.0.1:5061");
    send_to(endpoint("10.0.0.1:53"), "query");
    send_to(endpoint("[fd00::1]:53"), "query");
    send_to(endpoint("10.0.0.1:5060"), "INVITE sip:a@b SIP/2.0\r\nCall-ID: 1234567@host\r\nContent-Length: 0\r\n\r\n");
  }
  void add(const Service& service, const char* server) {
    good(client.add_service(service));
    good(client.add_destination(service.key, {.endpoint = endpoint(server), .forwarding = Forwarding::masquerade}));
  }
};

}  // namespace

TEST_CASE_FIXTURE(Lab, "a client in another namespace works there, and the caller stays where it is") {
  shell("ip netns add library-test");
  const auto before = own_namespace();
  auto other = Client::open(Netns::named("library-test"));
  CHECK(own_namespace() == before);
  good(other->add_service({.key = tcp("192.0.2.1:80")}));
  CHECK(good(other->services()).size() == 1);
  CHECK(good(client.services()).empty());
  shell("ip netns del library-test");
}

TEST_CASE_FIXTURE(Lab, "a namespace that is none") {
  CHECK(Client::open(Netns::named("nonesuch")).error() ==
        Error{ENOENT, Operation::open_namespace, "/run/netns/nonesuch"});
  CHECK(Client::open(Netns{"/proc/self/status"}).error() ==
        Error{EINVAL, Operation::open_namespace, "/proc/self/status"});
}

TEST_CASE_FIXTURE(Lab, "without CAP_NET_ADMIN a client opens, and every request is refused in just those words") {
  REQUIRE(seteuid(65534) == 0);
  auto client_of_nobody = Client::open();
  const auto info = client_of_nobody->info();
  const auto services = client_of_nobody->services();
  const auto refusals = client_of_nobody->apply(std::vector<Change>(1000, RemoveService{FwmarkKey{{1}}}));
  REQUIRE(seteuid(0) == 0);
  CHECK(info.error().message() == "cannot get info: CAP_NET_ADMIN is missing");
  CHECK(services.error().privilege_missing());
  CHECK(good(refusals).size() == 1000);
  CHECK(refusals->front().error.privilege_missing());
}

TEST_CASE_FIXTURE(Traffic, "connections of both families, templates and persistence data are read") {
  const auto all = connections(ConnectionFile::plain);
  REQUIRE(all.size() == 5);
  CHECK(all[0].virtual_endpoint == endpoint("10.0.0.1:53"));
  CHECK(all[0].destination == endpoint("127.0.0.1:5353"));
  CHECK(all[0].protocol == Protocol::udp);
  CHECK(all[0].state == "UDP");
  CHECK(all[0].expires > Seconds{200});
  CHECK(all[1].client == endpoint("10.0.0.1:0"));
  CHECK(all[1].persistence_engine == "sip");
  CHECK(all[1].persistence_data == "1234567@host");
  CHECK(all[3].client == endpoint("[fd00::1]:0"));
  CHECK(all[4].destination == endpoint("[::1]:5353"));

  const auto with_origin = connections(ConnectionFile::with_origin);
  CHECK(with_origin.size() == 5);
  for (const Connection& connection : with_origin) CHECK(connection.synced == false);
}

TEST_CASE_FIXTURE(Traffic, "counters count, and zero() sets them back") {
  // Of the service and of its server.
  using Packets = std::pair<std::uint64_t, std::uint64_t>;
  const auto packets = [&](const ServiceKey& key) {
    return Packets{good(client.service(key)).stats.counters.in_packets,
                   good(client.destinations(key)).front().stats.counters.in_packets};
  };
  const Packets none{0, 0};
  const Packets one{1, 1};
  // The kernel brings them up to date every 2 seconds.
  for (int tries = 0; tries < 300 && (packets(four) != one || packets(six) != one); ++tries) usleep(100'000);
  CHECK((packets(four) == one));
  CHECK((packets(six) == one));
  good(client.zero(four));
  CHECK((packets(four) == none));
  CHECK((packets(six) == one));
  good(client.zero());
  CHECK((packets(six) == none));
  CHECK(good(client.destinations(six)).front().persistent_connections == 1);
}

TEST_CASE("a kernel without IPVS is told in just those words" * doctest::test_suite("no IPVS")) {
  CHECK(Client::open().error().message() ==
        "IPVS is missing from the kernel: neither built in nor loadable as module ip_vs");
  CHECK(ConnectionReader::open().error().code == ENOENT);
}
