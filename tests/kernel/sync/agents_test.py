"""ipvs-sync against the kernel's daemons: what one director holds comes to the other, and what does not is told."""

import json
import os
import signal
import socket
import subprocess
import threading
import unittest

import hosts
import world
from world import ADDRESS, Agent, connections, daemon, until


class Agents(unittest.TestCase):
    def setUp(self):
        world.clear()
        self.key = world.secret()

    def agent(self, host, *options, verb="mirror", interface=None, key=None):
        other = "b" if host == "a" else "a"
        one = Agent(host, "--listen", f"{ADDRESS[host]}:8849", "--peer", f"{ADDRESS[other]}:8849", "--key",
                    key or self.key, *options, verb=verb, interface=interface)
        self.addCleanup(one.stop)
        return one

    def loaded(self, count):
        """a holds connections, and its agent knows them."""
        daemon("a", "backup", "wa")
        one = self.agent("a")
        world.say("b", "wb", world.in_datagrams(0, count))
        until(lambda: one.status()["connections"] == count, lambda: f"the mirror of a: {one.status()}")
        until(lambda: connections("a") == count, "the kernel of a")
        return one

    def test_who_joins_gets_everything_and_agrees(self):
        self.loaded(5000)
        daemon("b", "backup", "wb")
        joiner = self.agent("b")
        until(lambda: connections("b") == 5000, lambda: f"the kernel of b: {connections('b')}, {joiner.status()}")
        told = joiner.wait_parity(100, 5000)
        self.assertEqual(told["resync"], "done")
        self.assertEqual((told["parity"]["only_here"], told["parity"]["only_there"]), (0, 0))
        self.assertLess(told["parity"]["bytes"], 10_000)
        self.assertEqual(joiner.status()["dropped"], 0)
        self.assertIn("100.0 %", joiner.ask("parity").stdout)

    def test_a_backup_daemon_that_starts_later_is_filled_then(self):
        self.loaded(1000)
        joiner = self.agent("b")
        joiner.wait_peer(lambda one: one["resync"] == "waits", "it waits for the daemon")
        self.assertEqual(connections("b"), 0)
        daemon("b", "backup", "wb")
        until(lambda: connections("b") == 1000, lambda: f"the kernel of b: {joiner.status()}")

    def test_single_connections_that_are_missing_are_fetched(self):
        self.loaded(1000)
        daemon("b", "backup", "wb")
        joiner = self.agent("b")
        joiner.wait_parity(100, 1000)
        given = joiner.status()["given"]
        world.must("ip", "link", "set", "pb", "down")  # a goes on sending
        world.say("a", "wa", world.in_datagrams(1000, 1040))
        world.must("ip", "link", "set", "pb", "up")
        until(lambda: connections("b") == 1040, lambda: f"the kernel of b: {connections('b')}, {joiner.status()}")
        self.assertLessEqual(joiner.status()["given"] - given, 2)
        joiner.wait_parity(100, 1040)

    def test_a_donor_may_refuse(self):
        daemon("a", "backup", "wa")
        donor = self.agent("a", "--no-donate")
        world.say("b", "wb", world.in_datagrams(0, 100))
        until(lambda: donor.status()["connections"] == 100, "the mirror of a")
        daemon("b", "backup", "wb")
        told = self.agent("b").wait_peer(lambda one: one["resync"] == "refused", "it is refused")
        self.assertIn("gives no connections", told["refusal"])
        self.assertEqual(connections("b"), 0)

    def test_without_the_key_nothing_is_told(self):
        self.loaded(100)
        daemon("b", "backup", "wb")
        stranger = self.agent("b", key=world.secret("another secret that is long enough"))
        until(lambda: stranger.peer()["fault"], "it is told why")
        self.assertFalse(stranger.peer()["connected"])
        self.assertEqual(connections("b"), 0)
        self.assertEqual(stranger.ask("doctor").returncode, 1)

    def test_certificates_instead_of_a_key(self):
        folder = world.secret() + ".d"
        os.mkdir(folder)
        for name, subject in (("ca", "/CN=ours"), ("foreign", "/CN=theirs")):
            world.must("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2",
                       "-subj", subject, "-keyout", f"{folder}/{name}.key", "-out", f"{folder}/{name}.pem")
        for host, authority in (("a", "ca"), ("b", "ca"), ("c", "foreign")):
            world.must("openssl", "req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj",
                       f"/CN={host}", "-keyout", f"{folder}/{host}.key", "-out", f"{folder}/{host}.csr")
            world.must("openssl", "x509", "-req", "-in", f"{folder}/{host}.csr", "-CA", f"{folder}/{authority}.pem", "-CAkey",
                       f"{folder}/{authority}.key", "-CAcreateserial", "-days", "2", "-out", f"{folder}/{host}.pem")
            os.chmod(f"{folder}/{host}.key", 0o600)

        def agent(host, whose):
            other = "b" if host == "a" else "a"
            one = Agent(host, "--listen", f"{ADDRESS[host]}:8849", "--peer", f"{ADDRESS[other]}:8849", "--certificate",
                        f"{folder}/{whose}.pem", "--certificate-key", f"{folder}/{whose}.key", "--ca", f"{folder}/ca.pem")
            self.addCleanup(one.stop)
            return one

        agent("a", "a")
        good = agent("b", "b")
        good.wait_peer(lambda one: one["connected"], "the peer is proven")
        good.stop()
        bad = agent("b", "c")
        until(lambda: bad.peer()["fault"], "it is told why")
        self.assertFalse(bad.peer()["connected"])

    def test_doctor_names_what_does_not_fit(self):
        daemon("a", "master", "wa", 51)
        daemon("b", "backup", "wb", 52)
        self.agent("a")
        other = self.agent("b")
        other.wait_peer(lambda one: one["connected"], "the peer answers")
        told = other.ask("doctor")
        self.assertIn("a sends with id 51", told.stdout.replace("lab sends", "a sends"))
        self.assertEqual(told.returncode, 1)

    def test_multicast_that_comes_only_one_way_is_found_by_trying(self):
        for host in ADDRESS:
            daemon(host, "backup", f"w{host}")
        one, other = self.agent("a"), self.agent("b")
        for agent in (one, other):
            agent.wait_peer(lambda peer: peer.get("reaches") and peer.get("reached"), "both ways")
        self.assertNotIn("multicast from", one.ask("doctor").stdout)
        world.must("tc", "qdisc", "add", "dev", "pa", "clsact")
        world.must("tc", "filter", "add", "dev", "pa", "ingress", "protocol", "ip", "flower", "dst_ip", world.GROUP, "action", "drop")
        one.wait_peer(lambda peer: peer["reaches"] is False and peer["reached"], "what a says does not come to b")
        other.wait_peer(lambda peer: peer["reaches"] and peer["reached"] is False, "b knows")
        told = one.ask("doctor")
        self.assertIn(" on wa does not come to ", told.stdout)
        self.assertEqual(told.returncode, 1)
        self.assertIn("comes there: NO, comes here: yes", one.ask("status").stdout)
        world.must("tc", "qdisc", "del", "dev", "pa", "clsact")
        one.wait_peer(lambda peer: peer["reaches"], "again")
        self.assertEqual(sum(sum(sender["faulty"].values()) for sender in one.question("traffic")["senders"]), 0)

    def test_a_kernel_that_did_not_take_what_was_synced_is_found_by_its_counts(self):
        daemon("b", "backup", "wb", 52)  # and a sends with 51
        one = self.agent("b")
        world.say("a", "wa", world.in_datagrams(0, 300))
        until(lambda: one.status()["connections"] == 300, lambda: f"the mirror of b: {one.status()}")
        told = until(lambda: "were synced" in (told := one.ask("doctor").stdout) and told, "the counts are compared")
        self.assertIn("300 connections to 10.0.0.11 were synced, and the kernel has 0", told)
        self.assertIn("300 connections, 0 in the kernel", one.ask("status").stdout)

    def test_the_tools_say_what_came_of_it(self):
        donor = self.loaded(100)
        daemon("b", "backup", "wb")
        joiner = self.agent("b")
        joiner.wait_parity(100, 100)
        for verb in ("parity", "resync"):
            told = joiner.ask(verb)
            self.assertEqual(told.returncode, 0, told.stdout)
        self.assertIn("100 connections in", told.stdout)
        daemon("b", "backup", "", start=False)
        until(lambda: not joiner.status()["backup_daemon"], "the daemon has gone")
        self.assertEqual(joiner.ask("resync").returncode, 1)
        donor.stop()
        joiner.wait_peer(lambda one: not one["connected"], "it is alone")
        self.assertEqual([joiner.ask(verb).returncode for verb in ("parity", "resync")], [1, 1])

    def started(self, *words):
        """A program that has begun to print."""
        process = subprocess.Popen(words, stdout=subprocess.PIPE)  # pylint: disable=consider-using-with

        def end():
            process.kill()
            process.wait()
            process.stdout.close()

        self.addCleanup(end)
        process.stdout.readline()
        return process

    def test_the_tools_end_when_they_are_told_to(self):
        one = self.agent("a")
        watch = self.started(world.PROGRAM, "status", "--watch", "--socket", str(one.socket))
        watch.terminate()
        self.assertEqual(watch.wait(hosts.PATIENCE), -signal.SIGTERM)
        with open("/dev/full", "w", encoding="ascii") as full:
            told = subprocess.run([world.PROGRAM, "status", "--socket", str(one.socket)], stdout=full, stderr=subprocess.PIPE,
                                  text=True, check=False)
        self.assertEqual((told.returncode, told.stderr),
                         (1, "ipvs-sync: cannot write standard output: No space left on device\n"))
        monitor = self.started("ip", "netns", "exec", "b", world.PROGRAM, "monitor", "-i", "wb", "--counters")
        monitor.stdout.close()
        self.assertEqual(monitor.wait(hosts.PATIENCE), -signal.SIGPIPE)

    def test_an_interface_that_is_made_anew_is_heard_again(self):
        one = self.agent("b")
        world.say("a", "wa", world.in_datagrams(0, 100))
        until(lambda: one.status()["connections"] == 100, lambda: f"the mirror of b: {one.status()}")
        world.must("ip", "link", "del", "pb")
        until(lambda: "wb" in str(one.status()["faults"]), "it is told")
        world.plug("b")
        daemon("b", "backup", "wb")
        until(lambda: not one.status()["faults"] and one.status()["backup_daemon"], "it is there again")
        world.say("a", "wa", world.in_datagrams(100, 200))
        until(lambda: one.status()["connections"] == 200, lambda: f"the mirror of b: {one.status()}")

    def test_monitor_decodes_what_a_kernel_sends(self):
        daemon("a", "master", "wa")
        world.at("a", "sysctl", "-qw", "net.ipv4.vs.sync_threshold=0 1")
        world.at("a", world.IPVSADM, "-A", "-u", "10.0.0.100:53", "-s", "rr")
        world.at("a", world.IPVSADM, "-a", "-u", "10.0.0.100:53", "-r", f"{ADDRESS['b']}:53", "-m")
        world.must("ip", "-n", "a", "addr", "add", "10.0.0.100/32", "dev", "lo")
        enough = threading.Event()

        def speak():
            with world.inside("a"), socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as out:
                while not enough.wait(0.1):
                    out.sendto(b"x", ("10.0.0.100", 53))
        speaker = threading.Thread(target=speak)
        self.addCleanup(speaker.join)
        self.addCleanup(enough.set)
        speaker.start()
        with subprocess.Popen(["ip", "netns", "exec", "b", world.PROGRAM, "monitor", "-i", "wb", "--json", "--seconds", "60"],
                              stdout=subprocess.PIPE, text=True) as monitor:
            line = json.loads(monitor.stdout.readline())
            monitor.terminate()
        self.assertEqual((line["version"], line["id"], line["own"]), (1, 51, False))
        one = line["entries"][0]
        self.assertEqual((one["virtual"], one["protocol"], one["server"]), ("10.0.0.100:53", "UDP", f"{ADDRESS['b']}:53"))

    def test_what_was_there_before_the_agent_is_read_from_the_kernel(self):
        daemon("a", "backup", "wa")
        world.say("b", "wb", world.in_datagrams(0, 500))
        until(lambda: connections("a") == 500, "the kernel of a")
        one = self.agent("a")
        until(lambda: one.status()["connections"] == 500, lambda: f"the mirror: {one.status()}")
        self.assertGreater(until(lambda: one.status()["first_read"]["took_ms"], "its cost is told"), 0)
        daemon("b", "backup", "wb")
        self.agent("b")
        until(lambda: connections("b") == 500, "the kernel of b")
        self.assertIn("10.0.0.11:80", world.at("b", world.IPVSADM, "-Ln"))
        self.assertIn("500  10.0.0.11:80", one.ask("connections", "--by", "server").stdout)


if __name__ == "__main__":
    unittest.main()
