"""Two directors a and b, each a network namespace with IPVS, joined by a switch; agents of ipvs-sync on them."""

import json
import pathlib
import socket
import struct
import subprocess
import sys
import tempfile
import time

sys.path.insert(1, str(pathlib.Path(__file__).resolve().parents[1]))

import hosts  # noqa: E402
from hosts import IPVSADM, at, inside, must, secret, sync_interface, until  # noqa: E402,F401

PROGRAM = str(hosts.PROGRAMS / "ipvs-sync")
ADDRESS = {"a": "192.0.2.1", "b": "192.0.2.2"}
GROUP, PORT, ID = "224.0.0.81", 8848, 51
hosts.PATIENCE = 60
hosts.PAUSE = 0.05  # each look is a program of its own on the lab's one cpu


def entry(number, state=1):
    """Connection `number` as the kernel's version 1 says it."""
    client = bytes([10, 1 + number // 60000, 0, 7])
    return struct.pack(">BBHIHHHHII4s4s4s", 0, 6, 36, 3, state, 1024 + number % 60000, 80, 80, 0, 900, client,
                       bytes([10, 0, 0, 100]), bytes([10, 0, 0, 11]))


def datagram(entries, sync_id=ID):
    body = b"".join(entries)
    return struct.pack(">BBHBBH", 0, sync_id, 8 + len(body), len(entries), 1, 0) + body


def in_datagrams(first, last, most=40):
    for start in range(first, last, most):
        yield datagram([entry(n) for n in range(start, min(start + most, last))])


def say(host, interface, datagrams, pause=0.02, every=20):
    """Sends them as a master's kernel would: multicast, out of the interface."""
    with inside(host), socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as out:
        index = socket.if_nametoindex(interface)
        out.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_IF, struct.pack("4s4si", bytes(4), bytes(4), index))
        out.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_LOOP, 0)
        for count, one in enumerate(datagrams, 1):
            out.sendto(one, (GROUP, PORT))
            if count % every == 0:
                time.sleep(pause)


def connections(host):
    """How many the kernel has at its server: cheap, whatever the number."""
    told = json.loads(at(host, IPVSADM, "-L", "-n", "--json"))
    servers = told["services"][0]["destinations"]
    return sum(one["active_connections"] + one["inactive_connections"] for one in servers)


def daemon(host, role, interface, sync_id=ID, start=True):
    words = ["--start-daemon", role, "--mcast-interface", interface, "--syncid", str(sync_id)]
    at(host, IPVSADM, *(words if start else ["--stop-daemon", role]))


class Agent:
    """ipvs-sync mirror or relay on a host."""

    def __init__(self, host, *options, verb="mirror", interface=None):
        self.host = host
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="agent."))
        self.socket = self.folder / "socket"
        self.words = [PROGRAM, verb, "-i", interface or f"w{host}", "--id", str(ID), "--socket", str(self.socket), *options]
        self.start()

    def start(self):
        with open(self.folder / "log", "ab") as log:
            self.process = subprocess.Popen(["ip", "netns", "exec", self.host, *self.words], stdin=subprocess.DEVNULL,
                                            stdout=log, stderr=log, start_new_session=True)
        until(self.answers, lambda: (self.folder / "log").read_text())

    def ask(self, *words):
        return subprocess.run([PROGRAM, *words, "--socket", str(self.socket)], capture_output=True, text=True, check=False)

    def question(self, text):
        """What the tools ask, without starting one."""
        with socket.socket(socket.AF_UNIX) as line:
            line.connect(str(self.socket))
            line.sendall(text.encode() + b"\n")
            return json.loads(line.makefile().read())

    def answers(self):
        assert self.process.poll() is None, (self.folder / "log").read_text()
        return self.ask("status").returncode == 0

    def status(self):
        return self.question("status")

    def peer(self):
        return self.status()["peers"][0]

    def wait_peer(self, condition, what):
        until(lambda: condition(self.peer()), lambda: f"{what}: {self.peer()}")
        return self.peer()

    def wait_parity(self, percent, common):
        return self.wait_peer(lambda one: "parity" in one and one["parity"]["percent"] >= percent
                              and one["parity"]["common"] >= common, f"{percent} % of {common}")

    def stop(self):
        if self.process.poll() is None:
            self.process.terminate()
            self.process.wait(hosts.PATIENCE)


def plug(host):
    """A new interface, to the switch."""
    must("ip", "link", "add", f"p{host}", "type", "veth", "peer", "name", f"w{host}", "netns", host)
    must("ip", "link", "set", f"p{host}", "master", "switch", "up")
    must("ip", "-n", host, "addr", "add", f"{ADDRESS[host]}/24", "dev", f"w{host}")
    must("ip", "-n", host, "link", "set", f"w{host}", "up")


def build():
    for host in ADDRESS:
        must("ip", "netns", "add", host)
        must("ip", "-n", host, "link", "set", "lo", "up")
    must("ip", "link", "add", "switch", "type", "bridge", "mcast_snooping", "0")
    must("ip", "link", "set", "switch", "up")
    for host in ADDRESS:
        plug(host)
        at(host, IPVSADM, "-A", "-t", "10.0.0.100:80", "-s", "rr")
        at(host, IPVSADM, "-a", "-t", "10.0.0.100:80", "-r", "10.0.0.11:80", "-g")


def clear():
    """No connections, no daemons; services as they were."""
    for host in ADDRESS:
        told = at(host, IPVSADM, "-L", "--daemon")
        for role in ("master", "backup"):
            if f"{role} sync daemon" in told:
                daemon(host, role, "", start=False)
    must("ip", "link", "del", "switch")
    for host in ADDRESS:
        must("ip", "link", "del", f"p{host}")  # at once; those of a namespace go when the kernel has time
        must("ip", "netns", "del", host)
    build()
