"""Connection sync: the kernel's daemons follow a virtual router, stay as they are wanted, and carry connections."""

import contextlib
import re
import socket

import directors
import world
from world import section, until

SERVICE = f"{directors.VIP}:5000"
SYNC = {"interface": "eth0", "id": 51, "follow": "v1", "threshold": "0 1"}
TABLE = section("pool p", {"server": "10.0.0.9:5000"}) + section("virtual_server v", {
    "address": SERVICE, "protocol": "udp", "scheduler": "rr", "pool": "p"})
BROKEN = 9224  # bytes of a datagram for 256 connections, which a byte cannot count


def ipvsadm(host, *words):
    return world.at(host, world.IPVSADM, *words)


def daemons(host):
    """{"master": "mcast=eth0, syncid=51, …"}: as the kernel has them."""
    return dict(re.findall(r"^(\w+) sync daemon \((.*)\)$", ipvsadm(host, "-L", "--daemon"), re.M))


def sysctl(host, name):
    return world.at(host, "sysctl", "-n", f"net.ipv4.vs.{name}").strip()


def connections(host):
    """Client ports of UDP connections, synced or made here."""
    shown = world.at(host, "cat", "/proc/net/ip_vs_conn").split("\n")
    return {int(line.split()[2], 16) for line in shown if line.startswith("UDP")}


def flows(host, source, ports):
    """One packet from each port to the service: as many connections."""
    with world.inside(host):
        for port in ports:
            with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as one:
                one.bind((source, port))
                one.sendto(b"x", (directors.VIP, 5000))


class Frame(directors.Case):
    def setUp(self):
        super().setUp()
        self.addCleanup(self.clean)

    def clean(self):
        for host in directors.ADDRESSES:
            for role in daemons(host):
                ipvsadm(host, "--stop-daemon", role)
            world.at(host, "sysctl", "-qw", "net.ipv4.vs.sync_ports=1", "net.ipv4.vs.sync_threshold=3 50")

    def director(self, host, router=None, more="", whole=None, sync=None):
        text = section("sync", {**SYNC, **(sync or {})}) + TABLE + more
        return super().director(host, router, text, {"drift_interval": "1s", **(whole or {})})

    def runs(self, host, *roles):
        return until(lambda: set(found := daemons(host)) == set(roles) and (found or True),
                     lambda: f"{roles} run on {host}: {daemons(host)}")


class Sync(Frame):
    def test_the_roles_follow_the_virtual_router_and_connections_go_along(self):
        one, other = self.pair()
        self.assertEqual(self.runs("d1", "master")["master"].split(", ")[:2], ["mcast=eth0", "syncid=51"])
        self.runs("d2", "backup")
        flows("d1", directors.ADDRESSES["d1"], range(20000, 20020))
        until(lambda: set(range(20000, 20020)) <= connections("d2"), "the backup has the master's connections")
        told = {entry["role"]: entry for entry in one.status()["sync"]["daemons"]}
        self.assertEqual((told["master"]["runs"], told["master"]["wanted"], told["backup"]["runs"]),
                         (True, True, False))
        self.assertIn("SYNC", one.ctl("status").stdout)
        self.assertIn("vrrp v1 is master: the master daemon is to run", one.ctl("explain", "sync").stdout)
        self.assertIn('keepalive_sync_daemon_up{role="master"} 1\n', one.get("/metrics")[1])
        self.assertNotIn("[sync]", one.ctl("doctor").stdout)
        one.ctl("switchover", "v1", "--to", "backup")
        other.wait_router("master")
        self.runs("d2", "master")
        self.runs("d1", "backup")
        kinds = [entry["text"] for entry in other.events("SYNC_DAEMON")]
        self.assertEqual([text.split(":")[0] for text in kinds[-2:]],
                         ["the master daemon is started", "the backup daemon is stopped"])

    def test_a_daemon_that_others_stop_or_change_comes_back(self):
        one = self.director("d1")
        self.runs("d1", "master")
        ipvsadm("d1", "--stop-daemon", "master")
        self.assertIn("the master daemon is started", one.wait_event("DRIFT_REPAIRED")["text"])
        self.runs("d1", "master")
        ipvsadm("d1", "--stop-daemon", "master")
        ipvsadm("d1", "--start-daemon", "master", "--mcast-interface", "eth0", "--syncid", "7")
        until(lambda: "syncid=51" in daemons("d1").get("master", ""), "the master daemon has its id again")
        ipvsadm("d1", "--start-daemon", "backup", "--mcast-interface", "eth0", "--syncid", "7")
        self.runs("d1", "master")

    def test_what_is_changed_again_and_again_is_told_as_another_program(self):
        one = self.director("d1", whole={"drift_interval": "1s"})
        self.runs("d1", "master")
        for count in range(1, 6):  # within 10 s
            ipvsadm("d1", "--stop-daemon", "master")
            one.wait_event("DRIFT_REPAIRED", count)
        self.assertEqual(one.wait_event("DRIFT_RECURS")["text"], "another program seems to manage the master daemon")
        self.assertIn("another program seems to manage the master daemon", one.ctl("doctor").stdout)
        one.wait_event("DRIFT_ENDS")
        self.runs("d1", "master")

    def test_a_plan_says_which_daemons_would_start_and_stop(self):
        one = directors.Case.director(self, "d1", more=TABLE)
        one.wait_router("master")
        text = one.config.read_text()
        one.configure(text + section("sync", SYNC))
        self.assertIn("the master daemon would be started: eth0, id 51\n", one.ctl("plan").stdout)
        self.assertEqual(daemons("d1"), {})
        one.reload(one.config.read_text())
        self.runs("d1", "master")
        self.assertNotIn("daemon would be", one.ctl("plan").stdout)
        one.configure(one.config.read_text().replace("id = 51\nfollow", "id = 52\nfollow"))
        self.assertIn("the master daemon would be replaced: eth0, id 52\n", one.ctl("plan").stdout)
        one.configure(text)
        self.assertIn("the master daemon would be stopped: eth0, id 51\n", one.ctl("plan").stdout)

    def test_drift_is_only_reported_where_that_is_wanted(self):
        one = self.director("d1", whole={"drift": "report"})
        self.runs("d1", "master")
        ipvsadm("d1", "--stop-daemon", "master")
        self.assertIn("the master daemon does not run, wanted: eth0, id 51", one.wait_event("DRIFT")["text"])
        self.assertEqual(daemons("d1"), {})
        self.assertIn("the master daemon does not run", one.ctl("doctor").stdout)
        one.ask("POST", "/v1/reload")
        self.runs("d1", "master")

    def test_settings_of_the_kernel_are_written_and_threads_started_anew_for_them(self):
        one = self.director("d1", sync={"threshold": "5 60", "refresh": "20s", "retries": 2, "version": 1})
        self.runs("d1", "master")
        self.assertEqual([sysctl("d1", name) for name in ("sync_threshold", "sync_refresh_period", "sync_retries")],
                         ["5\t60", "20", "2"])
        one.reload(one.config.read_text().replace("retries = 2", "retries = 2\nports = 2"))
        self.assertEqual(until(lambda: sysctl("d1", "sync_ports") == "2" and "2", "the setting is written"), "2")
        until(lambda: [text.split(":")[0] for text in self.told(one, "master")][-2:] ==
              ["the master daemon is stopped", "the master daemon is started"], "it starts anew")
        self.runs("d1", "master")

    def told(self, director, role):
        return [one["text"] for one in director.events("SYNC_DAEMON") if one["object"] == f"sync/{role}"]

    def test_both_run_always_where_that_is_wanted(self):
        one, other = self.pair(sync={"follow": "both"})
        for host in directors.ADDRESSES:
            self.runs(host, "master", "backup")
        before = len(one.events("SYNC_DAEMON"))
        one.ctl("switchover", "v1", "--to", "backup")
        other.wait_router("master")
        self.assertEqual((set(daemons("d1")), len(one.events("SYNC_DAEMON"))), ({"master", "backup"}, before))

    def test_a_reload_or_restart_that_changes_nothing_touches_nothing(self):
        one = self.director("d1", {"advertise": "2s"})  # so long that the restart is within it
        self.runs("d1", "master")
        before = self.threads()
        one.ask("POST", "/v1/reload")
        self.assertEqual(one.ctl("restart").returncode, 0)
        one.wait_router("master")
        until(lambda: one.status()["sync"]["daemons"][0]["runs"], "the successor knows of the daemon")
        self.assertEqual((self.threads(), one.events("SYNC_DAEMON")), (before, []))

    def threads(self):
        return sorted(re.findall(r"^ *\d+ ipvs-[mb]:.*$", world.must("ps", "-eo", "pid,comm"), re.M))

    def test_the_end_stops_both_and_keep_leaves_them(self):
        one = self.director("d1", sync={"follow": "both"})
        self.runs("d1", "master", "backup")
        one.stop()
        self.assertEqual(daemons("d1"), {})
        one = self.director("d1", sync={"follow": "both"}, whole={"at_stop": "keep"})
        self.runs("d1", "master", "backup")
        one.stop()
        self.assertEqual(set(daemons("d1")), {"master", "backup"})

    def test_without_the_section_foreign_daemons_stay_and_ours_go(self):
        ipvsadm("d1", "--start-daemon", "backup", "--mcast-interface", "eth0", "--syncid", "7")
        one = directors.Case.director(self, "d1", more=TABLE)
        one.wait_router("master")
        one.ask("POST", "/v1/reload")
        self.assertIn("syncid=7", daemons("d1")["backup"])
        text = one.config.read_text()
        one.reload(text + section("sync", SYNC))
        self.runs("d1", "master")
        one.reload(text)
        self.runs("d1")

    def test_an_interface_that_has_no_address_or_is_not_there_is_told_of(self):
        world.must("ip", "-n", "d1", "link", "add", "bare0", "type", "dummy")
        world.must("ip", "-n", "d1", "link", "set", "bare0", "up")
        with contextlib.ExitStack() as stack:
            stack.callback(world.must, "ip", "-n", "d1", "link", "del", "bare0")
            one = self.director("d1", sync={"interface": "bare0"})
            self.runs("d1", "master")
            self.assertIn("bare0 has no IPv4 address", one.wait_event("SYNC_ADDRESS")["text"])
            self.assertIn("bare0 has no IPv4 address", one.ctl("doctor").stdout)
            checked = world.run("ip", "netns", "exec", "d1", str(world.PROGRAMS / "keepalive"), "--check", "-f",
                                one.config)
            self.assertIn("[sync] interface bare0 has no IPv4 address here", checked.stderr)
            one.reload(one.config.read_text().replace("bare0", "none0"))
            self.assertIn("the master daemon cannot be", one.wait_event("SYNC_REFUSED")["text"])
            self.assertIn("there is no interface none0", one.ctl("doctor").stdout)
            one.reload(one.config.read_text().replace("none0", "eth0"))
            one.wait_event("SYNC_ACCEPTED")
            self.runs("d1", "master")

    def test_a_datagram_of_more_than_255_connections_loses_256_of_them(self):
        """Why max_length has a greatest value: the kernel counts the entries of a datagram in one byte."""
        self.mtu(16000)
        self.addCleanup(self.mtu, 1500)
        world.must("ip", "-n", "d1", "addr", "add", f"{directors.VIP}/32", "dev", "lo")
        self.addCleanup(world.must, "ip", "-n", "d1", "addr", "del", f"{directors.VIP}/32", "dev", "lo")
        world.at("d1", "sysctl", "-qw", "net.ipv4.vs.sync_threshold=0 1")
        ipvsadm("d1", "-A", "-u", SERVICE, "-s", "rr")
        ipvsadm("d1", "-a", "-u", SERVICE, "-r", "10.0.0.9:5000", "-g")
        self.addCleanup(ipvsadm, "d1", "-C")
        self.assertEqual(self.arrived(BROKEN - 36, 30000), 300)
        # They all go in one datagram, unless this machine stands still for two seconds meanwhile.
        first = iter(range(30300, 60000, 300))
        until(lambda: self.arrived(BROKEN, next(first)) == 300 - 256, "256 of 300 connections are lost")

    def mtu(self, size):
        for host in directors.ADDRESSES:
            world.must("ip", "-n", host, "link", "set", "eth0", "mtu", str(size))
            world.must("ip", "link", "set", f"e-{host}", "mtu", str(size))

    def arrived(self, length, first):
        """How many of 300 connections the other director gets."""
        for host, role in (("d2", "backup"), ("d1", "master")):
            ipvsadm(host, "--start-daemon", role, "--mcast-interface", "eth0", "--sync-maxlen", str(length))
        ports = range(first, first + 300)
        flows("d1", directors.ADDRESSES["d1"], ports)
        # What went before the last one is there when that is.
        until(lambda: ports[-1] in connections("d2"), "the last connection is there")
        for host, role in (("d1", "master"), ("d2", "backup")):
            ipvsadm(host, "--stop-daemon", role)
        return len(connections("d2") & set(ports))
