"""A kernel without IPVS: the daemon says so and ends; once the module is there it starts. A boot of its own, in which
nothing has loaded the module yet."""

import os
import unittest

import world
from world import conf


class Absent(unittest.TestCase):
    def test_a_start_without_IPVS_ends_and_a_later_one_serves(self):
        self.assertFalse(os.path.exists("/proc/net/ip_vs"), "nothing has loaded it yet")
        world.addresses()
        release = os.uname().release
        module = world.must("find", f"/lib/modules/{release}/", "-name", "ip_vs.ko*").split()[0]
        os.rename(module, module + ".hidden")
        daemon = world.Daemon(conf(checked=False), ready=False)
        self.addCleanup(daemon.stop)
        self.assertEqual(daemon.process.wait(world.PATIENCE), 1)
        self.assertIn("ip_vs", daemon.log())
        os.rename(module + ".hidden", module)
        daemon.start()
        world.until(lambda: world.table() == {"tcp 10.9.0.1:80": {"10.9.0.11:80": 1, "10.9.0.12:80": 1}}, "the table")
