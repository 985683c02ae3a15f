"""examples/mail/way-out.nft: servers behind a director that translates send mail out, from the service's address; who comes to
the service is seen as who he is. What examples/README.md says of filters in their way. Needs a kernel with nftables."""

import pathlib
import subprocess
import sys

import case
import world
from world import section

RULES = pathlib.Path(__file__).resolve().parents[3] / "examples" / "mail" / "way-out.nft"
VIP = "192.0.2.25"
HOSTS = """
bridge outside
bridge inside
host world outside 192.0.2.100/24
host director outside 192.0.2.2/24
host director inside 10.0.0.2/24
host mail1 inside 10.0.0.11/24 via 10.0.0.1
"""

# Says to whoever connects to PORT who he is.
TELL = """
import socket, sys
with socket.create_server(("0.0.0.0", int(sys.argv[1]))) as server:
    print("ready", flush=True)
    while True:
        peer, (address, port) = server.accept()
        with peer:
            peer.send(address.encode())
"""


class WayOut(case.Case):
    def ask(self, host, address):
        return world.asked(host, address, 25)

    def until_asked(self, host, address, wanted):
        world.until(lambda: self.ask(host, address) == wanted, lambda: f"{host} is {wanted}, not {self.ask(host, address)}")

    def setUp(self):
        super().setUp()
        world.topology(HOSTS)
        self.addCleanup(world.must, str(world.TOPOLOGY), "down")
        for host in ("world", "mail1"):
            server = subprocess.Popen(["ip", "netns", "exec", host, sys.executable, "-c", TELL, "25"],
                                      stdout=subprocess.PIPE, text=True)
            self.addCleanup(server.communicate)
            self.addCleanup(server.kill)
            self.assertEqual(server.stdout.readline(), "ready\n")
        router = {"advertise": "100ms", "group": "mail"}
        self.daemon(section("vrrp out", {"interface": "outside", "id": 25, "addresses": f"{VIP}/24", **router})
                    + section("vrrp in", {"interface": "inside", "id": 26, "addresses": "10.0.0.1/24", **router})
                    + section("pool p", {"server": "10.0.0.11"})
                    + section("virtual_server smtp", {"address": f"{VIP}:25", "forward": "nat", "pool": "p"}),
                    "--netns", "director")
        self.until_asked("world", VIP, "192.0.2.100")

    def test_servers_send_from_the_services_address(self):
        self.assertEqual(self.ask("mail1", "192.0.2.100"), "TimeoutError", "nobody knows the way back to 10.0.0.11")
        world.at("director", "/usr/sbin/nft", "-f", str(RULES))
        self.assertEqual(self.ask("mail1", "192.0.2.100"), VIP)
        self.assertEqual(self.ask("world", VIP), "192.0.2.100", "what comes in is as before")

    def filter(self, rule):
        rules = f"flush ruleset\ntable ip f {{\nchain c {{\ntype filter hook forward priority 0; policy drop\n{rule}\n}}\n}}\n"
        world.must("ip", "netns", "exec", "director", "/usr/sbin/nft", "-f", "-", input=rules)

    def test_a_filter_lets_answers_pass_by_where_they_come_from(self):
        self.filter("ct state established,related accept")
        self.assertEqual(self.ask("world", VIP), "TimeoutError")
        self.filter("ip saddr 10.0.0.0/24 tcp sport { 25, 110, 143 } accept")
        self.assertEqual(self.ask("world", VIP), "192.0.2.100")
