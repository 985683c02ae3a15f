"""The relay between two directors that share no multicast network."""

import os
import socket
import unittest

import relays
import world
from world import ADDRESS, connections, until


class Relay(relays.Frame):
    def test_what_one_kernel_says_the_other_hears_both_ways_and_nothing_comes_back(self):
        one, other = self.pair()
        self.say("a", 0, 2000)
        until(lambda: connections("b") == 2000, lambda: f"{connections('b')}: {other.status()}")
        self.say("b", 2000, 2400)
        until(lambda: connections("a") == 400, lambda: f"{connections('a')}: {one.status()}")
        relay = other.peer()["relay"]
        self.assertEqual(relay["lost"], 0)
        self.assertEqual((one.peer()["relay"]["sent"], relay["sent"]), (100, 20))
        self.assertEqual((one.peer()["relay"]["delivered"], relay["delivered"]), (20, 100))

    def test_loss_and_delay_on_the_way_lose_nothing(self):
        for host in ADDRESS:
            world.must("tc", "-n", host, "qdisc", "add", "dev", f"w{host}", "root", "netem", "delay", "20ms", "loss", "5%")
        _, other = self.pair()
        self.say("a", 0, 8000)
        until(lambda: connections("b") == 8000, lambda: f"{connections('b')}: {other.status()}")
        relay = other.peer()["relay"]
        self.assertGreater(relay["missed"], 0)
        self.assertEqual(relay["lost"], 0)
        self.assertGreaterEqual(relay["round_trip_us"], 40_000)

    def test_strangers_forgers_and_recordings_reach_no_kernel(self):
        _, other = self.pair()
        with world.inside("a"), socket.socket(socket.AF_PACKET, socket.SOCK_DGRAM, socket.htons(3)) as tap:
            tap.bind(("wa", 0))
            tap.settimeout(10)
            self.say("a", 0, 400)
            until(lambda: connections("b") == 400, "all are there")
            recorded = []
            while len(recorded) < 10:
                packet, where = tap.recvfrom(2000)
                if where[2] == socket.PACKET_OUTGOING and packet[9] == socket.IPPROTO_UDP and packet[28:33] == b"IVR1\x02":
                    recorded.append(packet[28:])
        before = other.peer()["relay"]
        with world.inside("a"), socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_UDP) as raw:
            def send(payload):  # from the relay's own port
                raw.sendto(socket.htons(0).to_bytes(0, "big") + (8849).to_bytes(2, "big") * 2
                           + (8 + len(payload)).to_bytes(2, "big") + bytes(2) + payload, (ADDRESS["b"], 0))
            for packet in recorded:
                send(packet)
                send(packet[:-1] + bytes([packet[-1] ^ 1]))
                send(packet[:20])
                send(b"IVR1" + os.urandom(60))
        def counted():
            now = other.peer()["relay"]["dropped"]
            return now["replayed"] - before["dropped"]["replayed"] >= 10 and now["forged"] >= 10 and now["too_short"] >= 10
        until(counted, lambda: f"each is counted: {other.peer()}")
        self.assertEqual(other.peer()["relay"]["delivered"], before["delivered"])
        self.assertEqual(connections("b"), 400)
        self.say("a", 400, 480)
        until(lambda: connections("b") == 480, "the relay goes on")

    def test_an_agent_that_starts_anew_is_believed_again(self):
        one, other = self.pair()
        one.stop()
        other.wait_peer(lambda peer: not peer["relay"]["up"], "the silence is told")
        again = self.relay("a")
        again.wait_peer(lambda peer: peer["relay"]["up"], "up again")
        other.wait_peer(lambda peer: peer["relay"]["up"], "up again")
        self.say("a", 0, 80)
        until(lambda: connections("b") == 80, lambda: f"{other.status()}")

    def test_no_multicast_crosses_the_wire(self):
        self.pair()
        with world.inside("b"), socket.socket(socket.AF_PACKET, socket.SOCK_DGRAM, socket.htons(0x0800)) as tap:
            tap.bind(("wb", 0))
            tap.setblocking(False)
            self.say("a", 0, 400)
            until(lambda: connections("b") == 400, "all are there")
            ports = set()
            try:
                while True:
                    packet = tap.recv(2000)
                    if packet[9] == socket.IPPROTO_UDP:
                        ports.add(int.from_bytes(packet[22:24], "big"))
            except BlockingIOError:
                pass
        self.assertNotIn(world.PORT, ports)
        self.assertIn(8849, ports)


if __name__ == "__main__":
    unittest.main()
