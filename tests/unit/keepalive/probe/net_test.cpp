// What needs a network of its own: sources, interfaces, marks, pings, hosts that are not there.
#include <doctest/doctest.h>
#include <netinet/in.h>
#include <sched.h>
#include <sys/socket.h>

#include <cstdlib>
#include <functional>
#include <string>
#include <thread>
#include <vector>

#include "config/load.hpp"
#include "core/sockets.hpp"
#include "director.hpp"
#include "io/socket.hpp"
#include "server.hpp"

namespace net_test {

using namespace probe_test;
using namespace keepalive;

namespace {

void skip(const char* why) { MESSAGE("skipped: ", why); }

/// Runs in a network namespace that holds a pair of interfaces, v0 with 10.9.0.100/32 and 10.9.0.1/24, and nobody
/// else; or not at all, where that is not allowed.
void in_new_network(const std::function<void()>& test) {
  std::thread{[&] {
    if (unshare(CLONE_NEWNET) != 0) return skip("no network namespace is to be had");
    const auto made = std::system(
        "ip link set lo up && ip link add v0 type veth peer name v1 && ip link set v1 up && ip link set v0 up && "
        "ip addr add 10.9.0.100/32 dev v0 && ip addr add 10.9.0.1/24 dev v0");
    if (made != 0) return skip("no interfaces are to be had");
    test();
  }}.join();
}

ipvs::Endpoint at(const std::string& text) { return ipvs::Endpoint::parse(text).value(); }

core::Verdict verdict_of(const std::string& check, core::Target target) {
  Director director;
  const auto need =
      core::socket_need(parse_check("check", check).value(), target.endpoint.address.family(), target.mark);
  if (need) director.open_socket = [need] { return io::open_socket(*need); };
  director.tell(core::SetCheck{1, check + "\nfall = 1\ninterval = 60s\njitter = 0\n" +
                                      (check.find("timeout") == check.npos ? "timeout = 20s\n" : "")});
  target.id = target.check = 1;
  director.tell(core::SetTargets{{target}});
  return director.verdict(1);
}

/// A listening socket of an address, its port in `endpoint`.
probe::Fd listening(ipvs::Endpoint& endpoint) {
  sockaddr_in v4{};
  sockaddr_in6 v6{};
  const bool old = endpoint.address.family() == ipvs::Family::ipv4;
  v4.sin_family = AF_INET;
  v6.sin6_family = AF_INET6;
  const auto bytes = endpoint.address.bytes();
  std::copy(bytes.begin(), bytes.end(),
            old ? reinterpret_cast<std::uint8_t*>(&v4.sin_addr) : reinterpret_cast<std::uint8_t*>(&v6.sin6_addr));
  auto* const any = old ? reinterpret_cast<sockaddr*>(&v4) : reinterpret_cast<sockaddr*>(&v6);
  socklen_t size = old ? sizeof v4 : sizeof v6;
  probe::Fd fd{socket(any->sa_family, SOCK_STREAM | SOCK_CLOEXEC, 0)};
  CHECK(bind(fd.get(), any, size) == 0);
  CHECK(listen(fd.get(), 5) == 0);
  const timeval patience{.tv_sec = 20, .tv_usec = 0};
  setsockopt(fd.get(), SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  getsockname(fd.get(), any, &size);
  endpoint.port = {ntohs(old ? v4.sin_port : v6.sin6_port)};
  return fd;
}

/// Who has connected.
sockaddr_in visitor_of(const probe::Fd& listener) {
  sockaddr_in peer{};
  socklen_t size = sizeof peer;
  const probe::Fd fd{accept(listener.get(), reinterpret_cast<sockaddr*>(&peer), &size)};
  return peer;
}
std::uint32_t peer_of(const probe::Fd& listener) { return ntohl(visitor_of(listener).sin_addr.s_addr); }

}  // namespace

TEST_CASE("source, interface and mark of a socket, where they are ours to choose") {
  in_new_network([] {
    ipvs::Endpoint here = at("127.0.0.1:0");
    const probe::Fd listener = listening(here);
    for (const char* choice : {"source = 127.0.0.2", "interface = lo", "mark = 7"}) {
      CAPTURE(choice);
      CHECK(verdict_of(std::string{"type = tcp\n"} + choice, {.endpoint = here}).evidence.starts_with("connected in "));
      const std::uint32_t peer = peer_of(listener);
      CHECK(peer == (std::string_view{choice}.starts_with("source") ? 0x7f000002U : 0x7f000001U));
    }
  });
}

TEST_CASE("source_port: probes of several servers have it at once, and one after the other") {
  in_new_network([] {
    std::vector<ipvs::Endpoint> servers(3, at("127.0.0.1:0"));
    servers[2] = at("[::1]:0");
    std::vector<probe::Fd> listeners;
    for (ipvs::Endpoint& server : servers) listeners.push_back(listening(server));
    for (const char* type : {"type = tcp", "type = tcp\nexpect = x", "type = http", "type = http\nfollow = yes"}) {
      CAPTURE(type);
      Director director;
      director.tell(
          core::SetCheck{1, std::string{type} + "\nsource_port = 4000\njitter = 0\ninterval = 100ms\ntimeout = 20s\n"});
      for (std::uint32_t id = 1; id <= servers.size(); ++id)
        director.tell(core::SetTargets{{{.id = id, .check = 1, .endpoint = servers[id - 1]}}});
      for (int run = 0; run < 2; ++run)
        for (const probe::Fd& listener : listeners) CHECK(ntohs(visitor_of(listener).sin_port) == 4000);
    }
    for (ipvs::Endpoint& server : servers) server.port = {};
    for (std::size_t i = 0; i < servers.size(); ++i) listeners[i] = listening(servers[i]);
    CHECK(verdict_of("type = tcp\nsource_port = 4000\nsource = 127.0.0.9", {.endpoint = servers[0]}).good);
    CHECK(peer_of(listeners[0]) == 0x7f000009U);
    CHECK(verdict_of("type = tcp\nsource_port = " + std::to_string(servers[0].port.value), {.endpoint = servers[1]})
              .evidence ==
          "cannot send from port " + std::to_string(servers[0].port.value) + ": address already in use");
  });
}

TEST_CASE("IPv6: a connection, and where nobody listens") {
  in_new_network([] {
    ipvs::Endpoint here = at("[::1]:0");
    {
      const probe::Fd listener = listening(here);
      CHECK(verdict_of("type = tcp", {.endpoint = here}).good);
    }
    CHECK(verdict_of("type = tcp", {.endpoint = here}).evidence == "connection refused");
    CHECK(verdict_of("type = udp\ntimeout = 2s", {.endpoint = here}).evidence == "connection refused");
  });
}

TEST_CASE("ping: this machine over both families, and a host that is not there") {
  in_new_network([] {
    CHECK(verdict_of("type = ping", {.endpoint = at("10.9.0.1:0")}).evidence ==
          "cannot ping: net.ipv4.ping_group_range leaves us out");
    if (std::system("echo 0 0 > /proc/sys/net/ipv4/ping_group_range") != 0)
      return skip("the setting is not ours to write");
    CHECK(verdict_of("type = ping", {.endpoint = at("10.9.0.1:0")}).evidence.starts_with("answered in "));
    CHECK(verdict_of("type = ping", {.endpoint = at("[::1]:0")}).evidence.starts_with("answered in "));
    CHECK(verdict_of("type = ping", {.endpoint = at("10.9.0.2:0")}).evidence == "no route to host");
  });
}

TEST_CASE("udp: a host that nobody finds is not merely silent") {
  in_new_network([] {
    const core::Verdict verdict = verdict_of("type = udp", {.endpoint = at("10.9.0.2:9")});
    CHECK(!verdict.good);
    CHECK(verdict.evidence == "no route to host");
  });
}

TEST_CASE("via = path asks from an address of ours that is not the service's, of the service's family") {
  in_new_network([] {
    ipvs::Endpoint service = at("10.9.0.100:0");
    const probe::Fd listener = listening(service);
    for (const char* behind : {"10.9.0.2:80", "[fd00::2]:80"}) {
      CAPTURE(behind);
      const core::Target target{.endpoint = service, .mark = {5}, .behind = at(behind)};
      CHECK(verdict_of("type = tcp\nvia = path", target).evidence.starts_with("connected in "));
      CHECK(peer_of(listener) == 0x0a090001U);
    }
    if (std::system("ip addr del 10.9.0.1/24 dev v0") != 0) return;
    const core::Target target{.endpoint = service, .mark = {5}, .behind = at("[fd00::2]:80")};
    CHECK(verdict_of("type = tcp\nvia = path", target).evidence ==
          "cannot probe: no address of ours could ask 10.9.0.100; `source' names one");
  });
}

}  // namespace net_test
