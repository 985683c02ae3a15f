"""What strangers do to a relay and to the channel: nothing comes to the kernel, everything is counted, peers go on.

LAB_HOSTILE=100000 makes it so many packets of each kind, as tests/bench/run sync does."""

import os
import random
import socket
import struct
import unittest

import relays
import world
from world import ADDRESS, connections, until

MANY = int(os.environ.get("LAB_HOSTILE", 5000))
LONG = 60 + MANY / 500  # seconds
AT_ONCE = 100  # as many as a socket's buffer surely holds
RELAY_PORT = 8849
DATA = b"IVR1\x02"


class Forger:
    """Sends from a to the relay of b, as if it were the relay of a."""

    def __init__(self, source=RELAY_PORT):
        self.source = source
        with world.inside("a"):
            self.raw = socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_UDP)

    def close(self):
        self.raw.close()

    def send(self, payload):
        self.raw.sendto(struct.pack(">HHHH", self.source, RELAY_PORT, 8 + len(payload), 0) + payload, (ADDRESS["b"], 0))


def flipped(packet):
    place = random.randrange(len(packet))
    return packet[:place] + bytes([packet[place] ^ 1 << random.randrange(8)]) + packet[place + 1:]


def held(host):
    """The kernel's connections, without how long they have left."""
    return sorted(line.split()[:-1] for line in world.at(host, "cat", "/proc/net/ip_vs_conn").splitlines())


def dropped(one):
    told = one.status()
    return sum(told["peers"][0]["relay"]["dropped"].values()) + told["rejected"]["strangers"] + told["rejected"]["overrun"]


class Hostile(relays.Frame):
    def recorded(self):
        """What a really says to b: hellos and data."""
        packets = []
        with world.inside("a"), socket.socket(socket.AF_PACKET, socket.SOCK_DGRAM, socket.htons(3)) as tap:
            tap.bind(("wa", 0))
            tap.settimeout(30)
            self.say("a", 0, 400)
            while sum(one.startswith(DATA) for one in packets) < 20 or len(packets) < 22:
                packet, where = tap.recvfrom(2000)
                if where[2] == socket.PACKET_OUTGOING and packet[9] == socket.IPPROTO_UDP and packet[28:32] == b"IVR1":
                    packets.append(packet[28:])
        return packets

    def assault(self, victim, packet, forger):
        """MANY of packet(); each is counted."""
        before = dropped(victim)
        for count in range(AT_ONCE, MANY + 1, AT_ONCE):
            for _ in range(AT_ONCE):
                forger.send(packet())
            until(lambda: dropped(victim) - before >= count, lambda: f"{count} are counted: {victim.status()}", LONG)
        self.assertEqual(dropped(victim) - before, MANY)

    def test_forged_replayed_cut_and_foreign_packets(self):
        _, other = self.pair()
        packets = self.recorded()
        until(lambda: connections("b") == 400, lambda: f"all are there: {other.status()}")
        until(lambda: other.status()["waiting"] == 0, "all are given")
        table, given = held("b"), other.status()["given"]
        forger, stranger = Forger(), Forger(source=RELAY_PORT + 1)
        self.addCleanup(forger.close)
        self.addCleanup(stranger.close)
        for packet in (lambda: flipped(random.choice(packets)), lambda: random.choice(packets),
                       lambda: (one := random.choice(packets))[:random.randrange(len(one))]):
            self.assault(other, packet, forger)
        self.assault(other, lambda: random.choice(packets), stranger)
        self.assertEqual(other.status()["rejected"]["strangers"], MANY)
        self.assertEqual((held("b"), other.status()["given"]), (table, given))
        shown = other.ask("status").stdout
        self.assertIn(f"kept from the kernel: strangers {MANY}", shown)
        self.assertIn("dropped:", shown)
        self.assertTrue(other.peer()["relay"]["up"])
        self.say("a", 400, 480)
        until(lambda: connections("b") == 480, "the relay goes on")

    def test_disorder_on_the_way(self):
        """Each connection is told of again and again, so that what overtakes would be seen."""
        world.must("tc", "-n", "a", "qdisc", "add", "dev", "wa", "root", "netem", "limit", "100000", "delay", "2ms",
                   "reorder", "30%", "50%")
        one, other = self.pair()
        sent = 0
        while sent < 3 * MANY:  # about half of them are overtaken
            world.say("a", relays.SYNC, (world.datagram([world.entry(n % 400)]) for n in range(sent, sent + 500)), every=50)
            sent += 500
            until(lambda: other.peer()["relay"]["delivered"] >= sent - 200,
                  lambda: f"{sent} are delivered: {one.status()} {other.status()}", LONG)
        until(lambda: other.peer()["relay"]["delivered"] >= sent, lambda: f"all are delivered: {other.status()}")
        until(lambda: other.status()["waiting"] == 0, lambda: f"all are given: {other.status()}", LONG)
        told = other.status()
        relay = told["peers"][0]["relay"]
        self.assertEqual((relay["delivered"], relay["lost"], told["given"]), (sent, 0, sent))
        self.assertGreater(relay["reordered"], MANY)
        self.assertEqual(connections("b"), 400)

    def test_what_a_peer_brings_and_no_kernel_would_take_is_counted(self):
        one, other = self.pair()
        world.say("a", relays.SYNC, [b"\x00\x33\x00\x08\x00\x09\x00\x00" for _ in range(50)])
        until(lambda: other.status()["rejected"]["unreadable"] == 50, lambda: f"they are counted: {other.status()}")
        self.assertEqual((other.status()["given"], one.status()["peers"][0]["relay"]["sent"]), (0, 50))


class Channel(relays.Frame):
    def test_a_crowd_at_the_door_keeps_no_peer_out(self):
        other = self.relay("b")
        crowd = []
        self.addCleanup(lambda: [one.close() for one in crowd])

        def more():
            with world.inside("a"):
                for _ in range(100):
                    crowd.append(socket.socket())
                    crowd[-1].setblocking(False)
                    crowd[-1].connect_ex((ADDRESS["b"], RELAY_PORT))
            return other.status()["channel"]["pushed_out"] > 0
        until(more, lambda: f"there is no more room: {other.status()['channel']}")
        one = self.relay("a")
        one.wait_peer(lambda peer: peer["connected"], "the peer comes in")
        until(lambda: sum(other.status()["channel"][name] for name in ("refused", "pushed_out")) >= len(crowd),
              lambda: f"all have to go: {other.status()['channel']}")
        self.assertIn("pushed_out", other.ask("status").stdout)


if __name__ == "__main__":
    unittest.main()
