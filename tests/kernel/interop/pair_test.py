"""Two of ours on a bridge with a client: what is seen of a hand-over, of a director that sleeps, of what others do."""

import os
import signal
import subprocess
import time
import unittest

import capture
import world

VIP, PORT = "10.1.0.100", "7000"
PORTS = ["lab1", "lab2"]
CLIENT = "client"
TOPOLOGY = """bridge br1
host d1 br1 10.1.0.1/24
host d2 br1 10.1.0.2/24
host client br1 10.1.0.9/24
"""


def text(priority):
    return world.section("vrrp v", {"interface": "br1", "id": 51, "priority": priority, "addresses": f"{VIP}/24"})


def setUpModule():
    world.topology(TOPOLOGY)


class Pair(unittest.TestCase):
    """Director 0 is preferred, and master at the start of each test."""

    @classmethod
    def setUpClass(cls):
        cls.capture = capture.Capture(PORTS)
        cls.addClassCleanup(cls.capture.stop)
        cls.directors = [world.Daemon(text(priority), host=host) for priority, host in ((200, "d1"), (100, "d2"))]
        for one in cls.directors:
            cls.addClassCleanup(one.stop)
        for host in ("d1", "d2"):
            mirror = subprocess.Popen(["ip", "netns", "exec", host, world.PROGRAMS / "mirror", PORT])
            cls.addClassCleanup(mirror.wait)
            cls.addClassCleanup(mirror.kill)

    def setUp(self):
        self.addCleanup(self.tell)
        self.until_master(0, time.time())

    def tell(self):
        if not self._outcome.success:
            for one in self.directors:
                print(one.log(), flush=True)

    def said(self, director, since):
        return [one for one in self.capture.of([PORTS[director]], 51, since) if one.priority > 0]

    def until_master(self, director, since):
        """Waits until it alone has been heard for a while; returns when it began."""
        def quiet():
            last = max([since, *(one.at for one in self.said(1 - director, since))])
            found = self.said(director, last)
            return found[0].at if len(found) >= 2 else None
        return world.until(quiet, f"director {director} is master")

    def holds(self, director):
        return VIP in world.at(f"d{director + 1}", "ip", "-o", "address", "show", "dev", "br1")

    def call(self, seconds, events):
        """Calls the address every millisecond while events() happen; what the caller says of it."""
        stop = self.directors[0].folder / "hang-up"
        caller = subprocess.Popen(["ip", "netns", "exec", CLIENT, world.PROGRAMS / "caller", VIP, PORT, str(seconds), stop],
                                  stdout=subprocess.PIPE, text=True)
        try:
            time.sleep(1)
            events()
            stop.touch()
            return [int(one) for one in caller.communicate(timeout=world.PATIENCE)[0].split()]
        finally:
            caller.kill()
            stop.unlink()

    def test_every_call_is_answered_while_it_stops_and_comes_back(self):
        _, _, noise, *_ = self.call(30, lambda: time.sleep(3))

        def hand_over_and_back():
            begin = time.time()
            self.directors[0].stop()
            self.until_master(1, begin)
            self.assertFalse(self.holds(0))
            back = time.time()
            self.directors[0].start()
            self.until_master(0, back)
        calls, missing, gap, first, _ = self.call(60, hand_over_and_back)
        print(f"\n{self.id()}: {calls} calls, {missing} unanswered from {first} on, longest gap {gap} us, {noise} us without", flush=True)
        self.assertEqual(missing, 0)

    def test_who_slept_listens_first(self):
        begin = time.time()
        process = self.directors[0].role("vrrp")
        os.kill(process, signal.SIGSTOP)
        world.until(lambda: self.said(1, begin), "the other one is master")
        world.until(lambda: not self.holds(0), "the launcher takes the address away")
        time.sleep(max(0.0, begin + 8 - time.time()))
        woken = time.time()
        os.kill(process, signal.SIGCONT)
        first = self.until_master(0, woken)
        self.assertGreater(first - woken, 2.9)
        self.assertEqual([one.at for one in self.said(1, first)], [])
        world.until(lambda: not self.holds(1), "the other one has let it go")

    def test_an_address_that_somebody_removed_is_put_back(self):
        world.must("ip", "-n", "d1", "address", "delete", f"{VIP}/24", "dev", "br1")
        begin = time.time()
        world.until(lambda: self.holds(0), "the address is back")
        world.until(lambda: self.capture.announced(PORTS[0], VIP, begin), "it is announced")
        self.directors[0].wait_event("ADDRESS_REPAIRED")

    def test_an_address_that_another_host_claims_is_announced_again(self):
        begin = time.time()
        world.must("ip", "-n", CLIENT, "address", "add", f"{VIP}/32", "dev", "br1")
        self.addCleanup(world.run, "ip", "-n", CLIENT, "address", "delete", f"{VIP}/32", "dev", "br1")
        mac = bytes.fromhex("020000000003")
        packet = b"\xff" * 6 + mac + bytes.fromhex("08060001080006040001") + mac + bytes([10, 1, 0, 100]) + bytes(6) + \
            bytes([10, 1, 0, 100])
        with world.inside(CLIENT), world.socket.socket(world.socket.AF_PACKET, world.socket.SOCK_RAW) as claim:
            claim.bind(("br1", 0))
            claim.send(packet)
        world.until(lambda: self.capture.announced(PORTS[0], VIP, begin), "it is announced")
        self.directors[0].wait_event("ADDRESS_CONFLICT")
