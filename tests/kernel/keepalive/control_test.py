"""The control socket and keepalivectl, scrapers, and systemd's side of the daemon."""

import os
import pathlib
import signal
import socket
import stat
import subprocess
import tempfile
import threading
import urllib.request

import case
import world
from world import VIP, conf

PLAIN = {"checked": False}
METRICS = "127.0.0.1:9650"


class Keepalivectl(case.Case):
    def ctl(self, daemon, *words, code=0):
        done = daemon.ctl(*words)
        self.assertEqual(done.returncode, code, (words, done.stdout, done.stderr))
        return done.stderr if code else done.stdout

    def test_looks(self):
        self.server("10.9.0.11")
        daemon = self.daemon(conf())
        daemon.wait_state("s1", "up")
        daemon.wait_state("s2", "down")
        self.assertRegex(self.ctl(daemon), r"(?m)^ +p/s1|s1 .*up")
        self.assertIn("server p/s1 is up", self.ctl(daemon, "explain", "p/s1"))
        self.assertIn("v", self.ctl(daemon, "explain", "v"))
        self.assertIn("no server, pool, virtual server or virtual router is called `nothing'",
                      self.ctl(daemon, "explain", "nothing", code=1))
        self.ctl(daemon, "doctor")
        self.assertIn("SERVER_DOWN", self.ctl(daemon, "events", "--json"))
        self.assertTrue(self.ctl(daemon, "metrics").endswith("# EOF\n"))
        self.ctl(daemon, "drain", "nobody", code=1)
        self.ctl(daemon, "nonsense", code=2)
        daemon.stop()
        self.assertIn("cannot reach keepalive", self.ctl(daemon, "status", code=3))

    def test_the_doctor_reads_the_table_as_it_is_now(self):
        daemon = self.daemon(conf(globals={"drift_interval": "0"}, **PLAIN))
        self.until_table({"11": 1, "12": 1})
        self.assertNotIn("not as wanted", self.ctl(daemon, "doctor"))
        world.ipvsadm("-d", "-t", "10.9.0.1:80", "-r", "10.9.0.12:80")
        self.assertIn("what puts it right: add 10.9.0.12:80", self.ctl(daemon, "doctor"))
        self.ctl(daemon, "reload")
        self.assertNotIn("not as wanted", self.ctl(daemon, "doctor"))

    def test_the_last_server_is_not_taken_away_without_a_word(self):
        daemon = self.daemon(conf(1, pool={"sorry_server": "10.9.0.19:80"}, **PLAIN))
        self.until_table({"11": 1})
        self.assertRegex(self.ctl(daemon, "status"), "10.9.0.19:80 +standby")
        self.assertEqual(daemon.must("POST", "/v1/servers/s1/disable")["warning"],
                         "no server of pool p takes new connections now, but the sorry server does")
        self.until_table({"19": 1})
        self.assertRegex(self.ctl(daemon, "status"), "10.9.0.19:80 +serves")

    def test_plan_tells_what_reload_then_does(self):
        daemon = self.daemon(conf(**PLAIN))
        self.assertEqual(self.ctl(daemon, "plan"), "nothing in the kernel would change\n")
        daemon.configure(conf(3, **PLAIN))
        self.assertIn("10.9.0.13:80", self.ctl(daemon, "plan"))
        self.until_table({"11": 1, "12": 1})
        self.assertEqual(self.ctl(daemon, "reload"), "configuration 2 is in effect: 1 change of the kernel's table\n")
        self.until_table({"11": 1, "12": 1, "13": 1})
        daemon.configure("[virtual_server v]\nnonsense = 1\n")
        for verb in ("plan", "reload"):
            self.assertIn("nonsense", self.ctl(daemon, verb, code=1))
        self.until_table({"11": 1, "12": 1, "13": 1})

    def test_a_reload_that_the_kernel_refuses_in_part_is_told(self):
        daemon = self.daemon(conf(**PLAIN))
        found = world.run("find", f"/lib/modules/{os.uname().release}/", "-name", "ip_vs_sed.ko*").stdout.split()
        try:
            module = found[0]
            os.rename(module, module + ".hidden")
        except (IndexError, OSError) as error:
            self.skipTest(f"modules cannot be hidden here: {error}")
        self.addCleanup(lambda: os.path.exists(module + ".hidden") and os.rename(module + ".hidden", module))
        daemon.configure(conf(**PLAIN, service={"scheduler": "sed"}))
        done = daemon.ctl("reload")
        self.assertEqual(done.returncode, 1, done)
        self.assertRegex(done.stdout, "^configuration 2 is in effect: .*\nrefused: ")
        os.rename(module + ".hidden", module)
        world.until(lambda: daemon.status()["refusals"] == [], "nothing is refused any more")
        self.ctl(daemon, "reload")

    def test_events_follow_as_they_come(self):
        daemon = self.daemon(conf(**PLAIN))
        follower = subprocess.Popen([str(world.PROGRAMS / "keepalivectl"), "events", "--follow", "--socket",
                                     str(daemon.socket)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        self.addCleanup(follower.kill)
        self.assertIn("1 ", follower.stdout.readline())
        self.ctl(daemon, "disable", "s2")
        lines = []
        while "s2" not in "".join(lines):
            lines.append(follower.stdout.readline())
        daemon.stop()
        rest, _ = follower.communicate(timeout=world.PATIENCE)
        self.assertEqual(follower.returncode, 3, rest)

    def held(self):
        """A connection that stays."""
        def hold(peer):
            while peer.recv(4096):
                pass
        self.server("10.9.0.11", hold)
        daemon = self.daemon(conf(1, globals={"at_stop": "keep"}, **PLAIN))
        self.until_table({"11": 1})
        client = socket.create_connection((VIP, 80), timeout=world.PATIENCE)
        self.addCleanup(client.close)
        world.until(lambda: daemon.servers()["s1"]["active_connections"] == 1, "the connection is counted")
        return daemon

    def test_drain_waits_until_its_deadline(self):
        daemon = self.held()
        told = self.ctl(daemon, "drain", "s1", "--deadline", "2s", "--wait")
        self.assertRegex(told, r"p/s1 is taken out: the deadline is over, \d active and \d inactive connections last seen\n$")
        self.until_table({})

    def test_a_drain_goes_on_over_a_restart_until_the_same_deadline(self):
        daemon = self.held()
        self.ctl(daemon, "drain", "s1", "--deadline", "5s")
        before = daemon.servers()["s1"]["overlay"]
        self.assertEqual(daemon.stop(), 0)
        daemon.start()
        after = daemon.servers()["s1"]["overlay"]
        self.assertEqual(before["deadline"][:21], after["deadline"][:21])
        world.until(lambda: daemon.servers()["s1"]["overlay"]["gone"], "it is taken out")
        daemon.wait_event("DRAIN_DEADLINE")

    def test_an_operators_word_is_kept_when_it_is_answered(self):
        daemon = self.daemon(conf(**PLAIN))
        self.ctl(daemon, "disable", "s2")
        os.kill(daemon.role("director"), signal.SIGKILL)
        daemon.wait_log("DIRECTOR_ENDED")
        world.until(lambda: daemon.role("director") and daemon.answers(), "another director")
        self.assertEqual(daemon.servers()["s2"]["overlay"]["kind"], "disable")
        self.until_table({"11": 1})


class Socket(case.Case):
    def test_is_for_owner_and_group(self):
        daemon = self.daemon(conf(1, **PLAIN))
        self.assertEqual(stat.S_IMODE(daemon.socket.stat().st_mode), 0o660)
        daemon.stop()
        self.assertFalse(daemon.socket.exists())

    def test_that_cannot_be_ends_the_daemon_with_1_and_a_word(self):
        folder = pathlib.Path(tempfile.mkdtemp(prefix="keepalive.")) / ("x" * 100)
        folder.mkdir()
        daemon = self.daemon(conf(1, **PLAIN), folder=folder, ready=False)
        self.assertEqual(daemon.process.wait(world.PATIENCE), 1)
        self.assertRegex(daemon.log(), "CANNOT_RUN .*longer than 107 bytes")
        self.assertEqual(world.table(), {})

    def test_many_plans_and_reloads_at_once_keep_the_programs_of_the_one_in_force(self):
        told = world.notes()
        daemon = self.daemon(conf(globals={"notify": world.program('echo "$1" >>/run/told\n')}, **PLAIN))
        askers = [threading.Thread(target=daemon.ask, args=words) for _ in range(8)
                  for words in (("GET", "/v1/plan"), ("POST", "/v1/reload"), ("GET", "/v1/plan"))]
        for asker in askers:
            asker.start()
        for asker in askers:
            asker.join()
        daemon.server("p/s1", "disable")
        world.until(lambda: "OPERATOR" in told.read_text(), "the program runs")
        self.assertNotIn("not a program of this configuration", daemon.log())


class Metrics(case.Case):
    def scrape(self, at=METRICS):
        try:
            wanted = urllib.request.Request(f"http://{at}/metrics", headers={"Accept": "application/openmetrics-text"})
            with urllib.request.urlopen(wanted, timeout=world.PATIENCE) as answer:
                return answer.read().decode()
        except OSError:
            return ""

    def metrics(self, at=METRICS):
        return conf(1, **PLAIN) + (world.section("metrics", {"listen": at}) if at else "")

    def test_are_served_moved_and_taken_away(self):
        daemon = self.daemon(self.metrics())
        self.assertIn("keepalive_", world.until(self.scrape, "a page"))
        self.assertTrue(self.scrape().endswith("# EOF\n"))
        self.assertEqual(daemon.reload(self.metrics("127.0.0.1:9651"))[0], 200)
        world.until(lambda: self.scrape("127.0.0.1:9651"), "a page at the new place")
        self.assertEqual(self.scrape(), "")
        self.assertEqual(daemon.reload(self.metrics(None))[0], 200)
        world.until(lambda: not self.scrape("127.0.0.1:9651"), "no page any more")
        world.until(lambda: daemon.role("metrics") is None, "the role ends")

    def test_come_back_when_their_role_is_killed(self):
        daemon = self.daemon(self.metrics())
        world.until(self.scrape, "a page")
        before = daemon.role("metrics")
        os.kill(before, signal.SIGKILL)
        daemon.wait_log("ROLE_ENDED role=metrics")
        world.until(lambda: daemon.role("metrics") not in (None, before) and self.scrape(), "a page again")


class Systemd(case.Case):
    def test_hears_that_all_is_ready_that_it_lives_and_that_it_stops(self):
        folder = pathlib.Path(tempfile.mkdtemp(prefix="notify."))
        listener = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.addCleanup(listener.close)
        listener.bind(str(folder / "socket"))
        listener.settimeout(world.PATIENCE)
        os.environ["NOTIFY_SOCKET"] = str(folder / "socket")
        self.addCleanup(os.environ.pop, "NOTIFY_SOCKET")
        daemon = self.daemon(conf(1, **PLAIN), ready=False)

        def hear(wanted):
            while True:
                word = listener.recv(4096).decode()
                if word == wanted:
                    return
                self.assertIn(word, ("READY=1", "WATCHDOG=1", "STOPPING=1"))
        hear("READY=1")
        self.until_table({"11": 1})
        hear("WATCHDOG=1")
        hear("WATCHDOG=1")
        daemon.signal(signal.SIGTERM)
        hear("STOPPING=1")
        self.assertEqual(daemon.process.wait(world.PATIENCE), 0)

    def test_in_the_background_it_stands_in_the_root_folder_and_outlives_its_starter(self):
        daemon = self.daemon(conf(1, **PLAIN), "--daemon", ready=False)
        self.assertEqual(daemon.process.wait(world.PATIENCE), 0)
        pid = int((daemon.folder / "run" / "lock").read_text())
        self.addCleanup(world.until, lambda: not os.path.exists(f"/proc/{pid}"), "it ends")
        self.addCleanup(os.kill, pid, signal.SIGTERM)
        self.assertEqual(os.readlink(f"/proc/{pid}/cwd"), "/")
        self.assertEqual(daemon.reload(conf(2, **PLAIN))[0], 200)
        self.until_table({"11": 1, "12": 1})
