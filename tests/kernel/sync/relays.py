"""Two agents that relay between directors a and b; each kernel speaks on an interface that leads nowhere."""

import unittest

import world
from world import ADDRESS, Agent, daemon

SYNC = "sync0"


class Frame(unittest.TestCase):
    def setUp(self):
        world.clear()
        self.key = world.secret()
        for host in ADDRESS:
            world.sync_interface(host)
            daemon(host, "backup", SYNC)
            daemon(host, "master", SYNC)

    def relay(self, host, key=None):
        other = "b" if host == "a" else "a"
        one = Agent(host, "--listen", f"{ADDRESS[host]}:8849", "--peer", f"{ADDRESS[other]}:8849", "--key",
                    key or self.key, "--no-donate", verb="relay", interface=SYNC)
        self.addCleanup(one.stop)
        return one

    def pair(self):
        one, other = self.relay("a"), self.relay("b")
        for end in (one, other):
            end.wait_peer(lambda peer: peer["relay"]["up"], "the relay is up")
        return one, other

    def say(self, host, first, last):
        """20 connections a datagram: with what seals it, it goes in one frame."""
        world.say(host, SYNC, world.in_datagrams(first, last, 20))
