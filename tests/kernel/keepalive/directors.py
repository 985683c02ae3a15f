"""Two directors on a bridge that share an address."""

import json
import pathlib
import tempfile

import case
import world
from world import section, until

VIP = "10.0.0.100"
ADDRESSES = {"d1": "10.0.0.1", "d2": "10.0.0.2"}
PRIORITIES = {"d1": 200, "d2": 100}


class Director(world.Daemon):
    """A daemon in a network namespace of its own, with what ends up in its notes."""

    def __init__(self, host, text):
        super().__init__(text, host=host)

    def router(self):
        return self.status()["vrrp"][0]

    def wait_router(self, state):
        return until(lambda: (one := self.router())["state"] == state and one, f"{self.host} is {state}")

    def holds(self):
        shown = json.loads(world.must("ip", "-n", self.host, "-j", "addr", "show", "dev", "eth0"))
        return any(one["local"] == VIP for link in shown for one in link["addr_info"])

    def table(self):
        told = world.at(self.host, world.IPVSADM, "-L", "-n", "--json")
        return [world.key(one) for one in json.loads(told)["services"]]


def build():
    """Hosts d1 and d2; eth0 of each is at the bridge br0, whose end of it is e-HOST."""
    world.must("ip", "link", "add", "br0", "type", "bridge")
    world.must("ip", "link", "set", "br0", "up")
    for host, address in ADDRESSES.items():
        world.must("ip", "netns", "add", host)
        world.must("ip", "link", "add", f"e-{host}", "type", "veth", "peer", "name", "eth0", "netns", host)
        world.must("ip", "link", "set", f"e-{host}", "master", "br0", "up")
        world.must("ip", "-n", host, "link", "set", "lo", "up")
        world.must("ip", "-n", host, "link", "set", "eth0", "up")
        world.must("ip", "-n", host, "addr", "add", f"{address}/24", "dev", "eth0")


class Case(case.Case):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        build()

    def setUp(self):
        super().setUp()
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="notes."))
        self.folder.chmod(0o777)

    def director(self, host, router=None, more="", whole=None):
        """The virtual router v1; each state that it enters stands in the notes of its host."""
        note = self.folder / "note"
        if not note.exists():
            note.write_text(f'#!/bin/sh\necho "$KEEPALIVE_EVENT" >> {self.folder}/$1\n')
            note.chmod(0o755)
        keys = {
            "interface": "eth0", "id": 51, "priority": PRIORITIES[host], "addresses": f"{VIP}/24",
            "advertise": "300ms", **{f"on_{state}": f"{note} {host}" for state in ("master", "backup", "fault")},
            **(router or {})}
        text = (section("global", {"script_user": "root", **(whole or {})})
                + section("vrrp v1", {key: value for key, value in keys.items() if value is not None}) + more)
        started = Director(host, text)
        self.addCleanup(self.end, started)
        return started

    def notes(self, host):
        file = self.folder / host
        return file.read_text().split() if file.exists() else []

    def pair(self, **more):
        one, other = self.director("d1", **more), self.director("d2", **more)
        one.wait_router("master")
        other.wait_router("backup")
        return one, other
