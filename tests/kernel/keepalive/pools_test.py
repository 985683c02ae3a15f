"""Pools: what serves while some of their servers do not; sorry servers, quorum, panic, ramps, weights of files."""

import time

import case
import world
from world import conf

TCP = {"type": "tcp", "interval": "50ms", "timeout": "1s", "fall": "1"}


class Pools(case.Case):
    def running(self, count=2, pool=None, service=None, **more):
        """A daemon and its servers, all of them up."""
        servers = [self.server(f"10.9.0.{11 + n}") for n in range(count)]
        daemon = self.daemon(conf(count, checked=TCP, pool=pool, service=service, **more))
        for n in range(count):
            daemon.wait_state(f"s{n + 1}", "up")
        return daemon, servers

    def pool(self, daemon):
        return daemon.status()["pools"][0]

    def forwarding(self):
        return {one["address"]: one["forwarding"] for one in world.services()["tcp 10.9.0.1:80"]["destinations"]}


class Sorry(Pools):
    def test_serves_by_its_own_method_while_the_quorum_is_lost(self):
        daemon, (one, two) = self.running(pool={"sorry_server": "10.9.0.29:80 forward=dr weight=7"})
        self.until_table({"11": 1, "12": 1})
        one.stop()
        self.until_table({"12": 1})
        two.stop()
        self.until_table({"29": 7})
        self.assertEqual(self.forwarding(), {"10.9.0.29": "direct_route"})
        self.assertEqual(daemon.wait_event("QUORUM_LOST")["level"], "alert")
        self.assertEqual(self.pool(daemon)["state"], "sorry")
        two.start()
        self.until_table({"12": 1})
        daemon.wait_event("QUORUM_GAINED")
        self.assertEqual(self.pool(daemon)["state"], "up")

    def test_inhibited_it_stays_with_weight_0(self):
        _, (one, two) = self.running(pool={"sorry_server": "10.9.0.29:80", "sorry_inhibit": "yes"})
        self.until_table({"11": 1, "12": 1, "29": 0})
        one.stop()
        two.stop()
        self.until_table({"29": 1})
        one.start()
        self.until_table({"11": 1, "29": 0})

    def test_servers_that_are_left_below_the_quorum_are_quiesced_if_the_file_says_so(self):
        _, (one, _) = self.running(pool={"sorry_server": "10.9.0.29:80", "on_failure": "quiesce", "quorum": "2"})
        one.stop()
        self.until_table({"11": 0, "12": 0, "29": 1})
        one.start()
        self.until_table({"11": 1, "12": 1})


class Quorum(Pools):
    def test_is_lost_below_and_gained_above_the_hysteresis(self):
        # Weights 1, 1, 2, 4: lost below 3 - 2 = 1, gained at 3 + 2 = 5.
        listed = [f"10.9.0.{11 + n}:80 name=s{n + 1} weight={weight}" for n, weight in enumerate((1, 1, 2, 4))]
        daemon, (one, two, three, four) = self.running(4, {"server": listed, "quorum": "3", "hysteresis": "2",
                                                           "sorry_server": "10.9.0.29:80"})
        four.stop()
        three.stop()
        one.stop()
        self.until_table({"12": 1})  # weight 1: held
        self.assertEqual(daemon.events("QUORUM_LOST"), [])
        two.stop()
        self.until_table({"29": 1})
        four.start()
        daemon.wait_state("s4", "up")  # weight 4: not gained yet
        self.assertEqual(self.pool(daemon)["state"], "sorry")
        self.until_table({"29": 1})
        one.start()
        self.until_table({"11": 1, "14": 4})
        self.assertEqual([len(daemon.events(kind)) for kind in ("QUORUM_LOST", "QUORUM_GAINED")], [1, 1])

    def test_its_programs_run(self):
        told, program = world.notes(), world.program('echo "$@" >>/run/told\n')
        _, (one,) = self.running(1, {"on_quorum_up": f"{program} up", "on_quorum_down": f"{program} down"})

        def words():
            return [line.split()[0] for line in told.read_text().splitlines()]

        world.until(lambda: words() == ["up"], "the start tells that there is a quorum")
        one.stop()
        world.until(lambda: words() == ["up", "down"], "the program of the loss")
        one.start()
        world.until(lambda: words() == ["up", "down", "up"], lambda: f"all in order; {words()}")


class Panic(Pools):
    def test_keeps_those_that_went_last(self):
        daemon, servers = self.running(4, {"panic": "50"})
        for number, server in enumerate(servers):
            server.stop()
            daemon.wait_state(f"s{number + 1}", "down")
        self.until_table({"13": 1, "14": 1})
        self.assertEqual(daemon.wait_event("PANIC")["level"], "alert")
        self.assertEqual(self.pool(daemon)["state"], "panic")
        servers[0].start()
        servers[1].start()
        self.until_table({"11": 1, "12": 1})
        daemon.wait_event("PANIC_OVER")
        self.assertEqual(len(daemon.events("PANIC")), 1)

    def test_keeps_its_share_of_those_that_go_all_at_once(self):
        daemon, servers = self.running(4, {"panic": "50"})
        for server in servers:
            server.stop()
        daemon.wait_event("PANIC")
        for number in range(1, 5):
            daemon.wait_state(f"s{number}", "down")
        world.until(lambda: len(world.table()["tcp 10.9.0.1:80"]) == 2, "half of them stay")
        for server in servers:
            server.start()
        daemon.wait_event("PANIC_OVER")
        self.until_table({"11": 1, "12": 1, "13": 1, "14": 1})


class Return(Pools):
    def test_slow_start_raises_the_weight_in_steps(self):
        listed = ["10.9.0.11:80 name=s1 weight=100", "10.9.0.12:80 name=s2 weight=100"]
        daemon, (one, _) = self.running(2, {"server": listed, "slow_start": "3s"})
        self.until_table({"11": 100, "12": 100})
        one.stop()
        self.until_table({"12": 100})
        begin, seen = time.monotonic(), []
        one.start()

        def full():
            weight = world.table()["tcp 10.9.0.1:80"].get("10.9.0.11:80")
            if weight not in (None, *seen[-1:]):
                seen.append(weight)
            return weight == 100
        world.until(full, lambda: f"the whole weight: {seen}")
        self.assertGreaterEqual(time.monotonic() - begin, 2.7)  # nine steps of ten
        self.assertEqual(seen, sorted(set(seen) & set(range(10, 101, 10))))
        self.assertEqual(daemon.events("DRIFT_REPAIRED"), [])

    def test_readmit_quiescent_waits_for_the_operator(self):
        daemon, (one, _) = self.running(pool={"readmit": "quiescent"})
        self.until_table({"11": 1, "12": 1})
        one.stop()
        self.until_table({"12": 1})
        one.start()
        self.until_table({"11": 0, "12": 1})
        daemon.wait_state("s1", "up")
        daemon.server("s1", "undrain")
        self.until_table({"11": 1, "12": 1})

    def test_start_down_waits_for_the_first_probe(self):
        self.server("10.9.0.12")
        daemon = self.daemon(conf(checked={**TCP, "type": "http", "url": "/", "timeout": "2s"}, pool={"start": "down"}))
        self.until_table({"12": 1})
        self.assertEqual([one["object"] for one in daemon.events("SERVER_UP")], ["p/s2"])


class Checks(Pools):
    def two(self, require):
        """A server with two checks that pass, and what answers the second."""
        self.server("10.9.0.11")
        other = self.server("10.9.0.11", port=81)
        daemon = self.daemon(conf(1, checked=TCP, pool={"check": ["c", "d"], "require": require})
                             + world.section("check d", {**TCP, "port": "81"}))
        self.wait_checks(daemon, ["up", "up"])
        self.until_table({"11": 1})
        return daemon, other

    def wait_checks(self, daemon, states):
        world.until(lambda: [one["state"] for one in daemon.servers()["s1"]["checks"]] == states, f"checks are {states}")

    def test_all_must_pass(self):
        daemon, other = self.two("all")
        other.stop()
        self.until_table({})
        self.wait_checks(daemon, ["up", "down"])
        other.start()
        self.until_table({"11": 1})

    def test_or_any(self):
        daemon, other = self.two("any")
        other.stop()
        self.wait_checks(daemon, ["up", "down"])
        self.until_table({"11": 1})
        self.assertEqual(daemon.events("SERVER_DOWN"), [])

    def test_a_file_gives_weights(self):
        weight = world.pathlib.Path("/run/weight")
        weight.write_text("17\n")
        daemon = self.daemon(conf(1, checked={"type": "file", "path": str(weight), "timeout": "1s", "fall": "1"}))
        self.until_table({"11": 17})
        weight.write_text("0\n")
        self.until_table({"11": 0})
        weight.write_text("plenty\n")
        self.until_table({})
        self.assertIn("no weight", daemon.wait_state("s1", "down"))
        weight.write_text("5\n")
        self.until_table({"11": 5})
