"""The agent of connection sync in the daemon: what one director holds the other gets, and nobody takes over without it."""

import json
import signal
import os

import directors
import sync_test
import world
from sync_test import connections, daemons, flows, ipvsadm
from world import until

PORTS = range(20000, 20300)
PEER = {"d1": directors.ADDRESSES["d2"], "d2": directors.ADDRESSES["d1"]}


class Agents(sync_test.Frame):
    def setUp(self):
        super().setUp()
        self.key = world.secret()

    def director(self, host, router=None, more="", whole=None, sync=None):
        own = {"peer": PEER[host], "listen": directors.ADDRESSES[host], "key": f"file:{self.key}"}
        return super().director(host, router, more, whole, {**own, **(sync or {})})

    def told(self, one):
        return one.must("GET", "/v1/sync/status")

    def wait_parity(self, one, common):
        def agreed():
            peer = self.told(one)["peers"][0]
            return peer["connected"] and peer.get("parity", {}).get("percent") == 100 and peer["parity"]["common"] >= common
        until(agreed, lambda: f"{common} agree: {self.told(one)}")

    def test_two_directors_agree_and_say_so(self):
        one, other = self.pair()
        flows("d1", directors.ADDRESSES["d1"], PORTS)
        until(lambda: set(PORTS) <= connections("d2"), "the backup has the master's connections")
        self.wait_parity(other, len(PORTS))
        shown = other.ctl("sync", "status")
        self.assertIn("100.0 %", shown.stdout, shown)
        self.assertIn("300  10.0.0.1\n", other.ctl("sync", "connections").stdout)
        self.assertEqual(other.ctl("sync", "doctor").stdout, "nothing found\n")
        self.assertIn("100.0 %", other.ctl("sync", "parity").stdout)
        until(lambda: other.status()["sync"]["synced"], "the director knows")
        until(lambda: self.told(other)["peers"][0].get("reaches"), lambda: f"the probe comes through: {self.told(other)}")
        until(lambda: "keepalive_sync_peer_reaches" in other.get("/metrics")[1], "the director knows")
        page = other.get("/metrics")[1]
        for line in ('keepalive_sync_peer_reaches{peer="10.0.0.1:8849"} 1', 'keepalive_sync_peer_reached{peer="10.0.0.1:8849"} 1',
                     'keepalive_sync_rejected_total{reason="stranger"} 0', "keepalive_sync_channel_sessions_total 1"):
            self.assertIn(line + "\n", page)
        self.assertIn("keepalive_sync_parity_ratio 1\n", page)
        self.assertIn('keepalive_sync_peer_connected{peer="10.0.0.1:8849"} 1\n', page)
        self.assertEqual(json.loads(other.ctl("sync", "differences", "--json").stdout)["peers"][0]["only_there"], 0)
        self.assertEqual(other.ctl("sync", "nonsense").returncode, 2)

    def test_an_agent_that_dies_is_started_again(self):
        one, other = self.pair()
        self.wait_parity(other, 0)
        before = other.role("sync")
        os.kill(before, signal.SIGKILL)
        until(lambda: other.role("sync") not in (None, before), "another one runs")
        self.wait_parity(other, 0)
        self.assertTrue(one.role("sync"))

    def test_who_comes_back_takes_over_when_it_has_the_connections(self):
        router = {"failback": "when-synced limit 5m"}
        one, other = self.pair(router=router)
        flows("d1", directors.ADDRESSES["d1"], PORTS)
        until(lambda: set(PORTS) <= connections("d2"), "the backup has them")
        os.killpg(one.process.pid, signal.SIGKILL)  # its power is gone, and all that it knew
        one.process.wait()
        for role in daemons("d1"):
            ipvsadm("d1", "--stop-daemon", role)
        ipvsadm("d1", "-C")
        world.run("ip", "-n", "d1", "addr", "del", f"{directors.VIP}/24", "dev", "eth0")
        other.wait_router("master")
        again = self.director("d1", router)
        again.wait_router("backup")
        taken = []
        until(lambda: taken.append(connections("d1")) or again.router()["state"] == "master", "it takes over")
        self.assertLessEqual(set(PORTS), connections("d1"))
        self.assertEqual(self.told(again)["peers"][0]["resync"], "done")
        other.wait_router("backup")

    def test_without_section_there_is_no_agent(self):
        one = directors.Case.director(self, "d1")
        one.wait_router("master")
        self.assertIsNone(one.role("sync"))
        self.assertEqual(one.ask("GET", "/v1/sync/status")[0], 409)
        self.assertEqual(one.ctl("sync", "status").returncode, 1)

