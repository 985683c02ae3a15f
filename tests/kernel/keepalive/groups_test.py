"""Grouped services (`together = yes`), between hosts: one client's connections go to one server; the rules that see to it
come and go in one transaction each. Needs a kernel with nftables of family inet."""

import re
import subprocess
import sys

import case
import world
from world import section

VIP = "10.0.0.100"
HOSTS = f"""
bridge lan
host director lan 10.0.0.1/24 {VIP}/32
host client lan {" ".join(f"10.0.0.{n}/24" for n in range(201, 209))}
host web1 lan 10.0.0.11/24
host web2 lan 10.0.0.12/24
""" + "".join(f"""
sysctl {web} net.ipv4.conf.all.arp_ignore=1
sysctl {web} net.ipv4.conf.all.arp_announce=2
address {web} lo {VIP}/32
""" for web in ("web1", "web2"))
CLIENTS = [f"10.0.0.{n}" for n in range(201, 209)]

# Talks without a library for namespaces: PROTOCOL OWN-ADDRESS PORT…; prints an answer or a fault for each port.
ASK = """
import socket, sys
kind = socket.SOCK_STREAM if sys.argv[1] == "tcp" else socket.SOCK_DGRAM
for port in sys.argv[3:]:
    with socket.socket(socket.AF_INET, kind) as one:
        one.settimeout(5)
        try:
            one.bind((sys.argv[2], 0))
            one.connect(("%s", int(port)))
            one.send(b"who?")
            print(one.recv(100).decode())
        except OSError as fault:
            print(type(fault).__name__)
""" % VIP

# Says a name to whoever asks: NAME PORT…, each over TCP and UDP.
SERVE = """
import selectors, socket, sys
ready = selectors.DefaultSelector()
for port in sys.argv[2:]:
    ready.register(socket.create_server(("0.0.0.0", int(port))), 1, "tcp")
    one = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    one.bind(("%s", int(port)))
    ready.register(one, 1, "udp")
print("ready", flush=True)
while True:
    for key, _ in ready.select():
        if key.data == "tcp":
            with key.fileobj.accept()[0] as peer:
                peer.recv(100)
                peer.send(sys.argv[1].encode())
        else:
            key.fileobj.sendto(sys.argv[1].encode(), key.fileobj.recvfrom(100)[1])
""" % VIP


def conf(address="tcp 10.0.0.100:554, udp 10.0.0.100:6970-6999", **service):
    return (section("global", {"drift_interval": "200ms"})
            + section("pool p", {"server": ["10.0.0.11 name=s1", "10.0.0.12 name=s2"]})
            + section("virtual_server media", {"address": address, "together": "yes", "persistence": "5m", "forward": "dr",
                                               "scheduler": "rr", "pool": "p", "mark": "70000", **service}))


def rules(name, *lines):
    """What `nft list table` says of our table with these rules."""
    body = "".join(f"\t\t{line}\n" for line in lines)
    return (f"table inet {name} {{\n\tchain prerouting {{\n"
            f"\t\ttype filter hook prerouting priority mangle; policy accept;\n{body}\t}}\n\n\tchain output {{\n"
            f"\t\ttype route hook output priority mangle; policy accept;\n{body}\t}}\n}}\n")


BOTH = ("meta mark 0x00000000 ip daddr 10.0.0.100 tcp dport 554 meta mark set 0x00011170",
        "meta mark 0x00000000 ip daddr 10.0.0.100 udp dport 6970-6999 meta mark set 0x00011170")


class Groups(case.Case):
    def setUp(self):
        super().setUp()
        world.topology(HOSTS)
        self.addCleanup(world.must, str(world.TOPOLOGY), "down")

    def running(self, text, **more):
        return self.daemon(text, "--netns", "director", **more)

    def nft(self, *words):
        return world.at("director", "/usr/sbin/nft", *words)

    def until_rules(self, wanted):
        world.until(lambda: self.nft("list", "ruleset") == wanted,
                    lambda: f"the rules are\n{wanted}; they are\n{self.nft('list', 'ruleset')}")

    def serve(self):
        for web in ("web1", "web2"):
            server = subprocess.Popen(["ip", "netns", "exec", web, sys.executable, "-c", SERVE, web, "554", "6970",
                                       "6985", "6999"], stdout=subprocess.PIPE, text=True)
            self.addCleanup(server.communicate)
            self.addCleanup(server.kill)
            self.assertEqual(server.stdout.readline(), "ready\n")

    def ask(self, protocol, client, *ports):
        return world.at("client", sys.executable, "-c", ASK, protocol, client, *map(str, ports)).split()

    def test_one_client_goes_to_one_server_with_all_it_has(self):
        self.serve()
        self.running(conf())
        self.until_rules(rules("keepalive", *BOTH))
        found = {client: self.ask("tcp", client, 554, 554) + self.ask("udp", client, 6970, 6985, 6999)
                 for client in CLIENTS}
        for client, answers in found.items():
            self.assertEqual(answers, [answers[0]] * 5, client)
        self.assertEqual({answers[0] for answers in found.values()}, {"web1", "web2"})

    def test_packets_that_have_a_mark_are_left_alone(self):
        self.serve()
        self.running(conf())
        self.until_rules(rules("keepalive", *BOTH))
        self.nft("add table inet other; add chain inet other first { type filter hook prerouting priority -200; };"
                 f"add rule inet other first ip saddr {CLIENTS[0]} meta mark set 5")
        self.assertEqual(self.ask("tcp", CLIENTS[0], 554), ["ConnectionRefusedError"])
        self.assertIn(self.ask("tcp", CLIENTS[1], 554), (["web1"], ["web2"]))

    def test_every_change_is_one_transaction(self):
        with open("/run/monitor", "w+b") as told:
            monitor = subprocess.Popen(["ip", "netns", "exec", "director", "/usr/sbin/nft", "monitor"], stdout=told)
        self.addCleanup(monitor.wait)
        self.addCleanup(monitor.kill)

        def generations():
            return re.findall(r"# new generation \d+ by process \d+ \((\w+)\)", told_text())

        def told_text():
            return world.pathlib.Path("/run/monitor").read_text()

        def until_seen():
            """The monitor listens: a table of the test's own comes and goes."""
            self.nft("add table inet seen")
            self.nft("delete table inet seen")
            return "delete table inet seen" in told_text()
        world.until(until_seen, "the monitor listens")
        before = len(generations())
        daemon = self.running(conf())
        self.until_rules(rules("keepalive", *BOTH))
        world.until(lambda: len(generations()) > before, "the monitor tells")
        self.assertEqual(len(generations()), before + 1, told_text())
        self.assertEqual(daemon.reload(conf("tcp 10.0.0.100:554, udp 10.0.0.100:6970-6980"))[0], 200)
        self.until_rules(rules("keepalive", BOTH[0], BOTH[1].replace("6999", "6980")))
        world.until(lambda: len(generations()) > before + 1, "the monitor tells")
        self.assertEqual(daemon.reload(conf("tcp 10.0.0.100:554, udp 10.0.0.100:6970-6980", scheduler="wlc"))[0], 200)
        self.assertEqual(daemon.stop(), 0)
        self.until_rules("")
        world.until(lambda: len(generations()) >= before + 3, "the monitor tells")
        self.assertEqual(len(generations()), before + 3, told_text())

    def test_rules_go_with_the_last_group(self):
        daemon = self.running(conf())
        self.until_rules(rules("keepalive", *BOTH))
        self.assertEqual(daemon.reload(conf("10.0.0.100:554", together="no").replace("mark = 70000\n", ""))[0], 200)
        self.until_rules("")

    def test_rules_that_somebody_removes_are_written_again(self):
        daemon = self.running(conf())
        self.until_rules(rules("keepalive", *BOTH))
        self.nft("delete table inet keepalive")
        self.until_rules(rules("keepalive", *BOTH))
        self.assertEqual(daemon.wait_event("DRIFT_REPAIRED")["object"], "rules")

    def test_instances_have_tables_of_their_own(self):
        first = self.running(conf())
        self.until_rules(rules("keepalive", *BOTH))
        other = conf("tcp 10.0.0.100:80, udp 10.0.0.100:80").replace("mark = 70000", "mark = 70001")
        second = self.running(other, instance="two", folder=first.folder)
        own = rules("keepalive-two", *[f"meta mark 0x00000000 ip daddr 10.0.0.100 {protocol} dport 80 "
                                       "meta mark set 0x00011171" for protocol in ("tcp", "udp")])
        self.until_rules(rules("keepalive", *BOTH) + own)
        self.assertEqual(first.stop(), 0)
        self.until_rules(own)
        self.assertEqual(second.stop(), 0)
        self.until_rules("")
