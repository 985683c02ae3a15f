"""ldirectord, and what keepalive --import makes of its file: the same table, whatever the servers do."""

import contextlib
import pathlib
import socket
import subprocess
import tempfile
import threading
import unittest

import tables
import world
from peers import Ldirectord

SAMPLE = pathlib.Path("/usr/share/doc/ldirectord/examples/ldirectord.cf")
SECONDS = 240  # until both tables are the same: ldirectord needs perl and three ipvsadm for each server
SERVERS = [f"10.2.0.{n}" for n in range(2, 6)]
WORDS = """
checktimeout=2
checkinterval=1
readdquiescent=yes
virtual=10.1.0.1:80
    real=10.2.0.2:8080 masq 3
    real=10.2.0.3:8080 masq 5
    real=10.2.0.4:8080 masq
    scheduler=wlc
    persistent=600
    netmask=255.255.255.0
    protocol=tcp
    quiescent=yes
    checktype=connect
    checkport=8080
virtual=10.1.0.2:53
    real=10.2.0.2->10.2.0.5:53 masq 7
    scheduler=rr
    protocol=udp
    ops=yes
    checktype=on
virtual=10.1.0.3:443
    real=10.2.0.2:80 ipip
    real=10.2.0.3:80 ipip 2
    fallback=10.2.0.5:80 gate
    scheduler=sh
    protocol=tcp
    checktype=connect
    checkport=8080
virtual=10.1.0.4:25
    real=10.2.0.2:25 masq l:50 u:100
    real=10.2.0.3:25 masq
    real=10.2.0.4:2525 gate
    fallback=10.2.0.5:2525 masq
    protocol=tcp
    checktype=connect
    checkport=8080
virtual=7
    real=10.2.0.2 gate 4
    real=10.2.0.3 ipip
    scheduler=lc
    protocol=fwm
    persistent=77
    checktype=connect
    checkport=8080
virtual6=[fd00::1]:80
    real6=[fd00:2::2]:80 masq
    real6=[fd00:2::3]:8080 masq 9
    scheduler=wrr
    protocol=tcp
    checktype=on
"""
PAGES = """
checktimeout=2
checkinterval=1
quiescent=no
fallback=10.2.0.5:80
virtual=10.1.0.1:80
    real=10.2.0.2:8080 gate
    real=10.2.0.3:8080 masq 2
    service=http
    protocol=tcp
    checktype=negotiate
    request="index.html"
    receive="Test"
    virtualhost=www.example.org
    checkport=8080
virtual=10.1.0.2:80
    real=10.2.0.2:8080 masq "index.html" "Test"
    real=10.2.0.3:8080 masq "missing.html" "Test"
    real=10.2.0.4:8080 masq "sub" "Directory"
    service=http
    protocol=tcp
"""
GREETINGS = """
checktimeout=2
negotiatetimeout=2
checkinterval=1
fallback=10.2.0.5
fallback6=[fd00:2::5]:119
virtual=10.1.0.1:1119
    real=10.2.0.2:119 masq
    real=10.2.0.3:119 masq
    service=nntp
    checktype=2
virtual=10.1.0.1:7000
    real=10.2.0.2 gate
    service=nntp
    checktype=connect
    fallback=10.2.0.5:80 masq
virtual=10.1.0.1:7001
    real=10.2.0.2 gate 3
    real=10.2.0.3:81 masq
    checktype=external
    checkcommand={program}
virtual6=[fd00::1]:7001
    real6=[fd00:2::2] gate
    protocol=tcp
    checktype=external
    checkcommand={program}
virtual6=[fd00::1]:119
    real6=[fd00:2::2]:119 masq
    protocol=tcp
"""
TALKS = """
checktimeout=2
negotiatetimeout=2
checkinterval=1
virtual=10.1.0.1:5060
    real=10.2.0.2:5060 masq
    real=10.2.0.3:5060 masq
    service=sip
    protocol=udp
    login="l4check@example.org"
virtual=10.1.0.1:7777
    real=10.2.0.2:7777 masq
    real=10.2.0.3:7777 masq
    service=simpletcp
    protocol=udp
    request="ping\\n"
    receive="pong"
virtual=7
    real=10.2.0.2 gate
    real=10.2.0.3 gate
    service=http
    protocol=fwm
    request="index.html"
    receive="Test"
"""
SIP_OK = b"SIP/2.0 200 OK\r\nContent-Length: 0\r\n\r\n"
PROGRAM = """#!/bin/sh
case "$*" in
  "10.1.0.1 7001 10.2.0.2 0" | "10.1.0.1 7001 10.2.0.3 81" | "[fd00::1] 7001 [fd00:2::2] 0") ;;
  *) exit 1 ;;
esac
"""
NEWS = """
import socketserver
class Greeting(socketserver.BaseRequestHandler):
    def handle(self):
        self.request.sendall(b"200 news\\r\\n")
socketserver.TCPServer.allow_reuse_address = True
socketserver.ThreadingTCPServer(("", 119), Greeting).serve_forever()
"""


def setUpModule():
    """A host each, and one that has the addresses of all servers."""
    world.topology("bridge lan\nhost theirs lan 10.3.0.1/24\nhost ours lan 10.3.0.2/24\nhost servers lan 10.3.0.3/24\n")
    for host in ("theirs", "ours"):
        for net in ("10.2.0.0/24 via 10.3.0.3", "10.1.0.0/24 dev lo"):
            world.at(host, "ip", "route", "add", *net.split())
        world.at(host, "ip", "-6", "route", "add", "unreachable", "fd00:2::/64")
    world.at("ours", "sh", "-c", "echo 0 2147483647 >/proc/sys/net/ipv4/ping_group_range")
    for address in SERVERS:
        world.at("servers", "ip", "address", "add", f"{address}/32", "dev", "lo")


def up(rules):
    """How many servers have a weight."""
    return sum(rule.startswith("-a") and not rule.endswith("-w 0") for rule in rules)


class Tables(unittest.TestCase):
    """Both at once, each in a namespace of its own."""

    maxDiff = None

    def equal(self, done):
        self.assertIsNone(self.theirs.process.poll(), "ldirectord has ended")
        return done(tables.rules("theirs")) and tables.rules("theirs") == tables.rules("ours")

    def compare(self, text, *stages, more=""):
        """Each a pair: what happens; and of the rules when all of it is seen. Until then, and both tables are the same."""
        folder = pathlib.Path(tempfile.mkdtemp(prefix="ldirectord."))
        (folder / "ldirectord.cf").write_text(text)
        imported = world.must(str(world.PROGRAMS / "keepalive"), "--import", str(folder / "ldirectord.cf"))
        self.theirs = Ldirectord("theirs", text, folder=folder)
        ours = world.Daemon(more + imported, host="ours")
        try:
            for happens, done in stages:
                happens()
                world.until(lambda done=done: self.equal(done), lambda: tables.difference(self.theirs, ours), SECONDS)
        finally:
            ours.stop()
            self.theirs.stop()
        tables.clear()

    def page(self, text, port=8080):
        """A page at a port of the servers, until the test ends; returns its file and the server's process."""
        folder = pathlib.Path(tempfile.mkdtemp(prefix="page."))
        (folder / "index.html").write_text(text)
        return folder / "index.html", self.serves(port, "-m", "http.server", str(port), "--directory", folder)

    def serves(self, port, *words):
        """Python that listens at a port of the servers, until the test ends."""
        server = subprocess.Popen(["ip", "netns", "exec", "servers", "python3", *words],
                                  stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
        self.addCleanup(server.wait)
        self.addCleanup(server.kill)
        world.until(lambda: world.at("servers", "ss", "-Hltn", f"sport = :{port}"), "somebody listens")
        return server

    def answers(self, port, answer):
        """An answer to each datagram at a port of the servers; returns what ends that."""
        def loop(ear):
            with contextlib.suppress(OSError):  # the end
                while who := ear.recvfrom(4096)[1]:
                    ear.sendto(answer, who)
        ears = []
        with world.inside("servers"):
            for address in SERVERS[:2]:  # each answers from where it was asked
                ear = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
                ear.bind((address, port))
                ears.append(ear)
        threads = [threading.Thread(target=loop, args=[ear]) for ear in ears]
        for thread in threads:
            thread.start()

        def end():
            for ear, thread in zip(ears, threads):
                with contextlib.suppress(OSError):
                    ear.shutdown(socket.SHUT_RDWR)
                thread.join()
                ear.close()
        self.addCleanup(end)
        return end

    def test_its_own_example(self):
        """No server answers: the fallback stands there, and nobody else."""
        self.compare(SAMPLE.read_text(), (lambda: None, lambda rules: len(rules) == 2 and "127.0.0.1" in rules[1]))

    def test_servers_answer_and_die(self):
        """Away and the fallback for them, or weight 0 where it is quiescent; those that nobody checks stay."""
        _, server = self.page("")
        self.compare(WORDS,
                     (lambda: None, lambda rules: up(rules) == 16),
                     (server.kill, lambda rules: up(rules) == 4 + 2 + 2 and len(rules) == 6 + 3 + 8))

    def test_a_word_leaves_the_page(self):
        """Where a page has moved, it is looked for: /sub is /sub/."""
        page, _ = self.page("Test Page\n")
        (page.parent / "sub").mkdir()
        self.compare(PAGES,
                     (lambda: None, lambda rules: up(rules) == 4 and len(rules) == 2 + 4),
                     (lambda: page.write_text("Other\n"), lambda rules: up(rules) == 2 and len(rules) == 2 + 2))

    def test_greetings_and_programs(self):
        """News servers by what they say first; programs by what they are told; a fallback for each family."""
        folder = pathlib.Path(tempfile.mkdtemp(prefix="program."))
        folder.chmod(0o755)
        program = folder / "look"
        program.write_text(PROGRAM)
        program.chmod(0o755)
        news = self.serves(119, "-c", NEWS)
        self.compare(GREETINGS.format(program=program),
                     (lambda: None, lambda rules: up(rules) == 2 + 1 + 2 + 1 + 1),
                     (news.kill, lambda rules: up(rules) == 1 + 1 + 2 + 1 + 1),
                     more="[global]\nscript_user = nobody\n\n")

    def test_datagrams_and_marks(self):
        """A service of UDP is asked by UDP, and one of a mark at its protocol's port."""
        self.page("Test Page\n", 80)
        phones, others = self.answers(5060, SIP_OK), self.answers(7777, b"pong\n")
        self.compare(TALKS,
                     (lambda: None, lambda rules: up(rules) == 6),
                     (phones, lambda rules: up(rules) == 4),
                     (others, lambda rules: up(rules) == 2 and len(rules) == 3 + 2))
