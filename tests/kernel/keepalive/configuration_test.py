"""Configurations of every kind: whatever stands in the file, the process stays, services stay, the fault is told."""

import random
import signal
import time

import case
import world
from world import conf

PLAIN = {"checked": False}
MUTATIONS = 1000


class Broken(case.Case):
    def hup(self, daemon, refusals):
        daemon.signal(signal.SIGHUP)
        event = daemon.wait_event("CONFIG_REFUSED", refusals)
        self.assertEqual(event["level"], "alert")
        self.assertTrue(daemon.status()["config"]["fault"])
        return event

    def test_garbage_an_empty_file_and_none_at_all(self):
        # SIGHUP after each.
        daemon = self.daemon(conf(**PLAIN))
        self.until_table({"11": 1, "12": 1})
        director = daemon.role("director")
        daemon.configure(bytes(random.Random(1).randrange(256) for _ in range(4096)))
        self.hup(daemon, 1)
        daemon.configure("")
        self.hup(daemon, 2)
        daemon.config.unlink()
        self.hup(daemon, 3)
        self.assertEqual(daemon.role("director"), director)
        self.assertIn("CONFIG_FAULT", daemon.log())
        self.until_table({"11": 1, "12": 1})
        self.assertEqual(daemon.reload(conf(1, **PLAIN))[0], 200)
        self.until_table({"11": 1})
        self.assertIsNone(daemon.status()["config"]["fault"])

    def test_more_than_a_message_holds_is_a_fault_like_any_other(self):
        daemon = self.daemon(conf(**PLAIN))
        director = daemon.role("director")
        for number in range(2):
            with open(daemon.folder / f"large{number}", "w", encoding="ascii") as large:
                large.writelines(["; " + "x" * 1021 + "\n"] * (36 << 10))
        status, answer = daemon.reload(conf(globals={"include": "large*"}, **PLAIN))
        self.assertEqual(status, 409)
        self.assertIn("longer than 64 MiB with all that it names", answer["diagnostics"])
        self.assertEqual(daemon.role("director"), director)
        self.until_table({"11": 1, "12": 1})

    def test_all_faults_are_told_with_their_lines(self):
        daemon = self.daemon(conf(**PLAIN))
        status, answer = daemon.reload(conf(service={"scheduler": "rrr"}, pool={"quorumm": "1"}, **PLAIN))
        self.assertEqual(status, 409)
        self.assertEqual(answer["diagnostics"].count(": error: "), 2)
        self.assertIn("did you mean", answer["diagnostics"])
        self.until_table({"11": 1, "12": 1})

    def test_a_start_with_a_broken_file_uses_the_last_good_one(self):
        daemon = self.daemon(conf(**PLAIN))
        self.until_table({"11": 1, "12": 1})
        self.assertEqual(daemon.stop(), 0)
        daemon.configure("[nonsense]\n")
        daemon.start()
        self.until_table({"11": 1, "12": 1})
        found = daemon.status()["config"]
        self.assertTrue(found["last_good"])
        self.assertIn("nonsense", found["fault"])
        daemon.wait_event("CONFIG_REFUSED")
        self.assertEqual(daemon.reload(conf(1, **PLAIN))[0], 200)
        self.assertFalse(daemon.status()["config"]["last_good"])

    def test_without_a_last_good_one_it_ends(self):
        daemon = self.daemon("[nonsense]\n", ready=False)
        self.assertEqual(daemon.process.wait(world.PATIENCE), 1)
        self.assertIn("nonsense", daemon.log())


class Mutations(case.Case):
    def mutated(self, text, dice):
        """Bytes that are flipped, lost, doubled or moved."""
        for _ in range(dice.randrange(1, 6)):
            at, length = dice.randrange(len(text)), dice.randrange(1, 12)
            piece = text[at:at + length]
            text = text[:at] + dice.choice([bytes([dice.randrange(256)]), b"", piece * 2, piece[::-1],
                                            dice.choice([b"\n", b"=", b"[", b"]", b"${", b",", b"\0", b"999999999999"])
                                            ]) + text[at + length:] or b"x"
        return text

    def test_a_thousand_reloads_of_mutated_files(self):
        # The control socket's reload tells of each whether it took effect; a fault says where.
        good = conf(3, checked={"type": "tcp", "interval": "10m"}, pool={"start": "up", "slow_start": "30s"})
        daemon = self.daemon(good)
        director, launcher = daemon.role("director"), daemon.process.pid
        dice = random.Random(20261124)
        refused, begin = 0, time.monotonic()
        for number in range(MUTATIONS):
            text = self.mutated(good.encode(), dice)
            before = world.table() if number % 50 == 0 else None
            status, answer = daemon.reload(text)
            self.assertIn(status, (200, 409), (number, answer))
            if status == 409:
                refused += 1
                self.assertIn(": error: ", answer["diagnostics"], (number, text))
                if before is not None:
                    self.assertEqual(world.table(), before, number)
        print(f"{MUTATIONS} mutations, {refused} refused, {time.monotonic() - begin:.1f} s", flush=True)
        self.assertGreater(refused, MUTATIONS / 10)
        self.assertEqual((daemon.role("director"), daemon.process.pid), (director, launcher))
        self.assertEqual(daemon.reload(good)[0], 200)
        self.until_table({"11": 1, "12": 1, "13": 1})
        self.assertEqual(len(world.table()), 1)
        self.assertEqual(daemon.stop(), 0)
        self.assertEqual(world.table(), {})
