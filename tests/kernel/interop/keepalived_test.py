"""One site where ours is preferred, one where keepalived is: who is master when, by what passes the bridge."""

import os
import time
import unittest

import capture
import world
from site_of import DROPPED, HIGH, LOW, Site

OURS, THEIRS = 0, 1
SITES = {OURS: Site(1, [HIGH, LOW]), THEIRS: Site(2, [LOW, HIGH])}


def setUpModule():
    world.topology("".join(site.topology() for site in SITES.values()))


class Case(unittest.TestCase):
    """The preferred director is master of what falls back before and after each test."""
    preferred = None

    @classmethod
    def setUpClass(cls):
        if cls.preferred is None:
            raise unittest.SkipTest("the frame")
        cls.site = SITES[cls.preferred]
        cls.other = 1 - cls.preferred
        cls.capture = capture.Capture(cls.site.ports)
        cls.addClassCleanup(cls.capture.stop)
        cls.timer = capture.Lateness()
        cls.addClassCleanup(cls.timer.stop)
        cls.site.start()
        cls.addClassCleanup(cls.site.stop)
        cls.until_master([one for one in cls.site.routers if not one.never], cls.preferred)

    @classmethod
    def directors(cls):
        return [cls.site.ours, cls.site.theirs]

    @classmethod
    def of(cls, director, router, since=0.0):
        return cls.capture.of([cls.site.ports[director]], router.id, since)

    @classmethod
    def until_master(cls, routers, director):
        """Waits until each router has been heard twice from this director alone since now."""
        begin = time.time()

        def missing():
            return [one.name for one in routers if len(cls.quiet(one, director, begin)) < 2]
        world.until(lambda: not missing(), lambda: f"director {director} is master of {missing()}")

    @classmethod
    def quiet(cls, router, director, since):
        """What the director has said since the other one's last word."""
        foreign = [one.at for one in cls.of(1 - director, router, since) if one.priority > 0]
        return cls.of(director, router, max([since, *foreign]))

    @property
    def falling_back(self):
        return [one for one in self.site.routers if not one.never]

    def setUp(self):
        self.timer.worst = 0.0
        self.addCleanup(self.tell)

    def tell(self):
        if world.failed(self):
            for one in self.directors():
                print(one.log(), flush=True)

    def check_master(self, director):
        """Three times one says that it is master and nobody else does, and it has the addresses."""
        self.until_master(self.falling_back, director)
        begin = time.time()
        world.until(lambda: all(len(self.of(director, one, begin)) >= 3 for one in self.falling_back), "each is heard")
        for router in self.falling_back:
            with self.subTest(router=router.name):
                self.assertEqual(self.of(1 - director, router, begin), [])
        wanted = {one.split("/")[0] for router in self.falling_back for one in router.addresses}
        self.assertEqual(wanted - self.site.held(director), set())
        self.assertEqual(wanted & self.site.held(1 - director), set())

    def takeover(self, router, since, ended):
        """Seconds from the last word of the preferred one (`ended(advert)`) to the first one of the other."""
        first = world.until(lambda: self.of(self.other, router, since), f"{router.name} is taken over")[0]
        last = [one for one in self.of(self.preferred, router) if one.at < first.at and ended(one)][-1]
        return first.at - last.at

    def check_takeover(self, since, wanted, ended=lambda advert: advert.priority > 0):
        took = {router: self.takeover(router, since, ended) for router in self.falling_back}
        for router, seconds in took.items():
            with self.subTest(router=router.name):
                self.assertGreater(seconds, 0.9 * wanted(router))
        late = " ".join(f"{router.name}={seconds - wanted(router):+.3f}" for router, seconds in took.items())
        print(f"\n{self.id()}: seconds late: {late} (a bare timer {self.timer.worst:.3f})", flush=True)

    def master_down(self, router):
        return router.master_down(LOW)

    def check_failback(self, since):
        """What may fall back does, once; the rest stays where it is, whoever that is."""
        self.check_master(self.preferred)
        never = [one for one in self.site.routers if one.never]
        for router in never:
            with self.subTest(router=router.name):
                world.until(lambda router=router: len(self.of(self.other, router, since)) > 3, "the other one goes on")
                self.assertEqual(self.of(self.preferred, router, since), [])


class Sequence:
    """What befalls the preferred director."""

    def test_one_is_master(self):
        self.check_master(self.preferred)

    def test_its_link_dies(self):
        begin = time.time()
        self.site.link(self.preferred, "down")
        self.check_takeover(begin, self.master_down)
        back = time.time()
        self.site.link(self.preferred, "up")
        self.check_failback(back)
        if self.preferred == OURS:  # keepalived takes 30 ms each when all sixteen are due at once
            self.check_wait(back)

    def check_wait(self, since):
        """Who works again waits for its own master-down time."""
        for router in self.falling_back:
            with self.subTest(router=router.name):
                waited = self.of(self.preferred, router, since)[0].at - since
                self.assertGreater(waited, 0.9 * router.master_down(HIGH))

    def test_it_stops_in_order(self):
        begin = time.time()
        self.directors()[self.preferred].stop()
        self.check_takeover(begin, lambda router: router.skew(LOW), lambda advert: advert.priority == 0)
        back = time.time()
        self.directors()[self.preferred].start()
        self.check_failback(back)

    def test_its_priority_drops(self):
        begin = time.time()
        self.reload(DROPPED)
        self.check_takeover(begin, self.master_down, lambda advert: advert.priority == HIGH)
        self.check_master(self.other)
        self.reload(HIGH)
        self.check_master(self.preferred)


class OursPreferred(Sequence, Case):
    preferred = OURS

    def reload(self, priority):
        self.assertEqual(self.site.ours.reload(self.site.ours_text(priority))[0], 200)

    def test_its_vrrp_process_is_killed(self):
        """The launcher takes the addresses away, and starts another one: whoever has waited first is master."""
        removals = capture.Removals(self.site.hosts[OURS])
        self.addCleanup(removals.stop)
        wanted = {one.split("/")[0] for router in self.falling_back for one in router.addresses}
        begin = time.time()
        os.kill(self.site.ours.role("vrrp"), world.signal.SIGKILL)
        killed = time.time()
        world.until(lambda: wanted <= set(removals.times), "the addresses are gone")
        slowest = max(removals.times[one] for one in wanted)
        print(f"\n{self.id()}: addresses gone after {slowest - begin:.3f} (timer {self.timer.worst:.3f})", flush=True)
        for router in self.falling_back:
            with self.subTest(router=router.name):
                found = world.until(lambda: self.capture.of(self.site.ports, router.id, killed), "one is master")
                self.assertGreater(found[0].at, slowest)
        self.check_master(OURS)


class KeepalivedPreferred(Sequence, Case):
    preferred = THEIRS

    def reload(self, priority):
        self.site.theirs.reload(self.site.theirs_text(priority))

    def test_its_processes_are_killed(self):
        begin = time.time()
        self.site.theirs.kill()
        self.check_takeover(begin, self.master_down)
        back = time.time()
        self.site.theirs.start()
        self.check_failback(back)


del Case, Sequence
