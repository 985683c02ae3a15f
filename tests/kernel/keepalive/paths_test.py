"""Probes through the forwarding path (`via = path`), between hosts: a server whose own address answers but that clients
could not use is found, whether the director holds the service's address or not."""

import os
import signal

import case
import world
from world import section

VIP = "10.0.0.100"
HOSTS = """
bridge lan
host director lan 10.0.0.1/24
host web1 lan 10.0.0.11/24 fd00::11/64
host web2 lan 10.0.0.12/24 fd00::12/64
address director lan fd00::1/64
sysctl web1 net.ipv4.conf.all.arp_ignore=1
sysctl web1 net.ipv4.conf.all.arp_announce=2
sysctl web2 net.ipv4.conf.all.arp_ignore=1
sysctl web2 net.ipv4.conf.all.arp_announce=2
"""
WEBS = {"s1": ("web1", "10.0.0.11"), "s2": ("web2", "10.0.0.12")}


def conf(forward, checked=None, service=None, ipvs="", listed=("10.0.0.11:80 name=s1", "10.0.0.12:80 name=s2")):
    return (section("global", {"drift_interval": "200ms"}) + ipvs
            + section("check c", {"type": "http", "via": "path", "interval": "100ms", "timeout": "300ms", "jitter": "0",
                                  "fall": "2", **(checked or {})})
            + section("pool p", {"check": "c", "server": list(listed)})
            + section("virtual_server v", {"address": f"{VIP}:80", "forward": forward, "scheduler": "rr", "pool": "p",
                                           **(service or {})}))


class Paths(case.Case):
    holds = False

    def setUp(self):
        super().setUp()
        world.topology(HOSTS + (f"address director lan {VIP}/32\n" if self.holds else ""))
        self.addCleanup(world.must, str(world.TOPOLOGY), "down")
        for host, _ in WEBS.values():
            with world.inside(host):
                self.server("0.0.0.0")

    def running(self, text):
        daemon = self.daemon(text, "--netns", "director")
        for name in WEBS:
            world.until(lambda: daemon.state(name) == "up",
                        lambda: f"{name} is up; {daemon.servers()[name]}\n{daemon.events()}\n{self.rules()}")
        return daemon

    def rules(self):
        return world.at("director", world.IPVSADM, "-S", "-n")

    def setting(self, name="accept_local"):
        return world.at("director", "cat", f"/proc/sys/net/ipv4/conf/lan/{name}").strip()

    def own_address_answers(self, name):
        with world.inside("director"), world.socket.create_connection((WEBS[name][1], 80), timeout=5) as client:
            client.sendall(b"GET / HTTP/1.0\r\n\r\n")
            self.assertIn(b"200 OK", client.recv(4096))

    def goes_and_returns(self, daemon, breaks, mends):
        """Of web1 its own address answers all the time; the way to it breaks, and is mended."""
        visible = f"-a -t {VIP}:80 -r 10.0.0.11:80"
        self.assertIn(visible, self.rules())
        world.must("ip", "-n", "web1", *breaks.split())
        evidence = daemon.wait_state("s1", "down")
        self.assertRegex(evidence, "(?i)within|time|refused|unreach|route|no answer")
        world.until(lambda: visible not in self.rules(), "it leaves")
        self.own_address_answers("s1")
        self.assertEqual(daemon.state("s2"), "up")
        self.assertEqual(daemon.wait_event("SERVER_DOWN")["object"], "p/s1")
        for words in mends:
            world.must("ip", "-n", "web1", *words.split())
        daemon.wait_state("s1", "up")
        world.until(lambda: visible in self.rules(), "it comes back")

    def loopbacks(self):
        for host, _ in WEBS.values():
            world.must("ip", "-n", host, "address", "add", f"{VIP}/32", "dev", "lo")

    def tunnels(self):
        self.loopbacks()
        for host, own in WEBS.values():
            world.must("ip", "-n", host, "link", "add", "vip", "type", "ipip", "local", own)
            world.must("ip", "-n", host, "link", "set", "vip", "up")


class Ways(Paths):
    def test_a_server_that_loses_its_loopback_address(self):
        self.loopbacks()
        self.goes_and_returns(self.running(conf("dr")), f"address del {VIP}/32 dev lo",
                              [f"address add {VIP}/32 dev lo"])

    def test_a_server_that_loses_its_tunnel(self):
        self.tunnels()
        self.goes_and_returns(self.running(conf("tunnel")), "link del vip",
                              ["link add vip type ipip local 10.0.0.11", "link set vip up"])

    def test_a_server_that_loses_its_loopback_address_of_IPv6(self):
        for host, _ in WEBS.values():
            world.must("ip", "-n", host, "address", "add", "fd00::100/128", "dev", "lo")
            with world.inside(host):
                self.server("::")
        if self.holds:
            world.must("ip", "-n", "director", "address", "add", "fd00::100/128", "dev", "lan", "nodad")
        daemon = self.running(conf("dr", service={"address": "[fd00::100]:80"},
                                   listed=("[fd00::11]:80 name=s1", "[fd00::12]:80 name=s2")))
        world.must("ip", "-n", "web1", "address", "del", "fd00::100/128", "dev", "lo")
        daemon.wait_state("s1", "down")
        self.assertEqual(daemon.state("s2"), "up")
        world.must("ip", "-n", "web1", "address", "add", "fd00::100/128", "dev", "lo")
        daemon.wait_state("s1", "up")

    def test_a_server_of_the_other_family_that_loses_its_tunnel(self):
        for host, _ in WEBS.values():
            world.must("ip", "-n", host, "address", "add", "fd00::100/128", "dev", "lo")
            world.must("ip", "-n", host, "link", "set", "sit0", "up")
            with world.inside(host):
                self.server("::")
        if self.holds:
            world.must("ip", "-n", "director", "address", "add", "fd00::100/128", "dev", "lan", "nodad")
        daemon = self.running(conf("tunnel", service={"address": "[fd00::100]:80"}))
        world.must("ip", "-n", "web1", "link", "set", "sit0", "down")
        daemon.wait_state("s1", "down")
        self.assertEqual(daemon.state("s2"), "up")
        world.must("ip", "-n", "web1", "link", "set", "sit0", "up")
        daemon.wait_state("s1", "up")

    def test_an_IPv4_service_whose_server_loses_its_tunnel_of_IPv6(self):
        for (host, _), own in zip(WEBS.values(), ("fd00::11", "fd00::12")):
            world.must("ip", "-n", host, "address", "add", f"{VIP}/32", "dev", "lo")
            world.must("ip", "-n", host, "link", "add", "vip", "type", "ip6tnl", "mode", "ipip6", "local", own)
            world.must("ip", "-n", host, "link", "set", "vip", "up")
        daemon = self.running(conf("tunnel", listed=("[fd00::11]:80 name=s1", "[fd00::12]:80 name=s2")))
        self.assertEqual(self.setting(), "1")
        world.must("ip", "-n", "web1", "link", "set", "vip", "down")
        daemon.wait_state("s1", "down")
        self.assertEqual(daemon.state("s2"), "up")
        world.must("ip", "-n", "web1", "link", "set", "vip", "up")
        daemon.wait_state("s1", "up")
        self.assertEqual(daemon.stop(), 0)
        self.assertEqual(self.setting(), "0")

    def test_by_nat_nothing_needs_to_be_set(self):
        daemon = self.running(conf("nat"))
        self.assertEqual(self.setting(), "0")
        self.assertEqual([one for one in daemon.events("SETTING") if "accept_local" in one["text"]], [])

    def test_replies_are_let_in_and_no_longer_than_needed(self):
        self.loopbacks()
        self.assertEqual(self.setting(), "0")
        daemon = self.running(conf("dr"))
        self.assertEqual(self.setting(), "1")
        told = [one["text"] for one in daemon.events("SETTING") if "accept_local" in one["text"]]
        self.assertEqual(told, ["net/ipv4/conf/lan/accept_local: 0 becomes 1"])
        world.at("director", "sysctl", "-q", "-w", "net.ipv4.conf.lan.accept_local=0")
        world.until(lambda: self.setting() == "1", "it is healed")
        self.assertEqual(daemon.stop(), 0)
        self.assertEqual(self.setting(), "0")
        self.assertEqual(self.rules(), "")


class WaysWhereTheAddressIs(Ways):
    holds = True


class Traces(Paths):
    """What the probes need is seen by nobody, and goes with them."""

    def test_what_was_set_before_stays(self):
        self.loopbacks()
        world.at("director", "sysctl", "-q", "-w", "net.ipv4.conf.lan.accept_local=1")
        daemon = self.running(conf("dr"))
        self.assertEqual([one for one in daemon.events("SETTING") if "accept_local" in one["text"]], [])
        self.assertEqual(daemon.stop(), 0)
        self.assertEqual(self.setting(), "1")

    def test_hidden_services_are_not_told(self):
        self.loopbacks()
        daemon = self.running(conf("dr"))
        hidden = [line for line in self.rules().splitlines() if " -f " in line]
        self.assertEqual(sorted(line.split()[0] for line in hidden), ["-A", "-A", "-a", "-a"])
        marks = {line.split()[2] for line in hidden}
        self.assertTrue(all(131072 <= int(mark) <= 196607 for mark in marks), marks)
        texts = [str(daemon.must("GET", path)) for path in ("/v1/status", "/metrics", "/v1/plan")]
        texts.append(daemon.must("GET", "/v1/status")["drift"])
        for mark in marks:
            world.at("director", world.IPVSADM, "-D", "-f", mark)
        world.until(lambda: all(f"-A -f {mark} " in self.rules() for mark in marks), "they are healed")
        texts.append(str(daemon.events()))
        for text in texts:
            for mark in marks:
                self.assertNotIn(mark, text)
        self.assertEqual(daemon.events("DRIFT_REPAIRED"), [])
        self.assertEqual([one["name"] for one in daemon.status()["services"]], ["v"])

    def test_all_of_it_goes_after_a_director_was_killed_too(self):
        self.loopbacks()
        daemon = self.running(conf("dr"))
        before = daemon.role("director")
        os.kill(before, signal.SIGKILL)
        world.until(lambda: daemon.role("director") not in (None, before) and daemon.answers(), "another director")
        runs = {name: daemon.servers()[name]["checks"][0]["runs"] for name in WEBS}
        world.until(lambda: all(daemon.servers()[name]["checks"][0]["runs"] > runs[name] for name in WEBS), "probes")
        self.assertEqual([daemon.state(name) for name in WEBS], ["up", "up"])
        self.assertEqual(daemon.stop(), 0)
        self.assertEqual(self.rules(), "")
        self.assertEqual(self.setting(), "0")

    def test_a_reload_takes_them_away(self):
        self.loopbacks()
        daemon = self.running(conf("dr"))
        status, answer = daemon.reload(conf("dr", {"via": "address"}))
        self.assertEqual(status, 200, answer)
        self.assertEqual(self.rules(), f"-A -t {VIP}:80 -s rr\n" + "".join(
            f"-a -t {VIP}:80 -r {own}:80 -g -w 1\n" for _, own in WEBS.values()))
        self.assertEqual(self.setting(), "0")
