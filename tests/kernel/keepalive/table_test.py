"""The kernel's table: adopted, healed or told, given back; what the daemon does not own stays."""

import os

import case
import world
from world import conf

PLAIN = {"checked": False}
FOREIGN = "-A -u 10.9.0.9:53 -s wrr\n-a -u 10.9.0.9:53 -r 10.9.0.20:53 -m -w 3\n"


def ask(port=80):
    """One connection to the service that says hello, and is closed."""
    with world.socket.create_connection((world.VIP, port), timeout=world.PATIENCE) as client:
        client.sendall(b"GET / HTTP/1.0\r\n\r\n")
        while client.recv(4096):
            pass


class Table(case.Case):
    def test_what_is_there_as_wanted_is_adopted_without_a_write(self):
        self.server("10.9.0.11")
        self.server("10.9.0.12")
        first = self.daemon(conf(globals={"at_stop": "keep"}, **PLAIN))
        for _ in range(5):
            ask()
        self.assertEqual(first.stop(), 0)
        # The kernel adds its counters up every two seconds.
        before = world.until(lambda: (one := world.services()["tcp 10.9.0.1:80"])["stats"]["connections"] == 5 and one,
                             "five connections are counted")
        second = self.daemon(conf(**PLAIN))
        self.assertEqual(second.must("POST", "/v1/reload")["changes"], 0)
        after = world.services()["tcp 10.9.0.1:80"]
        for left, right in zip([before, *before["destinations"]], [after, *after["destinations"]]):
            self.assertEqual(left["stats"]["connections"], right["stats"]["connections"])
            self.assertLessEqual(left["stats"]["in_packets"], right["stats"]["in_packets"])
        self.assertEqual(second.events("DRIFT_REPAIRED"), [])

    def test_what_differs_is_brought_in_line_at_start(self):
        world.ipvsadm("-A", "-t", "10.9.0.1:80", "-s", "wlc")
        world.ipvsadm("-a", "-t", "10.9.0.1:80", "-r", "10.9.0.11:80", "-m", "-w", "9")
        world.ipvsadm("-a", "-t", "10.9.0.1:80", "-r", "10.9.0.19:80", "-m")
        self.daemon(conf(**PLAIN))
        self.until_table({"11": 1, "12": 1})
        self.assertEqual(world.services()["tcp 10.9.0.1:80"]["scheduler"], "rr")

    def test_foreign_services_are_not_touched(self):
        world.must(world.IPVSADM, "-R", input=FOREIGN)
        daemon = self.daemon(conf(**PLAIN))
        self.until_table({"11": 1, "12": 1})
        self.assertEqual(daemon.reload(conf(3, **PLAIN))[0], 200)
        self.until_table({"11": 1, "12": 1, "13": 1})
        self.assertEqual(daemon.stop(), 0)
        self.assertEqual(world.ipvsadm("-S", "-n"), FOREIGN)

    def test_they_go_when_the_file_says_flush(self):
        world.must(world.IPVSADM, "-R", input=FOREIGN)
        self.daemon(conf(globals={"at_start": "flush"}, **PLAIN))
        world.until(lambda: list(world.table()) == ["tcp 10.9.0.1:80"], "only ours")

    def test_stop_leaves_ours_when_the_file_says_keep(self):
        daemon = self.daemon(conf(globals={"at_stop": "keep"}, **PLAIN))
        self.until_table({"11": 1, "12": 1})
        self.assertEqual(daemon.stop(), 0)
        self.until_table({"11": 1, "12": 1})

    def test_one_server_more_is_one_change_and_no_probe_starts_anew(self):
        self.server("10.9.0.11")
        self.server("10.9.0.12")
        daemon = self.daemon(conf(1))
        daemon.wait_state("s1", "up")
        world.until(lambda: daemon.servers()["s1"]["checks"][0]["runs"] >= 3, "some probes")
        before = daemon.servers()["s1"]["checks"][0]
        daemon.configure(conf(2))
        plan = daemon.must("GET", "/v1/plan")["changes"]
        self.assertEqual([one["change"] for one in plan], ["add_destination"])
        self.assertEqual(daemon.must("POST", "/v1/reload")["changes"], 1)
        self.until_table({"11": 1, "12": 1})
        after = daemon.servers()["s1"]["checks"][0]
        self.assertGreaterEqual(after["runs"], before["runs"])
        self.assertEqual(after["since"], before["since"])


class Drift(case.Case):
    def test_a_flushed_table_is_healed(self):
        daemon = self.daemon(conf(**PLAIN))
        self.until_table({"11": 1, "12": 1})
        world.ipvsadm("-C")
        self.until_table({"11": 1, "12": 1})
        self.assertEqual(daemon.wait_event("DRIFT_REPAIRED")["level"], "warning")

    def test_an_edited_one_is_healed(self):
        daemon = self.daemon(conf(**PLAIN))
        self.until_table({"11": 1, "12": 1})
        world.ipvsadm("-e", "-t", "10.9.0.1:80", "-r", "10.9.0.11:80", "-m", "-w", "7")
        world.ipvsadm("-d", "-t", "10.9.0.1:80", "-r", "10.9.0.12:80")
        world.ipvsadm("-a", "-t", "10.9.0.1:80", "-r", "10.9.0.19:80", "-m")
        self.until_table({"11": 1, "12": 1})
        daemon.wait_event("DRIFT_REPAIRED", 3)

    def test_or_told_when_the_file_says_report(self):
        daemon = self.daemon(conf(globals={"drift": "report"}, **PLAIN))
        self.until_table({"11": 1, "12": 1})
        world.ipvsadm("-e", "-t", "10.9.0.1:80", "-r", "10.9.0.11:80", "-m", "-w", "7")
        event = daemon.wait_event("DRIFT")
        self.assertIn("10.9.0.11:80", event["text"])
        self.assertEqual(len(daemon.status()["drift"]), 1)
        self.until_table({"11": 7, "12": 1})
        world.ipvsadm("-e", "-t", "10.9.0.1:80", "-r", "10.9.0.11:80", "-m", "-w", "1")
        world.until(lambda: daemon.status()["drift"] == [], "no drift any more")
        self.assertEqual(len(daemon.events("DRIFT")), 1)


    def test_a_reload_repairs_it_all_the_same(self):
        text = conf(globals={"drift": "report"}, **PLAIN)
        daemon = self.daemon(text)
        self.until_table({"11": 1, "12": 1})
        world.ipvsadm("-d", "-t", "10.9.0.1:80", "-r", "10.9.0.12:80")
        daemon.wait_event("DRIFT")
        self.assertEqual([one["change"] for one in daemon.must("GET", "/v1/plan")["changes"]], ["add_destination"])
        self.assertEqual(daemon.reload(text)[1]["changes"], 1)
        self.until_table({"11": 1, "12": 1})
        self.assertEqual(daemon.status()["drift"], [])


class Refused(case.Case):
    def test_a_missing_scheduler_is_told_and_tried_again(self):
        # The module's file is hidden, then put back: the kernel finds it by itself.
        release = os.uname().release
        done = world.run("find", f"/lib/modules/{release}/", "-name", "ip_vs_mh.ko*")
        if not done.stdout:
            self.skipTest("mh is no module here")
        module = done.stdout.split()[0]
        try:
            os.rename(module, module + ".hidden")
        except OSError as error:
            self.skipTest(f"modules cannot be hidden here: {error}")
        self.addCleanup(lambda: os.path.exists(module + ".hidden") and os.rename(module + ".hidden", module))
        daemon = self.daemon(conf(service={"scheduler": "mh"}, **PLAIN))
        refused = daemon.wait_event("KERNEL_REFUSED")
        self.assertEqual((refused["level"], refused["object"]), ("alert", "TCP 10.9.0.1:80"))
        self.assertEqual(len(daemon.status()["refusals"]), 1)
        self.assertEqual(world.table(), {})
        os.rename(module + ".hidden", module)
        self.until_table({"11": 1, "12": 1}, 60)
        world.until(lambda: daemon.status()["refusals"] == [], "nothing is refused any more")
        self.assertEqual(len(daemon.events("KERNEL_REFUSED")), 1)


    def test_rules_that_nft_refuses_are_told_and_the_services_stand(self):
        if world.run("/usr/sbin/nft", "add table inet there; delete table inet there").returncode == 0:
            self.skipTest("nothing is refused by this kernel")
        daemon = self.daemon(conf(service={"address": "tcp 10.9.0.1:80, udp 10.9.0.1:80", "together": "yes",
                                           "persistence": "5m", "mark": "70000"}, **PLAIN))
        refused = daemon.wait_event("RULES_REFUSED")
        self.assertEqual((refused["level"], refused["object"]), ("alert", "rules"))
        self.assertTrue(refused["cause"])
        self.assertEqual(world.table(), {"fwmark 70000": {"10.9.0.11:80": 1, "10.9.0.12:80": 1}})
        self.assertEqual(daemon.stop(), 0)
        self.assertEqual(world.table(), {})


class Settings(case.Case):
    path = world.pathlib.Path("/proc/sys/net/ipv4/vs/expire_nodest_conn")

    def test_are_written_and_their_drift_is_healed(self):
        self.path.write_text("0")
        daemon = self.daemon(conf(ipvs={"expire_nodest_conn": "1", "timeout_tcp": "77s"}, **PLAIN))
        world.until(lambda: self.path.read_text() == "1\n", "the setting is written")
        world.until(lambda: "77" in world.ipvsadm("-L", "--timeout"), "the timeout is written")
        event = next(one for one in daemon.events("SETTING") if one["object"] == "timeouts")
        self.assertRegex(event["text"], "become 77 s, [1-9][0-9]* s, [1-9][0-9]* s")
        self.path.write_text("0")
        world.until(lambda: self.path.read_text() == "1\n", "the setting is healed")
        self.assertEqual(daemon.wait_event("DRIFT_REPAIRED")["object"], "net.ipv4.vs.expire_nodest_conn")

    def test_that_drift_are_told_once_when_the_file_says_report(self):
        self.path.write_text("0")
        daemon = self.daemon(conf(globals={"drift": "report", "drift_interval": "100ms"},
                                  ipvs={"expire_nodest_conn": "1"}, **PLAIN))
        world.until(lambda: self.path.read_text() == "1\n", "the setting is written")
        self.path.write_text("0")
        event = daemon.wait_event("DRIFT")
        self.assertEqual((event["level"], event["object"]), ("warning", "net.ipv4.vs.expire_nodest_conn"))
        self.assertIn("expire_nodest_conn is 0, wanted 1", event["text"])
        # Some looks later: each finds a server more.
        for number in range(20, 25):
            world.ipvsadm("-a", "-t", "10.9.0.1:80", "-r", f"10.9.0.{number}:80", "-m")
            world.until(lambda: any(f"10.9.0.{number}:80" in one["text"] for one in daemon.events("DRIFT")),
                        f"server {number} is told")
        self.assertEqual(self.path.read_text(), "0\n")
        self.assertEqual(len([one for one in daemon.events("DRIFT") if one["object"] == event["object"]]), 1)


class Forwarding(case.Case):
    path = world.pathlib.Path("/proc/sys/net/ipv4/ip_forward")

    def setUp(self):
        super().setUp()
        self.path.write_text("0")
        self.addCleanup(self.path.write_text, "0")

    def test_is_switched_on_where_nat_needs_it_and_told(self):
        daemon = self.daemon(conf(service={"forward": "dr"}, **PLAIN))
        self.until_table({"11": 1, "12": 1})
        self.assertEqual(self.path.read_text(), "0\n")
        self.assertEqual(daemon.reload(conf(**PLAIN))[0], 200)
        self.assertEqual(self.path.read_text(), "1\n")
        self.assertIn("net.ipv4.ip_forward: 0 becomes 1", [one["text"] for one in daemon.events("SETTING")])
        self.path.write_text("0")
        world.until(lambda: self.path.read_text() == "1\n", "it is healed")

    def test_of_one_server_is_enough_and_of_IPv6_its_own(self):
        six = world.pathlib.Path("/proc/sys/net/ipv6/conf/all/forwarding")
        six.write_text("0")
        self.addCleanup(six.write_text, "0")
        daemon = self.daemon(conf(servers=["10.9.0.11:80 forward=nat", "10.9.0.12:80"], service={"forward": "dr"},
                                  **PLAIN))
        world.until(lambda: self.path.read_text() == "1\n", "forwarding")
        self.assertEqual(six.read_text(), "0\n")
        self.assertEqual(daemon.reload(conf(servers=["[fd09::11]:80"], service={"address": "[fd09::1]:80"},
                                            **PLAIN))[0], 200)
        self.assertEqual(six.read_text(), "1\n")

    def test_is_left_alone_if_the_file_says_so(self):
        self.daemon(conf(ipvs={"ip_forward": "leave"}, **PLAIN))
        self.until_table({"11": 1, "12": 1})
        self.assertEqual(self.path.read_text(), "0\n")


class Borrowed(case.Case):
    forward = world.pathlib.Path("/proc/sys/net/ipv4/ip_forward")
    strict = world.pathlib.Path("/proc/sys/net/ipv4/conf/lo/rp_filter")
    local = world.pathlib.Path("/proc/sys/net/ipv4/conf/lo/accept_local")

    @staticmethod
    def text(method, check=""):
        return (f"[check c]\ntype = tcp\n{check}[pool p]\ncheck = c\nserver = 10.9.0.11:80\n"
                f"[virtual_server s]\naddress = 10.9.0.1:80\nforward = {method}\npool = p\n")

    def holds(self, setting, value):
        world.until(lambda: setting.read_text() == f"{value}\n", f"{setting} is {value}")

    def test_forwarding_is_given_back_by_a_reload_and_at_stop_unless_services_stay(self):
        self.forward.write_text("0")
        daemon = self.daemon(self.text("nat"))
        self.holds(self.forward, 1)
        self.assertEqual(daemon.reload(self.text("dr"))[0], 200)
        self.holds(self.forward, 0)
        self.assertIn("as before", daemon.events("SETTING")[-1]["text"])
        daemon.reload("[global]\nat_stop = keep\n" + self.text("nat"))
        daemon.stop()
        self.holds(self.forward, 1)
        daemon.start()
        daemon.reload(self.text("nat"))
        daemon.stop()
        self.holds(self.forward, 0)

    def test_what_could_not_be_written_down_is_as_soon_as_it_can_be(self):
        self.forward.write_text("0")
        often = "[global]\ndrift_interval = 100ms\n"
        daemon = self.daemon(often + self.text("dr"))
        file = daemon.folder / "state/director/settings"
        obstacle = file.with_suffix(".new")
        obstacle.mkdir()
        self.assertEqual(daemon.reload(often + self.text("nat"))[0], 200)
        self.holds(self.forward, 1)
        daemon.wait_log(f'CANNOT_KEEP file="{file}"')
        obstacle.rmdir()
        world.until(lambda: file.exists() and "net/ipv4/ip_forward 0 1" in file.read_text().replace(".", "/"),
                    "it is written down")

    def test_strict_rp_filter_is_loosened_for_probes_through_the_path_and_given_back_even_after_a_crash(self):
        self.strict.write_text("1")
        self.addCleanup(self.strict.write_text, "0")
        daemon = self.daemon(self.text("dr", "via = path\n"))
        self.holds(self.strict, 2)
        self.holds(self.local, 1)
        before = daemon.role("director")
        os.kill(before, world.signal.SIGKILL)
        world.until(lambda: daemon.role("director") not in (None, before) and daemon.answers(), "another director")
        self.assertEqual(daemon.reload(self.text("dr"))[0], 200)
        self.holds(self.strict, 1)
        self.holds(self.local, 0)
        daemon.reload("[ipvs]\nrp_filter = leave\n" + self.text("dr", "via = path\n"))
        self.holds(self.local, 1)
        self.holds(self.strict, 1)
