"""Two directors on a bridge that share an address: who has it, who hands it over, and what goes with it."""

import directors
from directors import VIP
from world import section, until


class Vrrp(directors.Case):
    def test_status_tells_the_master_and_the_backup_who_hears_it(self):
        one, other = self.pair()
        self.assertTrue(one.holds())
        self.assertFalse(other.holds())
        until(lambda: other.router()["master"] == {"address": "10.0.0.1", "priority": 200}, "the backup hears it")
        told = other.router()
        self.assertEqual((told["priority"], told["effective_priority"], told["source"], told["faults"]),
                         (100, 100, "10.0.0.2", []))
        self.assertIn("10.0.0.1 (200)", other.ctl("status").stdout)
        self.assertIn("it takes over when nothing is heard for", other.ctl("explain", "v1").stdout)
        self.assertIn('keepalive_vrrp_state{vrrp="v1",state="master"} 1\n', one.get("/metrics")[1])
        self.assertNotIn("vrrp", one.ctl("doctor").stdout)

    def test_switchover_both_ways_moves_the_address(self):
        one, other = self.pair()
        done = one.ctl("switchover", "v1")
        self.assertEqual((done.returncode, done.stdout), (0, "v1 is backup: an operator asked for it\n"), done.stderr)
        other.wait_router("master")
        until(lambda: other.holds() and not one.holds(), "the address has moved")
        self.assertTrue(one.router()["yielded"])
        done = one.ctl("switchover", "v1", "--to", "master")
        self.assertEqual((done.returncode, done.stdout), (0, "v1 is master: an operator asked for it\n"), done.stderr)
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
