"""Programs and signals: what runs when, within which limits, and how the daemon ends."""

import json
import os
import pathlib
import signal
import threading

import case
import world
from world import conf, program

PLAIN = {"checked": False}


class Programs(case.Case):
    def setUp(self):
        super().setUp()
        self.told = world.notes()

    def lines(self):
        return self.told.read_text().splitlines()

    def test_start_and_stop_run_theirs(self):
        up, down = (program(f"echo {word} >>/run/told", word) for word in ("up", "down"))
        self.server("10.9.0.11")
        daemon = self.daemon(conf(servers=[f"10.9.0.11:80 name=s1 on_up={up} on_down={down}"],
                                  pool={"notify_at_stop": "yes"}, globals={
            "on_start": program("echo start >>/run/told", "start"),
            "on_stop": program("echo stop >>/run/told", "stop")}))
        daemon.wait_state("s1", "up")
        world.until(lambda: set(self.lines()) == {"start", "up"}, self.lines)
        self.assertEqual(daemon.stop(), 0)
        self.assertEqual(sorted(self.lines()[2:]), ["down", "stop"])

    def test_no_more_run_at_once_than_the_limit(self):
        notify = program("echo begin >>/run/told\nsleep 0.3\necho end >>/run/told\n")
        daemon = self.daemon(conf(4, globals={"notify": notify, "script_limit": "1"}, **PLAIN))
        for name in ("s1", "s2", "s3", "s4"):
            daemon.server(f"p/{name}", "disable")
        count = len(daemon.events())
        world.until(lambda: len(self.lines()) >= 2 * count, self.lines)
        self.assertEqual(self.lines(), ["begin", "end"] * (len(self.lines()) // 2))

    def test_one_over_its_time_is_killed_with_all_that_it_started(self):
        daemon = self.daemon(conf(1, globals={"notify": program("sleep 987 & sleep 987\n")}, **PLAIN))
        world.until(lambda: 'text="time limit"' in daemon.log(), daemon.log, 60)
        daemon.stop()
        self.assertEqual(world.run("pgrep", "-f", "sleep 987").stdout, "")

    def test_those_that_wait_do_not_hold_up_the_end(self):
        notify = program("echo begin >>/run/told\nsleep 60\n")
        daemon = self.daemon(conf(2, globals={"notify": notify, "script_limit": "1"}, **PLAIN))
        for verb in ("disable", "enable") * 10:
            daemon.server("p/s1", verb)
        begun = world.until(self.lines, "the first one runs")
        self.assertEqual(daemon.stop(), 0)
        self.assertEqual((self.lines(), world.table()), (begun, {}))

    def test_an_object_is_not_busy_for_ever_when_the_director_dies(self):
        notify = program('echo "$1 $2" >>/run/told\nsleep 1\n')
        daemon = self.daemon(conf(2, globals={"notify": notify}, **PLAIN))
        for verb in ("disable", "enable", "disable"):
            daemon.server("p/s1", verb)
        before = daemon.role("director")
        os.kill(before, signal.SIGKILL)
        world.until(lambda: daemon.role("director") not in (None, before) and daemon.answers(), "another director")
        for verb in ("enable", "disable"):
            daemon.server("p/s1", verb)
            daemon.server("p/s2", verb)
        world.until(lambda: self.lines().count("OPERATOR p/s1") == 5, self.lines)
        world.until(lambda: self.lines().count("OPERATOR p/s2") == 2, self.lines)

    def test_a_named_pipe_gets_each_event(self):
        path = "/run/notify.pipe"
        daemon = self.daemon(conf(2, globals={"notify_pipe": path}, **PLAIN))
        with open(os.open(path, os.O_RDONLY | os.O_NONBLOCK), encoding="utf-8") as pipe:
            daemon.server("p/s1", "disable")
            event = json.loads(world.until(pipe.readline, "a line"))
        self.assertEqual((event["kind"], event["object"]), ("OPERATOR", "p/s1"))

    def test_roles_do_not_see_the_secrets_of_the_environment(self):
        os.environ["OUR_SECRET"] = "secret"
        self.addCleanup(os.environ.pop, "OUR_SECRET")
        self.server("10.9.0.11")
        daemon = self.daemon(conf(1))
        for role in ("director", "prober"):
            self.assertNotIn(b"OUR_SECRET", pathlib.Path(f"/proc/{daemon.role(role)}/environ").read_bytes())


def rights(pid):
    """The capability sets of a process."""
    lines = pathlib.Path(f"/proc/{pid}/status").read_text(encoding="utf-8").splitlines()
    return {name: int(value, 16) for name, value in (line.split(":") for line in lines if line.startswith("Cap"))}


class Roles(case.Case):
    def probers(self, daemon):
        return world.run("pgrep", "-P", str(daemon.process.pid), "-f", "keepalive-prober").stdout.split()

    def test_two_probers_share_the_servers_and_one_goes_on_without_the_other(self):
        self.server("10.9.0.11")
        self.server("10.9.0.12")
        daemon = self.daemon(conf(2, globals={"probers": "2"}))
        for name in ("s1", "s2"):
            daemon.wait_state(name, "up")
        self.assertEqual(len(self.probers(daemon)), 2)
        os.kill(int(self.probers(daemon)[0]), signal.SIGKILL)
        daemon.wait_event("PROBER_LOST")
        daemon.wait_event("PROBER_BACK")
        world.until(lambda: len(self.probers(daemon)) == 2, "two again")
        self.assertEqual(daemon.events("SERVER_DOWN"), [])

    def test_probers_come_and_go_at_a_reload_and_probes_go_on(self):
        for n in range(11, 17):
            self.server(f"10.9.0.{n}")
        daemon = self.daemon(conf(6))
        names = [f"s{n}" for n in range(1, 7)]
        for name in names:
            daemon.wait_state(name, "up")
        first = self.probers(daemon)
        self.assertEqual(len(first), 1)
        for count in (3, 2, 1):
            self.assertEqual(daemon.reload(conf(6, globals={"probers": str(count)}))[0], 200)
            world.until(lambda count=count: len(self.probers(daemon)) == count, f"{count} probers")
            self.assertEqual([pid for pid in first if pid not in self.probers(daemon)], [])
            runs = {name: daemon.servers()[name]["checks"][0]["runs"] for name in names}
            world.until(lambda runs=runs: all(daemon.servers()[name]["checks"][0]["runs"] > runs[name] + 1
                                              for name in names), "all are probed")
        self.assertEqual(daemon.events("SERVER_DOWN") + daemon.events("PROBER_LOST"), [])
        self.assertEqual(daemon.status()["alarms"], [])

    def test_probers_hold_no_right_at_all_and_mark_packets_with_sockets_of_the_director(self):
        self.server("10.9.0.11")
        daemon = self.daemon(conf(1))
        daemon.wait_state("s1", "up")
        before = daemon.role("prober")
        self.assertEqual(rights(before), {"CapInh": 0, "CapPrm": 0, "CapEff": 0, "CapBnd": 0, "CapAmb": 0})
        marked = conf(1, checked={"mark": "7"})
        self.assertEqual(daemon.reload(marked)[0], 200)
        runs = daemon.servers()["s1"]["checks"][0]["runs"]
        world.until(lambda: daemon.servers()["s1"]["checks"][0]["runs"] > runs + 2, "marked probes")
        self.assertEqual((daemon.state("s1"), daemon.status()["alarms"]), ("up", []))
        # A rule before that of local addresses shows that the packets are marked.
        world.must("ip", "rule", "add", "pref", "1", "lookup", "local")
        self.addCleanup(world.run, "ip", "rule", "del", "pref", "1")
        self.addCleanup(world.run, "ip", "rule", "add", "pref", "0", "lookup", "local")
        world.must("ip", "rule", "del", "pref", "0")
        world.must("ip", "rule", "add", "pref", "0", "fwmark", "7", "unreachable")
        self.addCleanup(world.run, "ip", "rule", "del", "pref", "0", "fwmark", "7")
        daemon.wait_state("s1", "down")
        self.assertEqual(daemon.role("prober"), before)
        self.assertEqual(daemon.events("PROBER_LOST"), [])
        self.assertEqual(set(rights(before).values()), {0})

    def test_a_prober_that_may_not_ping_gets_sockets_of_a_director_that_may(self):
        setting = pathlib.Path("/proc/sys/net/ipv4/ping_group_range")
        self.addCleanup(setting.write_text, setting.read_text())
        daemon = self.daemon(conf(1, **PLAIN))
        group = pathlib.Path(f"/proc/{daemon.role('director')}/status").read_text().split("\nGid:")[1].split()[1]
        setting.write_text(f"{group} {group}")
        servers = ["10.9.0.11 name=s1", "10.9.0.31 name=s2"]  # the second is nobody's
        world.must("ip", "route", "add", "unreachable", "10.9.0.31")
        self.addCleanup(world.run, "ip", "route", "del", "unreachable", "10.9.0.31")
        self.assertEqual(daemon.reload(conf(servers=servers, checked={"type": "ping"}))[0], 200)
        daemon.wait_state("s1", "up")
        daemon.wait_state("s2", "down")
        setting.write_text("1 0")
        self.assertEqual(daemon.wait_event("CHECK_UNABLE")["cause"],
                         "cannot ping: net.ipv4.ping_group_range leaves us out")
        self.assertEqual((daemon.state("s1"), daemon.state("s2")), ("up", "down"))

    def test_a_killed_sender_is_started_again(self):
        daemon = self.daemon(conf(1, globals={"webhook": "http://127.0.0.1:1/"}, **PLAIN))
        before = world.until(lambda: daemon.role("sender"), "a sender")
        os.kill(before, signal.SIGKILL)
        daemon.wait_log("ROLE_ENDED role=sender")
        world.until(lambda: daemon.role("sender") not in (None, before), "another sender")

    def test_a_sender_says_its_last_word_when_the_director_dies(self):
        heard, dead = [], threading.Event()

        def hook(peer):
            text = b""
            while b"}" not in text:
                text += peer.recv(65536)
            heard.append(text.decode())
            dead.wait(world.PATIENCE)
            peer.sendall(b"HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n")
        self.server("127.0.0.1", hook, port=8099)
        servers = [self.server("10.9.0.11"), self.server("10.9.0.12")]
        daemon = self.daemon(conf(globals={"webhook": "http://127.0.0.1:8099/"}))
        for name in ("s1", "s2"):
            daemon.wait_state(name, "up")
        for server in servers:
            server.stop()
        daemon.wait_event("SERVER_DOWN", 2)
        told = [(one["time"][:21], one["object"]) for one in daemon.events("SERVER_DOWN")]  # a successor's come later
        world.until(lambda: heard, "the first call")
        os.kill(daemon.role("director"), signal.SIGKILL)
        dead.set()
        world.until(lambda: all(any(when in one and what in one for one in heard) for when, what in told),
                    lambda: f"{told} in {heard}")
        self.assertEqual(daemon.stop(), 0)
        self.assertEqual(daemon.log().count("DIRECTOR_ENDED"), 1)  # the successor ends when it is told to

    def test_failing_probes_are_told_where_the_check_says_so(self):
        daemon = self.daemon(conf(1, checked={"log_failures": "yes"}))
        event = daemon.wait_event("PROBE_FAILED", 3)
        self.assertEqual((event["object"], event["text"]), ("p/s1", "probe c of 10.9.0.11:80 failed"))


class Signals(case.Case):
    def test_sighup_before_the_first_configuration_is_kept_for_later(self):
        daemon = self.daemon(conf(1, **PLAIN), ready=False)
        world.until(lambda: daemon.role("director"), "a director")
        for _ in range(20):
            daemon.signal(signal.SIGHUP)
        world.until(lambda: daemon.alive() and daemon.answers(), "the daemon answers")
        world.until(lambda: daemon.status()["generation"] >= 2, "the configuration is read again")
        self.until_table({"11": 1})

    def test_sigterm_amid_a_storm_of_sighup_leaves_nothing_behind(self):
        for _ in range(3):
            daemon = self.daemon(conf(5, **PLAIN))
            for _ in range(50):
                daemon.signal(signal.SIGHUP)
            daemon.signal(signal.SIGTERM)
            for _ in range(10):
                daemon.signal(signal.SIGHUP)
            self.assertEqual(daemon.process.wait(world.PATIENCE), 0, daemon.log())
            self.assertEqual(world.table(), {})

    def test_sigusr1_and_sigusr2_are_ignored(self):
        daemon = self.daemon(conf(1, **PLAIN))
        director = daemon.role("director")
        for number in (signal.SIGUSR1, signal.SIGUSR2):
            for pid in (daemon.process.pid, director):
                os.kill(pid, number)
        self.assertEqual(daemon.reload(conf(2, **PLAIN))[0], 200)  # both take part in that
        self.assertEqual((daemon.alive(), daemon.role("director")), (True, director))
