"""The daemon's own bad days: processes that are killed or hang, instances side by side, what programs are told."""

import os
import pathlib
import signal
import tempfile

import case
import world
from world import conf


class Processes(case.Case):
    def running(self, *options, **more):
        self.server("10.9.0.11")
        daemon = self.daemon(conf(**more), *options)
        daemon.wait_state("s1", "up")
        self.until_table({"11": 1})
        daemon.wait_state("s2", "down")
        return daemon

    def runs(self, daemon):
        return daemon.servers()["s1"]["checks"][0]["runs"]

    def test_a_killed_prober_is_started_again_and_states_stay(self):
        daemon = self.running()
        before = daemon.role("prober")
        os.kill(before, signal.SIGKILL)
        daemon.wait_event("PROBER_LOST")
        self.assertEqual([daemon.state("s1"), daemon.state("s2")], ["up", "down"])
        daemon.wait_event("PROBER_BACK")
        world.until(lambda: daemon.role("prober") not in (None, before), "another prober")
        runs = self.runs(daemon)
        world.until(lambda: self.runs(daemon) > runs, "probes go on")
        self.assertEqual(len(daemon.events("SERVER_DOWN")), 1)
        self.assertEqual(daemon.status()["alarms"], [])
        self.until_table({"11": 1})

    def test_a_stopped_prober_is_noticed_and_replaced(self):
        daemon = self.running()
        before = daemon.role("prober")
        os.kill(before, signal.SIGSTOP)
        self.assertEqual(daemon.wait_event("PROBER_SILENT")["level"], "alert")
        self.assertEqual([daemon.state("s1"), daemon.state("s2")], ["up", "down"])
        daemon.wait_event("PROBER_BACK")
        self.assertNotEqual(daemon.role("prober"), before)
        self.assertEqual(len(daemon.events("SERVER_DOWN")), 1)
        self.until_table({"11": 1})

    def test_in_the_background_it_holds_nothing_of_who_started_it(self):
        folder = pathlib.Path(tempfile.mkdtemp(prefix="keepalive."))
        folder.chmod(0o755)
        (folder / "conf").write_text(conf())
        # Returns when every process has let its stdout and stderr go.
        done = world.run(str(world.PROGRAMS / "keepalive"), "-d", "-f", folder / "conf", "--run-dir", folder / "run",
                         "--state-dir", folder / "state", timeout=world.PATIENCE)
        self.assertEqual((done.returncode, done.stdout, done.stderr), (0, "", ""))
        self.assertEqual(len(world.table()), 1)
        os.kill(int((folder / "run/lock").read_text()), signal.SIGTERM)
        world.until(lambda: world.table() == {}, "it ends")

    def test_a_killed_director_is_started_again_and_the_table_stays(self):
        daemon = self.running()
        before, launcher = daemon.role("director"), daemon.process.pid
        os.kill(before, signal.SIGKILL)
        self.assertEqual(world.table(), {"tcp 10.9.0.1:80": {"10.9.0.11:80": 1}})
        daemon.wait_log("DIRECTOR_ENDED")
        world.until(lambda: daemon.role("director") not in (None, before) and daemon.answers(), "another director")
        self.assertEqual(daemon.process.pid, launcher)
        self.until_table({"11": 1})
        self.assertEqual([daemon.state("s1"), daemon.state("s2")], ["up", "down"])
        world.until(lambda: self.runs(daemon) > 0, "probes go on")

    def test_a_stopped_director_is_killed_and_started_again(self):
        daemon = self.running()
        before = daemon.role("director")
        os.kill(before, signal.SIGSTOP)
        daemon.wait_log("DIRECTOR_SILENT")
        world.until(lambda: daemon.role("director") not in (None, before) and daemon.answers(), "another director")
        self.until_table({"11": 1})

    def test_a_director_that_has_just_died_leaves_no_services_behind_when_the_daemon_ends(self):
        def dies(daemon):
            os.kill(daemon.role("director"), signal.SIGKILL)

        def has_died(daemon):
            dies(daemon)
            daemon.wait_log("DIRECTOR_ENDED")

        def dies_while_it_stops(daemon):
            director = daemon.role("director")
            os.kill(director, signal.SIGSTOP)
            daemon.signal(signal.SIGTERM)
            os.kill(director, signal.SIGKILL)

        for end in (dies, has_died, dies_while_it_stops):
            for at_stop, left in (("remove", {}), ("keep", {"tcp 10.9.0.1:80": {"10.9.0.11:80": 1}})):
                with self.subTest(end.__name__, at_stop=at_stop):
                    daemon = self.daemon(conf(1, checked=False, globals={"at_stop": at_stop}))
                    self.until_table({"11": 1})
                    end(daemon)
                    self.assertEqual(daemon.stop(), 0)
                    self.assertEqual(world.table(), left)

    def test_a_killed_launcher_takes_all_others_with_it(self):
        daemon = self.running()
        others = [daemon.role("director"), daemon.role("prober")]
        daemon.process.kill()
        daemon.process.wait()
        world.until(lambda: not any(os.path.exists(f"/proc/{pid}") for pid in others), "director and prober end")


class Notify(case.Case):
    def test_gets_event_object_and_environment_in_order(self):
        told = world.notes()
        notify = world.program('echo "$KEEPALIVE_SEQUENCE $1 $2 $KEEPALIVE_EVENT $KEEPALIVE_OBJECT" >>/run/told\n')
        server = self.server("10.9.0.11")
        daemon = self.daemon(conf(1, globals={"notify": notify}))
        daemon.wait_state("s1", "up")
        server.stop()
        daemon.wait_event("SERVER_DOWN")
        server.start()
        daemon.wait_event("SERVER_UP")
        events = [one for one in daemon.events() if one["object"] == "p/s1"]
        lines = world.until(lambda: len(found := [line.split() for line in told.read_text().splitlines()
                                                  if "p/s1" in line]) >= len(events) and found, "the program is told")
        self.assertEqual(lines, [[str(one["sequence"]), one["kind"], "p/s1", one["kind"], "p/s1"] for one in events])
        everything = [one["sequence"] for one in daemon.events()]
        self.assertEqual(everything, list(range(1, len(everything) + 1)))


class Several(case.Case):
    def test_two_instances_side_by_side(self):
        first = self.daemon(conf(1, checked=False))
        second = self.daemon(conf(1, checked=False, service={"address": "10.9.0.2:80"}), instance="two",
                             folder=first.folder)
        both = {"tcp 10.9.0.1:80": {"10.9.0.11:80": 1}, "tcp 10.9.0.2:80": {"10.9.0.11:80": 1}}
        world.until(lambda: world.table() == both, "both services")
        self.assertEqual((first.status()["instance"], second.status()["instance"]), ("", "two"))
        first.stop()
        self.assertEqual(list(world.table()), ["tcp 10.9.0.2:80"])
        second.stop()
        self.assertEqual(world.table(), {})

    def test_the_same_instance_twice_is_refused(self):
        first = self.daemon(conf(1, checked=False))
        second = self.daemon(conf(1, checked=False), folder=first.folder, ready=False)
        self.assertEqual(second.process.wait(world.PATIENCE), 2)
        self.assertIn("already", second.log())
        self.until_table({"11": 1})

    def test_in_another_network_namespace(self):
        world.must("ip", "netns", "add", "elsewhere")
        self.addCleanup(world.must, "ip", "netns", "del", "elsewhere")
        world.must("ip", "-n", "elsewhere", "link", "set", "lo", "up")
        daemon = self.daemon(conf(1, checked=False), "--netns", "elsewhere")
        self.assertEqual(world.table(), {})
        inside = world.at("elsewhere", world.IPVSADM, "-S", "-n")
        self.assertEqual(inside, "-A -t 10.9.0.1:80 -s rr\n-a -t 10.9.0.1:80 -r 10.9.0.11:80 -m -w 1\n")
        daemon.stop()
        self.assertEqual(world.at("elsewhere", world.IPVSADM, "-S", "-n"),
                         "")
