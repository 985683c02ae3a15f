#define DOCTEST_CONFIG_IMPLEMENT_WITH_MAIN
#include <fcntl.h>
#include <net/if.h>
#include <sched.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <sstream>

#include "fixture.hpp"

namespace keepalive::net::test {

using namespace std::chrono_literals;

Hosts::Hosts() {
  shell(R"(modprobe -q ipv6; ip -batch - <<'END'
netns add a
netns add b
link add name wire netns a address 02:00:00:00:00:01 type veth peer name wire netns b address 02:00:00:00:00:02
END
for host in a b; do ip -n $host -batch - <<END || exit
link set dev lo up
link set dev wire addrgenmode none up
address add 10.1.0.$([ $host = a ] && echo 1 || echo 2)/24 dev wire
address add fe80::$([ $host = a ] && echo 1 || echo 2)/64 dev wire nodad
END
done)");
}

Hosts::~Hosts() { shell("ip netns delete a; ip netns delete b; ip link delete wire 2>/dev/null; true"); }

void Hosts::turn() {
  if (io.stopped()) io.restart();
  io.run_one_for(20ms);
}

void Hosts::settle() {
  do {
    if (io.stopped()) io.restart();
  } while (io.run_one_for(200ms) > 0);
}

In::In(const std::string& host) : before_{open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC)} {
  const base::Fd its{open(("/run/netns/" + host).c_str(), O_RDONLY | O_CLOEXEC)};
  REQUIRE(setns(its.get(), CLONE_NEWNET) == 0);
}

In::~In() { static_cast<void>(setns(before_.get(), CLONE_NEWNET)); }

void shell(const std::string& command) {
  CAPTURE(command);
  REQUIRE(std::system(command.c_str()) == 0);
}

std::string output(const std::string& command) {
  FILE* pipe = popen(command.c_str(), "r");
  REQUIRE(pipe != nullptr);
  std::string text;
  std::array<char, 4096> buffer{};
  while (const std::size_t got = fread(buffer.data(), 1, buffer.size(), pipe)) text.append(buffer.data(), got);
  pclose(pipe);
  while (text.ends_with('\n')) text.pop_back();
  return text;
}

Index index_of(const std::string& interface) { return if_nametoindex(interface.c_str()); }

Mac mac_of(const std::string& interface) {
  std::istringstream text{
      output("ip -o link show dev " + interface + " | sed 's/.*ether \\([^ ]*\\).*/\\1/; s/:/ /g'")};
  Mac mac{};
  for (std::uint8_t& byte : mac) {
    unsigned value = 0;
    text >> std::hex >> value;
    byte = static_cast<std::uint8_t>(value);
  }
  return mac;
}

}  // namespace keepalive::net::test
