"""Two directors on a bridge with a gateway, and a cable or a serial line between them: what a heartbeat is good for."""

import contextlib
import os
import select
import socket
import threading
import tty

import case
import directors
import world
from world import section, until

GATEWAY = "10.0.0.254"
WITNESS = section("witness gateway", {"ping": GATEWAY})
LINES = {"d1": "192.168.7.1 -> 192.168.7.2:8765 dev eth2", "d2": "192.168.7.2 -> 192.168.7.1:8765 dev eth2"}


class Serial:
    """A null modem: two serial devices whose bytes go to each other."""

    def __init__(self):
        self.ends = [os.openpty() for _ in range(2)]
        self.devices = [os.ttyname(slave) for _, slave in self.ends]
        for (_, slave), device in zip(self.ends, self.devices):
            tty.setraw(slave)
            os.chmod(device, 0o666)
        self.stopping = threading.Event()
        self.thread = threading.Thread(target=self.carry)
        self.thread.start()

    def carry(self):
        masters = [master for master, _ in self.ends]
        while not self.stopping.is_set():
            for one in select.select(masters, [], [], 0.1)[0]:
                os.write(masters[1 - masters.index(one)], os.read(one, 4096))

    def stop(self):
        self.stopping.set()
        self.thread.join()
        for end in self.ends:
            for fd in end:
                os.close(fd)


def setUpModule():
    directors.build()
    world.must("ip", "addr", "add", f"{GATEWAY}/24", "dev", "br0")
    world.must("ip", "link", "add", "eth2", "netns", "d1", "type", "veth", "peer", "name", "eth2", "netns", "d2")
    for number, host in enumerate(directors.ADDRESSES, 1):
        world.must("ip", "-n", host, "link", "set", "eth2", "up")
        world.must("ip", "-n", host, "addr", "add", f"192.168.7.{number}/24", "dev", "eth2")


class Heartbeats(case.Case):
    def setUp(self):
        super().setUp()
        self.addCleanup(self.mend)

    def mend(self):
        for host in LINES:
            world.must("ip", "link", "set", f"e-{host}", "master", "br0", "up")
            world.must("ip", "-n", host, "link", "set", "eth0", "up")

    def part(self, host):
        """Its interface keeps its carrier, but leads nowhere."""
        world.must("ip", "link", "set", f"e-{host}", "nomaster")

    def director(self, host, more=WITNESS, line=None, key=None):
        text = section("global", {"script_user": "root"}) + section("vrrp v1", {
            "interface": "eth0", "id": 51, "priority": directors.PRIORITIES[host], "advertise": "1s",
            "addresses": f"{directors.VIP}/24"}) + section("heartbeat crossover", {
                **(line or {"udp": LINES[host]}), "key": f"file:{world.secret(*key or [])}"}) + more
        started = directors.Director(host, text)
        self.addCleanup(self.end, started)
        return started

    def line(self, director):
        return director.status()["heartbeats"][0]

    def pair(self, **more):
        one, other = self.director("d1", **more), self.director("d2", **more)
        one.wait_router("master")
        other.wait_router("backup")
        for director in (one, other):
            until(lambda: self.line(director)["state"] == "up", "the line is up")
        return one, other

    def cause(self, director):
        return director.events("VRRP_MASTER")[-1]["cause"]

    def test_the_master_s_link_dies_and_the_backup_takes_over_as_the_line_says_so(self):
        _, other = self.pair()
        world.must("ip", "-n", "d1", "link", "set", "eth0", "down")
        other.wait_router("master")
        self.assertEqual(self.cause(other), "heartbeat crossover: the master is fault now")
        until(other.holds, "the backup has the address")

    def test_a_partition_is_sat_out_while_the_gateway_answers_the_master_and_no_longer(self):
        one, other = self.pair()
        until(lambda: one.status()["witnesses"][0]["answered_at"], "the gateway answers")
        self.part("d2")
        told = other.wait_event("PARTITION_SUSPECTED")
        self.assertEqual((told["level"], told["cause"]),
                         ("alert", "heartbeat crossover: 10.0.0.1 is master with priority 200"))
        router = other.router()
        self.assertEqual(router["state"], "backup")
        self.assertTrue(router["partition_since"] and router["held_since"], router)
        self.assertIn("partition suspected for", other.ctl("status").stdout)
        self.assertIn("partition suspected for", other.ctl("explain", "v1").stdout)
        self.assertIn("another master lives, which is not heard by VRRP ([vrrp v1])", other.ctl("doctor").stdout)
        self.assertIn('keepalive_vrrp_partition_suspected{vrrp="v1"} 1\n', other.get("/metrics")[1])
        self.part("d1")  # now the master is cut off, too
        other.wait_router("master")
        self.assertEqual(self.cause(other), "no advertisement; heartbeat crossover: the master lives, but no witness "
                                            "answers it")
        self.mend()
        other.wait_router("backup")
        other.wait_event("PARTITION_OVER")

    def test_a_partition_without_a_witness_is_taken_over_from(self):
        _, other = self.pair(more="")
        self.part("d2")
        other.wait_router("master")
        self.assertIn("PARTITION_SUSPECTED", [one["kind"] for one in other.events()])
        self.assertIn("takes over", other.wait_event("PARTITION_SUSPECTED")["text"])

    def test_another_key_is_refused_and_told_of(self):
        one = self.director("d1")
        self.director("d2", key=["another key of more than thirty-two letters"])
        refused = until(lambda: self.line(one)["refused"], "something is refused")
        self.assertEqual(refused[0]["reason"], "key")
        self.assertEqual(self.line(one)["state"], "silent")
        self.assertIn("this heartbeat line is silent", until(
            lambda: "heartbeat" in (told := one.ctl("doctor").stdout) and told, "doctor tells of it"))

    def test_a_cable_that_is_pulled_is_told_of_and_changes_nothing(self):
        one, other = self.pair()
        world.must("ip", "-n", "d1", "link", "set", "eth2", "down")
        with contextlib.ExitStack() as stack:
            stack.callback(world.must, "ip", "-n", "d1", "link", "set", "eth2", "up")
            other.wait_event("HEARTBEAT_LOST")
            self.assertEqual((one.router()["state"], other.router()["state"]), ("master", "backup"))
            self.assertIn("silent", other.ctl("status").stdout)
        other.wait_event("HEARTBEAT_BACK", 2)

    def test_a_serial_line_does_as_well(self):
        modem = Serial()
        self.addCleanup(modem.stop)
        one = self.director("d1", line={"tty": f"{modem.devices[0]} 115200"})
        other = self.director("d2", line={"tty": f"{modem.devices[1]} 115200"})
        one.wait_router("master")
        other.wait_router("backup")
        until(lambda: self.line(one)["state"] == "up" and self.line(other)["state"] == "up", "the line is up")
        world.must("ip", "-n", "d1", "link", "set", "eth0", "down")
        other.wait_router("master")
        self.assertEqual(self.cause(other), "heartbeat crossover: the master is fault now")

    def test_a_tcp_witness_answers_who_takes_connections(self):
        one = self.director("d1", more=section("witness gateway", {"tcp": f"{GATEWAY}:7000"}))
        until(lambda: one.status()["witnesses"], "it is asked")
        self.assertIsNone(one.status()["witnesses"][0]["answered_at"])
        with socket.create_server((GATEWAY, 7000)):
            until(lambda: one.status()["witnesses"][0]["answered_at"], "it answers")
