"""Two directors on a bridge, ours and keepalived's, with a virtual router for each way to speak."""

import dataclasses

import world
from peers import Keepalived

HIGH, LOW, DROPPED, LOWER = 250, 200, 50, 4
PASSWORD = "s3cret"
FORMS = {"v2": (2, 4), "pass": (2, 4), "v3": (3, 4), "v3v6": (3, 6)}
# vmac: keepalived's, our-vmac: ours, both-vmac: either.
WAYS = ["multicast", "unicast", "vmac", "vmac-unicast", "our-vmac", "both-vmac", "both-vmac-unicast"]


@dataclasses.dataclass(frozen=True)
class Router:
    """A virtual router; `net`: the site's number, which its addresses bear."""
    id: int
    form: str
    way: str
    net: int
    never: bool = False  # no failback
    more: int = 0  # addresses beyond the first

    @property
    def name(self):
        return f"{self.form}-{self.way}" + ("-never" if self.never else "")

    @property
    def version(self):
        return FORMS[self.form][0]

    @property
    def family(self):
        return FORMS[self.form][1]

    @property
    def addresses(self):
        if self.family == 6:
            return [f"fe80::{self.net}:{self.id + 100}/64",
                    *(f"fd00:{self.net}::{n + 1}:{self.id + 100}/64" for n in range(self.more + 1))]
        return [f"10.{self.net}.{n}.{self.id + 100}/24" for n in range(self.more + 1)]

    def priority(self, of_all):
        """Each router has a low priority of its own, so that not all are taken over at the same time."""
        return of_all - LOWER * self.id if of_all == LOW else of_all

    def station(self, number):
        """The address of director 1 or 2."""
        return f"10.{self.net}.0.{number}" if self.family == 4 else f"fd00:{self.net}::{number}"

    def skew(self, of_all):
        """RFC 9568 section 6.1, RFC 3768 section 6.1, for advertisements every second."""
        return (256 - self.priority(of_all)) / 256

    def master_down(self, of_all):
        return 3 + self.skew(of_all)

    def ours(self, interface, priority, me=1):
        keys = {"interface": interface, "id": self.id, "priority": self.priority(priority), "version": self.version,
                "addresses": ", ".join(self.addresses), "failback": "never" if self.never else "immediate"}
        if self.form == "pass":
            keys["password"] = PASSWORD
        if "unicast" in self.way:
            keys |= {"source": self.station(me), "peers": self.station(3 - me)}
            if self.family == 6:
                keys["ttl"] = 64  # as keepalived's, which is the kernel's default
        if self.way.startswith(("our-vmac", "both-vmac")):
            keys["virtual_mac"] = "yes"
        return world.section(f"vrrp {self.name}", keys)

    def theirs(self, interface, priority, me=2):
        lines = ["state BACKUP", f"interface {interface}", f"virtual_router_id {self.id}", f"priority {self.priority(priority)}",
                 f"version {self.version}", "advert_int 1"]
        if self.never:
            lines.append("nopreempt")
        if self.form == "pass":
            lines.append(f"authentication {{\n auth_type PASS\n auth_pass {PASSWORD}\n }}")
        if "unicast" in self.way:
            lines += [f"unicast_src_ip {self.station(me)}", f"unicast_peer {{\n {self.station(3 - me)}\n }}"]
        if "vmac" in self.way and self.way != "our-vmac":
            lines.append(f"use_vmac vrrp{self.id}")
        if self.way.endswith("vmac-unicast"):
            lines.append("vmac_xmit_base")
        lines.append("virtual_ipaddress {\n " + "\n ".join(self.addresses) + "\n }")
        return f"vrrp_instance {self.name} {{\n " + "\n ".join(lines) + "\n}\n"


def routers(net):
    """Every form and way that goes together; and one of each form that never falls back."""
    every = [(form, way, False) for form in FORMS for way in WAYS] + [(form, "multicast", True) for form in FORMS]
    return [Router(n, form, way, net, never) for n, (form, way, never) in enumerate(every, 1)]


class Site:
    """A bridge with director 1, ours, and director 2, keepalived; `number` counts sites from 1."""

    def __init__(self, number, priorities):
        self.number, self.priorities = number, priorities
        self.bridge = f"br{number}"
        self.hosts = [f"ours{number}", f"theirs{number}"]
        self.ports = [f"lab{2 * number - 1}", f"lab{2 * number}"]
        self.routers = routers(number)

    def topology(self):
        lines = [f"bridge {self.bridge}"]
        lines += [f"host {host} {self.bridge} 10.{self.number}.0.{n}/24 fd00:{self.number}::{n}/64"
                  for n, host in enumerate(self.hosts, 1)]
        return "\n".join(lines) + "\n"

    def ours_text(self, priority):
        return "".join(one.ours(self.bridge, priority) for one in self.routers)

    def theirs_text(self, priority):
        return "".join(one.theirs(self.bridge, priority) for one in self.routers)

    def start(self):
        self.ours = world.Daemon(self.ours_text(self.priorities[0]), host=self.hosts[0])
        self.theirs = Keepalived(self.hosts[1], self.theirs_text(self.priorities[1]))

    def stop(self):
        for one in (self.ours, self.theirs):
            one.stop()

    def link(self, director, state):
        world.must("ip", "link", "set", self.ports[director], state)

    def held(self, director):
        """The virtual addresses that a director's interfaces have, without loopback."""
        lines = world.at(self.hosts[director], "ip", "-o", "address").splitlines()
        there = {line.split()[3].split("/")[0] for line in lines if line.split()[1] != "lo"}
        return {one for router in self.routers for each in router.addresses if (one := each.split("/")[0]) in there}
