"""`accept = no`: a master takes what comes to its address for a service, and drops the rest. Needs a kernel with nftables
of family inet."""

import subprocess
import sys

import case
import world
from world import section

VIP = "10.0.0.100"
HOSTS = f"""
bridge lan
host director lan 10.0.0.1/24
host client lan 10.0.0.201/24
host web lan 10.0.0.11/24
sysctl web net.ipv4.conf.all.arp_ignore=1
sysctl web net.ipv4.conf.all.arp_announce=2
address web lo {VIP}/32
"""

# Says a name to whoever connects: NAME PORT.
SERVE = """
import socket, sys
with socket.create_server(("0.0.0.0", int(sys.argv[2]))) as server:
    print("ready", flush=True)
    while True:
        with server.accept()[0] as peer:
            peer.send(sys.argv[1].encode())
"""


def conf(**router):
    return (section("vrrp v1", {"interface": "lan", "id": 51, "addresses": f"{VIP}/24", "advertise": "100ms", **router})
            + section("pool p", {"server": "10.0.0.11:80"})
            + section("virtual_server web", {"address": f"{VIP}:80", "forward": "dr", "pool": "p"}))


class Accept(case.Case):
    def setUp(self):
        super().setUp()
        world.topology(HOSTS)
        self.addCleanup(world.must, str(world.TOPOLOGY), "down")
        for host, port in (("web", 80), ("director", 2222)):
            server = subprocess.Popen(["ip", "netns", "exec", host, sys.executable, "-c", SERVE, host, str(port)],
                                      stdout=subprocess.PIPE, text=True)
            self.addCleanup(server.communicate)
            self.addCleanup(server.kill)
            self.assertEqual(server.stdout.readline(), "ready\n")

    def ask(self, host, port):
        return world.asked("client", host, port)

    def rules(self):
        return world.at("director", "/usr/sbin/nft", "list", "ruleset")

    def until_asked(self, wanted):
        def answers():
            return [self.ask(VIP, 80), self.ask(VIP, 2222), self.ask("10.0.0.1", 2222)]
        world.until(lambda: answers() == wanted, lambda: f"the answers are {wanted}; they are {answers()}")

    def test_only_services_are_reached_at_an_address_that_accepts_nothing(self):
        daemon = self.daemon(conf(accept="no"), "--netns", "director")
        world.until(lambda: f"ip daddr {VIP} drop" in self.rules(), lambda: f"the rules are there: {self.rules()}")
        self.until_asked(["web", "TimeoutError", "director"])
        self.assertEqual(daemon.reload(conf())[0], 200)
        world.until(lambda: self.rules() == "", "the rules are gone")
        self.until_asked(["web", "director", "director"])
        self.assertEqual(daemon.reload(conf(accept="no"))[0], 200)
        self.until_asked(["web", "TimeoutError", "director"])
        self.assertEqual(daemon.stop(), 0)
        self.assertEqual(self.rules(), "")
