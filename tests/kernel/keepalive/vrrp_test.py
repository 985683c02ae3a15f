"""Two directors on a bridge that share an address: who has it, who hands it over, and what goes with it."""

import json
import os
import pathlib
import subprocess

import directors
import world
from directors import VIP
from world import section, until


class Vrrp(directors.Case):
    def test_status_tells_the_master_and_the_backup_who_hears_it(self):
        one, other = self.pair(router={"advertise": "1s"})  # so that no busy machine makes the backup take over
        until(one.holds, "the master has the address")
        self.assertFalse(other.holds())
        until(lambda: other.router()["master"] == {"address": "10.0.0.1", "priority": 200}, "the backup hears it")
        told = other.router()
        self.assertEqual((told["priority"], told["effective_priority"], told["source"], told["faults"]),
                         (100, 100, "10.0.0.2", []))
        self.assertIn("10.0.0.1 (200)", other.ctl("status").stdout)
        self.assertIn("it takes over when nothing is heard for", other.ctl("explain", "v1").stdout)
        self.assertIn('keepalive_vrrp_state{vrrp="v1",state="master"} 1\n', one.get("/metrics")[1])
        self.assertNotIn("vrrp", one.ctl("doctor").stdout)
        until(lambda: one.status()["vrrp_lateness"]["count"] > 0, "the master counts how late its advertisements are")
        self.assertEqual(other.status()["vrrp_lateness"]["count"], 0)

    def test_in_real_time_it_locks_more_than_those_without_rights_may(self):
        many = [f"10.2.{n}.1-250/16" for n in range(8)]
        one = self.director("d1", router={"advertise": "1s", "excluded": many}, more=section("global", {"realtime": 10}))
        process = until(lambda: one.role("vrrp"), "it runs")
        until(lambda: os.sched_getscheduler(process) & ~os.SCHED_RESET_ON_FORK == os.SCHED_RR, "in real time")
        until(lambda: world.at("d1", "ip", "-o", "address").count("inet 10.2.") == 250 * len(many), "it holds all")
        self.assertEqual(one.role("vrrp"), process, one.log())
        self.assertNotIn("VmLck:\t       0 kB", pathlib.Path(f"/proc/{process}/status").read_text())

    def keys(self, **secrets):
        """Files of keys; each is its name over and over."""
        for name, secret in secrets.items():
            world.secret(secret * 32, self.folder / name)

    def signed(self, keys, mode="enforce"):
        return {"hmac": mode, "hmac_key": ", ".join(f"{number} file:{self.folder}/{name}" for number, name in keys)}

    def test_routers_that_share_a_key_hear_each_other_also_while_it_is_changed(self):
        self.keys(old="o", new="n")
        one = self.director("d1", router=self.signed([(1, "old"), (2, "new")]))
        other = self.director("d2", router=self.signed([(2, "new"), (1, "old")]))
        one.wait_router("master")
        until(lambda: other.router()["heard"] > 3, "the backup hears the master")
        self.assertEqual((other.router()["state"], other.router()["dropped"], other.router()["unproven"]),
                         ("backup", [], 0))
        self.assertEqual(one.ctl("switchover", "v1").returncode, 0)
        other.wait_router("master")
        until(lambda: one.router()["heard"] > 3, "the other key proves as much")
        self.assertEqual((one.router()["state"], one.router()["dropped"]), ("backup", []))

    def test_a_wrong_key_makes_two_masters_and_both_tell_why(self):
        self.keys(ours="o", theirs="t")
        one = self.director("d1", router=self.signed([(1, "ours")]))
        other = self.director("d2", router=self.signed([(1, "theirs")]))
        for each in (one, other):
            each.wait_router("master")
            self.assertIn("wrong HMAC", str(each.wait_event("VRRP_IGNORED")))
            until(lambda each=each: [drop["reason"] for drop in each.router()["dropped"]] == ["wrong HMAC"],
                  "it is counted")
            self.assertEqual(each.router()["heard"], 0)
        self.assertIn("dropped: wrong HMAC", one.ctl("explain", "v1").stdout)
        self.assertIn('reason="wrong HMAC"} ', one.get("/metrics")[1])

    def test_one_that_signs_goes_with_one_that_does_not_until_it_enforces(self):
        self.keys(ours="o")
        one = self.director("d1")
        other = self.director("d2", router=self.signed([(1, "ours")], "receive"))
        one.wait_router("master")
        until(lambda: other.router()["unproven"] > 3, "what is not signed is heard, and counted")
        self.assertEqual(other.router()["state"], "backup")
        self.end(other)
        other = self.director("d2", router=self.signed([(1, "ours")]))
        other.wait_router("master")
        self.assertIn("no HMAC", str(other.wait_event("VRRP_IGNORED")))
        self.assertEqual(one.router()["state"], "master")  # it hears what carries a trailer that it has no key for

    def test_switchover_both_ways_moves_the_address(self):
        one, other = self.pair()
        done = one.ctl("switchover", "v1")
        self.assertEqual((done.returncode, done.stdout), (0, "v1 is backup: root asked for it\n"), done.stderr)
        other.wait_router("master")
        until(lambda: other.holds() and not one.holds(), "the address has moved")
        self.assertTrue(one.router()["yielded"])
        done = one.ctl("switchover", "v1", "--to", "master")
        self.assertEqual((done.returncode, done.stdout), (0, "v1 is master: root asked for it\n"), done.stderr)
        other.wait_router("backup")
        until(lambda: one.holds() and not other.holds(), "the address is back")
        self.assertEqual([entry["text"] for entry in one.events("OPERATOR")],
                         ["vrrp v1 is to be backup", "vrrp v1 is to be master"])
        done = one.ctl("switchover", "v2")
        self.assertEqual((done.returncode, done.stderr),
                         (1, "keepalivectl: no virtual router is called `v2'; did you mean `v1'?\n"))

    def test_a_router_in_fault_does_not_switch_over(self):
        one = self.director("d1", router={"track": "interface eth7"})
        one.wait_router("fault")
        done = one.ctl("switchover", "v1", "--to", "master")
        self.assertEqual((done.returncode, done.stderr),
                         (1, "keepalivectl: vrrp v1 is in fault: interface eth7 is down\n"))
        found = one.ctl("doctor").stdout
        self.assertIn("fault: interface eth7 is down ([vrrp v1])", found)
        self.assertIn("warning: there is no interface eth7, which is tracked ([vrrp v1])", found)

    def test_a_restart_keeps_address_table_and_mastership(self):
        service = section("pool p", {"server": "10.0.0.9:80"}) + section(
            "virtual_server web", {"address": f"{VIP}:80", "pool": "p", "when": "master of v1"})
        one, other = self.pair(router={"advertise": "1s"}, more=service)
        until(lambda: one.table() == [f"tcp {VIP}:80"], "the master has the service")
        until(lambda: one.holds(), "and the address")
        before = one.status()["process"]
        monitor = subprocess.Popen(["ip", "netns", "exec", "d1", "ip", "monitor", "address"], stdout=subprocess.PIPE,
                                   text=True)
        self.addCleanup(monitor.stdout.close)
        self.addCleanup(monitor.wait)
        self.addCleanup(monitor.terminate)
        restart = subprocess.Popen([world.PROGRAMS / "keepalivectl", "restart", "--socket", one.socket],
                                   stdout=subprocess.PIPE, text=True)
        self.addCleanup(restart.stdout.close)
        until(lambda: self.assertEqual(one.table(), [f"tcp {VIP}:80"]) or restart.poll() is not None, "it is done")
        monitor.terminate()
        changes = monitor.stdout.read()
        told = restart.stdout.read()
        self.assertEqual(restart.returncode, 0, one.log())
        self.assertIn("was executed anew and is in service", told)
        self.assertIn("RENEWED", one.log())
        self.assertNotIn(VIP, changes)
        self.assertTrue(one.alive())
        self.assertNotEqual(one.status()["process"], before)
        one.wait_router("master")
        self.assertEqual(self.notes("d2"), ["VRRP_BACKUP"])
        other.wait_router("backup")

    def test_a_router_that_comes_back_at_once_waits_until_its_predecessor_has_given_up(self):
        one = self.director("d1")
        one.wait_router("master")
        until(one.holds, "it has the address")
        text = one.config.read_text()
        for _ in range(2):
            one.reload(section("global", {"script_user": "root"}))
            one.reload(text)
        one.wait_router("master")
        until(one.holds, "it has the address again")
        shown = json.loads(world.must("ip", "-n", "d1", "-j", "addr", "show", "dev", "lo"))
        self.assertNotIn(VIP, [one["local"] for link in shown for one in link["addr_info"]])

    def test_a_service_that_goes_with_mastership_is_in_the_master_s_table_only(self):
        service = section("pool p", {"server": "10.0.0.9:80"}) + section(
            "virtual_server web", {"address": f"{VIP}:80", "pool": "p", "when": "master of v1"})
        one, other = self.pair(more=service)
        name = f"tcp {VIP}:80"
        until(lambda: one.table() == [name] and other.table() == [], "the master has the service")
        self.assertEqual(one.ctl("switchover", "v1").returncode, 0)
        until(lambda: one.table() == [] and other.table() == [name], "the service has moved")

    def test_a_tracked_service_that_loses_its_quorum_demotes(self):
        file = self.folder / "alive"
        file.write_text("0\n")
        service = (section("check c", {"type": "script", "command": f"/usr/bin/test -e {file}", "interval": "100ms",
                                       "jitter": "0", "fall": "1", "rise": "1"})
                   + section("pool p", {"check": "c", "server": "10.0.0.9:80"})
                   + section("virtual_server web", {"address": "10.0.0.101:80", "pool": "p"}))
        one = self.director("d1", router={"track": "service web weight -150"}, more=service)
        other = self.director("d2")
        one.wait_router("master")
        file.unlink()
        other.wait_router("master")
        self.assertEqual(one.wait_router("backup")["effective_priority"], 50)
        self.assertEqual(one.router()["tracked"][0]["state"], "down")
        file.write_text("0\n")
        one.wait_router("master")
        other.wait_router("backup")

    def test_a_tracked_check_is_told_with_its_router_and_not_as_a_pool(self):
        file = self.folder / "alive"
        check = section("check alive", {"type": "script", "command": f"/usr/bin/test -e {file}", "interval": "100ms",
                                        "jitter": "0", "fall": "1"})
        one = self.director("d1", router={"track": "script alive"}, more=check)
        told = one.wait_router("fault")["tracked"][0]
        self.assertEqual((told["kind"], told["name"], told["state"], told["checks"][0]["name"]),
                         ("script", "alive", "down", "alive"))
        self.assertEqual(one.status()["pools"], [])
        file.write_text("0\n")
        one.wait_router("master")

    def test_programs_run_in_the_order_of_the_states(self):
        one, other = self.pair()
        self.assertEqual(one.ctl("switchover", "v1").returncode, 0)
        other.wait_router("master")
        self.assertEqual(one.ctl("switchover", "v1").returncode, 0)
        other.wait_router("backup")
        until(lambda: self.notes("d1") == ["VRRP_BACKUP", "VRRP_MASTER", "VRRP_BACKUP", "VRRP_MASTER"],
              lambda: f"the notes of d1 are in order: {self.notes('d1')}")
        until(lambda: self.notes("d2") == ["VRRP_BACKUP", "VRRP_MASTER", "VRRP_BACKUP"],
              lambda: f"the notes of d2 are in order: {self.notes('d2')}")

    # ---- Programs that must have had their effect

    def program(self, name, script):
        path = self.folder / name
        path.write_text(f"#!/bin/sh\ncd {self.folder}\n{script}\n")
        path.chmod(0o755)
        return str(path)

    def hooked(self, script, **keys):
        """A director whose master has no address: only what its program does, which verify looks for."""
        verify = self.program("verify", "test -e moved || { echo elsewhere; exit 1; }")
        return self.director("d1", router={"addresses": None, "on_master": self.program("move", script), "verify": verify,
                                           "script_delay": "200ms", **keys})

    def test_a_program_of_a_state_is_run_again_until_what_it_did_is_verified(self):
        one = self.hooked("echo x >>runs; test $(wc -l <runs) -lt 3 || touch moved", script_attempts=5,
                          verify_interval="200ms")
        told = one.wait_event("VRRP_PROGRAM_DONE")
        self.assertEqual((told["text"], told["cause"]), ("on_master of vrrp v1 has succeeded", "it was attempt 3"))
        self.assertEqual((self.folder / "runs").read_text().split(), ["x"] * 3)
        self.assertEqual(one.log().count("PROGRAM_FAILED"), 2)
        (self.folder / "moved").unlink()
        self.assertEqual(one.wait_event("VRRP_UNVERIFIED")["cause"], "verify: exit code 1: elsewhere")
        until((self.folder / "moved").exists, "it was run again")

    def test_a_program_of_a_state_that_fails_for_good_is_an_alert_and_not_run_in_another_state(self):
        one = self.hooked("echo x >>runs", script_attempts=3)
        told = one.wait_event("VRRP_PROGRAM_FAILED")
        self.assertEqual((told["level"], told["cause"]), ("alert", "verify: exit code 1: elsewhere"))
        self.assertIn("on_master of vrrp v1 has failed 3 times", one.ctl("doctor").stdout)
        self.assertIn("on_master has failed and is not run again", one.ctl("explain", "v1").stdout)
        self.end(one)
        (self.folder / "runs").write_text("")
        one = self.hooked("echo x >>runs", script_attempts=1000)
        until(lambda: len((self.folder / "runs").read_text().split()) > 2, "it is run again and again")
        known = self.notes("d1").count("VRRP_BACKUP")
        self.director("d2", router={"addresses": None, "priority": 250})
        one.wait_router("backup")
        until(lambda: self.notes("d1").count("VRRP_BACKUP") > known, "the next state's program has run")
        before = (self.folder / "runs").read_text()
        until(lambda: one.router()["heard"] > 10, "a while goes by")
        self.assertEqual((self.folder / "runs").read_text(), before)
