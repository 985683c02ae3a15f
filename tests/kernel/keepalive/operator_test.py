"""What operators do: drain, weight, disable; and how long that lasts."""

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
