"""The same host with the same configuration, first as ours, then as keepalived: what neighbours get is the same."""

import collections
import unittest

import capture
import world
from peers import Keepalived
from site_of import FORMS, HIGH, Router, Site

ALONE = Site(1, [HIGH, HIGH])
ROUTERS = [Router(n, form, way, ALONE.number, more=3) for n, (form, way) in enumerate(
    ((form, way) for form in FORMS for way in ("multicast", "unicast", "both-vmac")), 1)]


def setUpModule():
    world.topology(ALONE.topology())


def ours():
    return world.Daemon("".join(one.ours(ALONE.bridge, HIGH) for one in ROUTERS), host=ALONE.hosts[0])


def theirs():
    return Keepalived(ALONE.hosts[0], "".join(one.theirs(ALONE.bridge, HIGH, me=1) for one in ROUTERS))


def lasting(packet):
    """A packet without what differs from one to the next: IPv4 identification and header checksum, IPv6 flow label."""
    if packet[0] >> 4 == 4:
        return packet[:4] + bytes(2) + packet[6:10] + bytes(2) + packet[12:]
    return packet[:1] + bytes([packet[1] & 0xF0, 0, 0]) + packet[4:]


class Frames(unittest.TestCase):
    maxDiff = None

    @classmethod
    def setUpClass(cls):
        cls.seen = [cls.watch(start) for start in (ours, theirs)]

    @classmethod
    def watch(cls, start):
        """From the start of a director until it has said that it leaves."""
        seen = capture.Capture(ALONE.ports)
        director = start()
        world.until(lambda: all(len(seen.of(ALONE.ports, one.id)) >= 3 for one in ROUTERS),
                    lambda: f"every router is master: {director.log()}")
        director.stop()
        world.until(lambda: all(seen.of(ALONE.ports, one.id)[-1].priority == 0 for one in ROUTERS), "all have left")
        seen.stop()
        return seen

    def packets(self, seen, router):
        found = seen.of(ALONE.ports, router.id)
        return [(one.mac.hex(), lasting(one.packet).hex()) for one in (found[0], found[1], found[-1])]

    def test_advertisements_are_the_same_bytes(self):
        for router in ROUTERS:
            with self.subTest(router=router.name):
                self.assertEqual(self.packets(self.seen[0], router), self.packets(self.seen[1], router))

    def announced(self, seen, address):
        return collections.Counter(one.frame.hex() for one in seen.announced(ALONE.ports[0], address))

    def test_addresses_are_announced_by_the_same_frames_as_often(self):
        for router in ROUTERS:
            for address in (one.split("/")[0] for one in router.addresses):
                with self.subTest(router=router.name, address=address):
                    ours_, theirs_ = (self.announced(one, address) for one in self.seen)
                    self.assertEqual(sum(theirs_.values()), 5)
                    self.assertEqual(ours_, theirs_)
