"""The frame of every case: an empty table before, nothing left running afterwards."""

import unittest

import world


class Case(unittest.TestCase):
    maxDiff = None

    @classmethod
    def setUpClass(cls):
        world.addresses()

    def setUp(self):
        world.ipvsadm("-C")
        self.daemons = []

    def daemon(self, text, *options, **more):
        started = world.Daemon(text, *options, **more)
        self.addCleanup(self.end, started)
        return started

    def end(self, daemon):
        if world.failed(self):
            print(daemon.log(), flush=True)
        daemon.stop()

    def server(self, address, behave=None, **more):
        started = world.Server(address, behave or world.answer(), **more)
        self.addCleanup(started.stop)
        return started

    def until_table(self, wanted, seconds=world.PATIENCE):
        """Waits for the service's servers and weights: {"11": 1} is 10.9.0.11:80 with weight 1."""
        full = {f"10.9.0.{name}:80": weight for name, weight in wanted.items()}
        world.until(lambda: world.table().get(f"tcp {world.VIP}:80") == full,
                    lambda: f"the table is {full}; it is {world.table()}", seconds)
