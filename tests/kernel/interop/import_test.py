"""keepalived's own examples, and what keepalive --import makes of them: the same table, the same advertisements."""

import pathlib
import re
import tempfile
import unittest

import capture
import tables
import world
from frames_test import lasting
from peers import Keepalived

SAMPLES = pathlib.Path("/usr/share/doc/keepalived/samples")
INTERFACES = {"eth0": "192.168.200.1/24", "eth1": "192.168.201.1/24", "eth2": "192.168.202.1/24",
              "eth3": "192.168.203.1/24", "eth0.1": "192.168.204.1/24"}
SECONDS = 20  # until both tables are the same
PORTS = [f"lab{n}" for n in range(1, len(INTERFACES) + 1)]
CHECKS = r"(HTTP_GET|SSL_GET|TCP_CHECK|SMTP_CHECK|DNS_CHECK|MISC_CHECK|UDP_CHECK|PING_CHECK)\s*\{"
# What has no counterpart, and is remarked on: IPsec AH; an address that stands in a packet twice.
WITHOUT = {"keepalived.conf.SSL_GET": ("auth_type AH", "auth_type PASS"),
           "keepalived.conf.vrrp": ("192.168.200.18 label eth0:1", "")}
GROUPS = """
virtual_server_group many {
    10.1.0.1 80
    10.1.0.3-5 443
    10.1.3.8/30 80
    fwmark 7
}
virtual_server group many {
    lvs_sched mh
    mh-port
    lvs_method NAT
    protocol TCP
    persistence_timeout
    real_server 10.2.0.1 8080 {
        weight 3
        uthreshold 100
        lthreshold 50
    }
    real_server 10.2.0.2 8080 {
        weight 0
    }
}
virtual_server_group two {
    10.1.4.1 80
    10.1.4.2 81
    fwmark 3
}
virtual_server group two {
    lb_kind DR
    protocol TCP
    real_server 10.2.0.1 80 {
    }
}
virtual_server 10.1.5.1 80 {
    protocol TCP
    persistence_granularity 255.255.0.0
    real_server 10.2.0.1 80 {
    }
}
virtual_server 10.1.5.2 80 {
    protocol TCP
    persistence_timeout 77
    persistence_granularity 255.255.0.0
    real_server 10.2.0.1 80 {
    }
}
virtual_server fwmark 8 {
    lb_algo wrr
    lb_kind TUN type gue port 6080 csum
    real_server 10.2.0.3 80 {
    }
    real_server 10.2.0.4 80 {
        lvs_method TUN type gre csum
    }
    real_server 10.2.0.5 80 {
        lvs_method DR
    }
}
virtual_server fwmark 9 {
    lb_kind DR
    real_server fd00::3 80 {
    }
}
virtual_server fd00::1 53 {
    lvs_sched sh
    sh-port
    sh-fallback
    lb_kind DR
    protocol UDP
    ops
    persistence_timeout 30
    persistence_granularity 64
    real_server fd00::2 5353 {
    }
}
virtual_server 10.1.9.1 53 {
    real_server 10.2.0.2 53 {
    }
}
virtual_server 10.1.9.2 0 {
    persistence_timeout 10
    protocol TCP
    real_server 10.2.0.2 {
    }
    real_server 10.2.0.2 {
    }
}
virtual_server 10.1.9.3 21 {
    protocol SCTP
    quorum 9
    sorry_server 10.2.0.9 21
    sorry_server_lvs_method DR
    real_server 10.2.0.2 2121 {
        weight 2
    }
}
"""


def setUpModule():
    bridges = "".join(f"bridge {name}\n" for name in INTERFACES)
    lines = "".join(f"host router {name} {address}\n" for name, address in INTERFACES.items())
    world.topology(bridges + lines + "host theirs\nhost ours\n")
    # keepalived sets it itself.
    world.at("ours", "sh", "-c", "echo 0 2147483647 >/proc/sys/net/ipv4/ping_group_range")


def samples(word):
    found = [path for path in SAMPLES.glob("keepalived.conf*") if re.search(rf"^\s*{word}\b", path.read_text(), re.M)]
    assert len(found) >= 10, found
    return sorted(found)


def imported(folder, text):
    """The text as keepalive --import converts it."""
    (folder / "keepalived.conf").write_text(text)
    return world.must(str(world.PROGRAMS / "keepalive"), "--import-id", "high", "--import", str(folder / "keepalived.conf"))


def without_checks(text):
    """The text without its checkers."""
    while found := re.search(CHECKS, text):
        depth, end = 1, found.end()
        while depth:
            depth += {"{": 1, "}": -1}.get(text[end], 0)
            end += 1
        text = text[:found.start()] + text[end:]
    return text


def hurried(text):
    """The text with checkers that need no patience."""
    for word in ("delay_loop", "connect_timeout", "delay_before_retry"):
        text = re.sub(rf"\b{word}\s+[\d.]+", f"{word} 1", text)
    return re.sub(r"\bretry\s+\d+", "retry 0", text)


def keepalived(host, part, folder, text):
    return Keepalived(host, text, part, "-D", "-i", "high", folder=folder)


class Case(unittest.TestCase):
    maxDiff = None

    def folder(self):
        return pathlib.Path(tempfile.mkdtemp(prefix="import."))


class Tables(Case):
    """Both at once, each in a namespace of its own where no server answers."""

    def compare(self, text, done):
        """Until both tables are the same, and keepalived's is `done`."""
        folder = self.folder()
        theirs = keepalived("theirs", "-C", folder, text)
        try:
            ours = world.Daemon(imported(folder, text), host="ours")
            try:
                world.until(lambda: done(tables.rules("theirs")) and tables.rules("theirs") == tables.rules("ours"),
                            lambda: tables.difference(theirs, ours), SECONDS)
            finally:
                ours.stop()
        finally:
            theirs.stop()
        tables.clear()

    def test_services_and_servers_of_every_example(self):
        for path in samples("virtual_server"):
            with self.subTest(sample=path.name):
                text = without_checks(path.read_text())
                services = len(re.findall(r"^\s*virtual_server\b", text, re.M))
                servers = len(re.findall(r"^\s*real_server\b", text, re.M))
                self.compare(text, lambda rules, least=services + servers: len(rules) >= least)

    def test_what_is_left_when_every_check_fails(self):
        """Without scripts, which keepalived does not run when they are not there."""
        for path in samples("virtual_server"):
            if "misc_check" in path.name or "UDP" in path.name:
                continue
            with self.subTest(sample=path.name):
                text = hurried(path.read_text())
                sorry = re.findall(r"^\s*sorry_server (\S+)", text, re.M)

                def done(rules, sorry=sorry):
                    up = [one for one in rules if one.startswith("-a") and not one.endswith("-w 0")]
                    return rules and len(up) == len(sorry) and all(any(f"-r {one}:" in rule for rule in up) for one in sorry)
                self.compare(text, done)

    def test_groups_marks_tunnels_and_flags(self):
        services, servers = 1 + 3 + 4 + 1, 2
        self.compare(GROUPS, lambda rules: len(rules) >= services * (1 + servers) + 20)


class Advertisements(Case):
    """One after the other on the same host."""

    def seen(self, ids, start, scripts):
        """Of each router: its first two advertisements and its last; with scripts, whose results come when they come, the two
        before the last of six."""
        first, least = (-3, 6) if scripts else (0, 2)
        watch = capture.Capture(PORTS, arp=False)
        director = start()
        try:
            world.until(lambda: all(len(watch.of(PORTS, one)) >= least for one in ids),
                        lambda: f"{[one for one in ids if len(watch.of(PORTS, one)) < least]} of {ids} speak")
        finally:
            director.stop()
        world.until(lambda: all(watch.of(PORTS, one)[-1].priority == 0 for one in ids), "all have left")
        watch.stop()
        return {one: self.told(watch.of(PORTS, one), first) for one in ids}

    def told(self, found, first):
        return [(one.port, one.mac.hex(), lasting(one.packet).hex()) for one in (found[first], found[first + 1], found[-1])]

    def test_every_example_says_the_same(self):
        for path in samples("vrrp_instance"):
            with self.subTest(sample=path.name):
                folder = self.folder()
                text = re.sub(r"^@?\w*\s*net_namespace.*", "", path.read_text(), flags=re.M)
                text = re.sub(r"advert_int 12", "advert_int 1", text)
                if path.name in WITHOUT:
                    old, new = WITHOUT[path.name]
                    self.assertRegex(imported(folder, text), rf"; keepalived.conf:\d+: {old}: left out: ")
                    text = text.replace(old, new)
                ours = imported(folder, text)
                ids = sorted({int(one) for one in re.findall(r"virtual_router_id (\d+)", text)})
                scripts = "vrrp_script" in text
                theirs = self.seen(ids, lambda: keepalived("router", "-P", folder, text), scripts)
                self.assertEqual(self.seen(ids, lambda: world.Daemon(ours, host="router"), scripts), theirs)


del Case
