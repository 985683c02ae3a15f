"""examples/server/setup: what it says is missing is what keeps a server from serving, and undoing it leaves nothing."""

import json
import pathlib
import subprocess

import case
import world
from world import section

SETUP = str(pathlib.Path(__file__).resolve().parents[3] / "examples" / "server" / "setup")
HOSTS = """
bridge lan
host director lan 10.0.0.1/24 fd00::1/64
host web1 lan 10.0.0.11/24 fd00::11/64
sysctl web1 net.ipv4.conf.all.rp_filter=1
"""
WATCHED = ("cat /proc/sys/net/ipv4/conf/all/arp_ignore /proc/sys/net/ipv4/conf/all/arp_announce; ip -o address; "
           "ip -o link | cut -d' ' -f2,3 | grep -v gre; cat /proc/sys/net/ipv4/conf/tunl0/rp_filter")


class Setup(case.Case):
    def setUp(self):
        super().setUp()
        world.topology(HOSTS)
        self.addCleanup(world.must, str(world.TOPOLOGY), "down")
        for module in ("ipip", "ip6_tunnel", "ip_gre", "ip6_gre", "fou"):
            world.must("modprobe", module)
        with world.inside("web1"):
            self.server("::")
            self.server("0.0.0.0")

    def setup(self, *words, fails=False):
        command = ["ip", "netns", "exec", "web1", "env", "IPVS_SERVER_STATE=/run/setup-test", SETUP, *words]
        done = subprocess.run(command, capture_output=True, text=True)
        self.assertEqual(done.returncode, 1 if fails else 0, done)
        return done.stdout

    def look(self):
        return world.at("web1", "sh", "-c", WATCHED)

    def makes_it_serve(self, mode, service, vip="10.0.0.100", server="10.0.0.11:80"):
        before = self.look()
        address = f"[{vip}]:80" if ":" in vip else f"{vip}:80"
        daemon = self.daemon(section("global", {"drift_interval": "200ms"})
                             + section("check c", {"type": "http", "via": "path", "interval": "100ms", "timeout": "300ms",
                                                   "jitter": "0", "fall": "2"})
                             + section("pool p", {"check": "c", "server": [f"{server} name=s1"]})
                             + section("virtual_server v", {"address": address, "pool": "p", **service}),
                             "--netns", "director")
        daemon.wait_state("s1", "down")
        self.assertIn(f"`setup check {mode} {vip}'", json.dumps(daemon.get("/v1/explain/p%2Fs1")))
        self.assertIn("missing: ip address add", self.setup("check", mode, vip, fails=True))
        self.setup("apply", mode, vip)
        self.setup("check", mode, vip)
        daemon.wait_state("s1", "up")
        self.assertEqual(self.setup("apply", mode, vip), "", "nothing is done twice")
        self.setup("undo")
        daemon.wait_state("s1", "down")
        self.assertEqual(self.look(), before)

    def test_direct_routing(self):
        self.makes_it_serve("dr", {"forward": "dr"})

    def test_direct_routing_of_IPv6(self):
        self.makes_it_serve("dr", {"forward": "dr"}, "fd00::100", "[fd00::11]:80")

    def test_tunnel(self):
        self.makes_it_serve("ipip", {"forward": "tunnel"})

    def test_tunnel_of_IPv6(self):
        self.makes_it_serve("ipip", {"forward": "tunnel"}, "fd00::100", "[fd00::11]:80")

    def test_gre(self):
        self.makes_it_serve("gre", {"forward": "tunnel", "tunnel": "gre"})

    def test_gue(self):
        self.makes_it_serve("gue:5555", {"forward": "tunnel", "tunnel": "gue", "tunnel_port": "5555"})

    def test_what_it_refuses(self):
        for words in (["apply"], ["apply", "nat", "10.0.0.1"], ["apply", "dr", "10.0.0.1:80"], ["undo", "now"], ["gue"]):
            done = subprocess.run([SETUP, *words], capture_output=True, text=True)
            self.assertEqual(done.returncode, 2, words)
            self.assertRegex(done.stderr, "setup: |Usage: ")
