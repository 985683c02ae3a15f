"""What operators do, and what pools do by themselves: drain, weight, quorum, panic, slow start."""

import case
import world
from world import VIP, conf

PLAIN = {"checked": False}


def hello(peer):
    """Answers a line at a time until the client goes."""
    while line := peer.recv(4096):
        peer.sendall(line)


class Overlays(case.Case):
    def connected(self, count):
        """`count` connections through the service; each has been answered."""
        clients = []
        for _ in range(count):
            client = world.socket.create_connection((VIP, 80), timeout=world.PATIENCE)
            self.addCleanup(client.close)
            client.sendall(b"hello")
            self.assertEqual(client.recv(5), b"hello")
            clients.append(client)
        return clients

    def test_drain_waits_for_the_last_connection(self):
        one = self.server("10.9.0.11", hello)
        two = self.server("10.9.0.12", hello)
        daemon = self.daemon(conf(**PLAIN))
        self.until_table({"11": 1, "12": 1})
        clients = self.connected(4)
        self.assertEqual((len(one.open), len(two.open)), (2, 2))
        daemon.server("p/s1", "drain")
        self.until_table({"11": 0, "12": 1})
        self.assertEqual(daemon.servers()["s1"]["active_connections"], 2)
        self.connected(2)
        self.assertEqual(len(one.open), 2)
        for client in clients:
            client.sendall(b"still")
            self.assertEqual(client.recv(5), b"still")
        self.assertEqual(daemon.events("DRAINED"), [])
        for client in clients:
            client.close()
        self.until_table({"12": 1}, 240)
        self.assertEqual(daemon.wait_event("DRAINED")["object"], "p/s1")
        self.assertTrue(daemon.servers()["s1"]["overlay"]["gone"])
        daemon.server("p/s1", "undrain")
        self.until_table({"11": 1, "12": 1})

    def test_drain_ends_at_its_deadline(self):
        # A server of its own: the kernel remembers the connection that is cut here.
        self.server("10.9.0.15", hello)
        daemon = self.daemon(conf(1, servers=["10.9.0.15:80 name=s1"], **PLAIN))
        self.until_table({"15": 1})
        self.connected(1)
        daemon.server("p/s1", "drain", {"deadline_ms": 2000})
        self.until_table({})
        daemon.wait_event("DRAIN_DEADLINE")

    def test_drain_without_connections_is_over_at_once(self):
        daemon = self.daemon(conf(**PLAIN))
        daemon.server("p/s1", "drain")
        self.until_table({"12": 1})

    def test_weight_disable_enable(self):
        daemon = self.daemon(conf(**PLAIN))
        daemon.server("p/s1", "weight", {"weight": 7})
        self.until_table({"11": 7, "12": 1})
        daemon.server("p/s2", "disable")
        self.until_table({"11": 7})
        daemon.server("p/s1", "enable")
        daemon.server("p/s2", "enable")
        self.until_table({"11": 1, "12": 1})
        self.assertEqual(len(daemon.events("OPERATOR")), 4)

    def test_they_survive_reload_and_restart(self):
        daemon = self.daemon(conf(3, **PLAIN))
        daemon.server("p/s1", "weight", {"weight": 7})
        daemon.server("p/s2", "disable")
        self.until_table({"11": 7, "13": 1})
        self.assertEqual(daemon.reload(conf(4, **PLAIN))[0], 200)
        self.until_table({"11": 7, "13": 1, "14": 1})
        self.assertEqual(daemon.stop(), 0)
        daemon.start()
        self.until_table({"11": 7, "13": 1, "14": 1})
        self.assertEqual(daemon.servers()["s1"]["overlay"]["kind"], "weight")
        self.assertEqual(daemon.servers()["s2"]["overlay"]["kind"], "disable")

    def test_wrong_requests_are_told(self):
        daemon = self.daemon(conf(**PLAIN))
        for path, body, status in [("/v1/servers/p%2Fs9/drain", {}, 404), ("/v1/servers/p%2Fs1/weight", {}, 400),
                                   ("/v1/servers/p%2Fs1/weight", {"weight": -1}, 400), ("/v1/nothing", {}, 404),
                                   ("/v1/status", {}, 405)]:
            self.assertEqual(daemon.ask("POST", path, body)[0], status, path)
        self.until_table({"11": 1, "12": 1})


class Pools(case.Case):
    def test_quorum_lost_brings_the_sorry_server_and_gained_takes_it_away(self):
        one, _ = self.server("10.9.0.11"), self.server("10.9.0.12")
        daemon = self.daemon(conf(pool={"quorum": "2", "sorry_server": "10.9.0.20:80"}))
        daemon.wait_state("s1", "up")
        self.until_table({"11": 1, "12": 1})
        one.stop()
        self.until_table({"20": 1})
        self.assertEqual(daemon.wait_event("QUORUM_LOST")["level"], "alert")
        self.assertEqual(daemon.status()["pools"][0]["state"], "sorry")
        one.start()
        self.until_table({"11": 1, "12": 1})
        daemon.wait_event("QUORUM_GAINED")

    def test_slow_start_raises_the_weight_step_by_step(self):
        one = self.server("10.9.0.11")
        self.server("10.9.0.12")  # a server that is alone gets the whole weight at once
        daemon = self.daemon(conf(servers=["10.9.0.11:80 name=s1 weight=100", "10.9.0.12:80 name=s2"],
                                  pool={"slow_start": "5s"}))
        daemon.wait_state("s1", "up")
        daemon.wait_state("s2", "up")
        one.stop()
        self.until_table({"12": 1})
        one.start()
        seen = []

        def full():
            weight = world.table()["tcp 10.9.0.1:80"].get("10.9.0.11:80")
            if weight is not None and weight not in seen[-1:]:
                seen.append(weight)
            return weight == 100
        world.until(full, "the whole weight")
        self.assertEqual(seen, sorted(seen))
        self.assertGreaterEqual(len(seen), 3, seen)

    def test_never_more_than_the_panic_share_is_taken_out(self):
        servers = [self.server(f"10.9.0.{n}") for n in (11, 12, 13, 14)]
        daemon = self.daemon(conf(4, pool={"panic": "50"}))
        for name in ("s1", "s2", "s3", "s4"):
            daemon.wait_state(name, "up")
        for server in servers:
            server.stop()
        self.assertEqual(daemon.wait_event("PANIC")["level"], "alert")
        for name in ("s1", "s2", "s3", "s4"):
            daemon.wait_state(name, "down")
        world.until(lambda: len(world.table()["tcp 10.9.0.1:80"]) == 2, "half of them stay")
        for server in servers:
            server.start()
        daemon.wait_event("PANIC_OVER")
        self.until_table({"11": 1, "12": 1, "13": 1, "14": 1})

    def test_who_comes_back_waits_with_readmit_quiescent(self):
        one = self.server("10.9.0.11")
        daemon = self.daemon(conf(1, pool={"readmit": "quiescent"}))
        daemon.wait_state("s1", "up")
        self.until_table({"11": 1})
        one.stop()
        self.until_table({})
        one.start()
        self.until_table({"11": 0})
        daemon.server("p/s1", "undrain")
        self.until_table({"11": 1})

    def test_start_down_serves_only_after_the_first_good_probe(self):
        daemon = self.daemon(conf(1, pool={"start": "down"}))
        self.assertEqual(world.table(), {"tcp 10.9.0.1:80": {}})
        self.server("10.9.0.11")
        self.until_table({"11": 1})
        daemon.wait_event("SERVER_UP")
