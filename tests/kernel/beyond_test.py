#!/usr/bin/env python3
"""What ipvsadm-ng does beyond ipvsadm, on a real kernel: JSON, plan and apply, restore's reports, watch.

Runs inside the lab; the program's path is the first argument."""

import fcntl
import json
import os
import pty
import re
import resource
import select
import signal
import struct
import subprocess
import sys
import tempfile
import termios
import time
import unittest

PROGRAM = os.path.abspath(sys.argv.pop(1))


def run(*words, stdin="", **more):
    return subprocess.run([PROGRAM, *words], input=stdin, capture_output=True, text=True, check=False, **more)


def rules_file(text):
    file = tempfile.NamedTemporaryFile("w", suffix=".rules")
    file.write(text)
    file.flush()
    return file


WEB = """-A -t 10.9.0.1:80 -s wrr
-a -t 10.9.0.1:80 -r 10.9.0.7:80 -m -w 1
-a -t 10.9.0.1:80 -r 10.9.0.8:80 -m -w 2
"""


class Kernel(unittest.TestCase):
    maxDiff = None

    def setUp(self):
        self.must("-C")

    def must(self, *words, **more):
        done = run(*words, **more)
        self.assertEqual((done.returncode, done.stderr), (0, ""), words)
        return done.stdout

    def refused(self, words, status, stderr, **more):
        done = run(*words, **more)
        self.assertEqual((done.stderr, done.returncode), (stderr, status))


class Json(Kernel):
    def test_table(self):
        self.must("-A", "-t", "10.9.0.1:80", "-s", "sh", "-b", "sh-port", "-p", "90", "-M", "255.255.255.0")
        self.must("-a", "-t", "10.9.0.1:80", "-r", "10.9.0.7", "-i", "-w", "5", "-x", "9", "-y", "4",
                  "--tun-type", "gue", "--tun-port", "6080", "--tun-csum")
        self.must("-A", "-f", "4294967295", "-6", "-o")
        table = json.loads(self.must("-L", "--json"))
        self.assertEqual(table["version"], "1.2.1")
        zero = dict.fromkeys(["connections", "in_packets", "out_packets", "in_bytes", "out_bytes"], 0)
        self.assertEqual(table["services"], [
            {"protocol": "tcp", "address": "10.9.0.1", "port": 80, "family": "ipv4", "scheduler": "sh",
             "scheduler_flags": ["sh-port"], "one_packet": False, "persistence_timeout": 90,
             "netmask": "255.255.255.0", "persistence_engine": None, "stats": zero, "rates": zero,
             "destinations": [
                 {"address": "10.9.0.7", "port": 80, "forwarding": "tunnel", "weight": 5, "upper_threshold": 9,
                  "lower_threshold": 4, "tunnel": {"type": "gue", "port": 6080, "csum": True, "remcsum": False},
                  "active_connections": 0, "inactive_connections": 0, "persistent_connections": 0,
                  "stats": zero, "rates": zero}]},
            {"fwmark": 4294967295, "family": "ipv6", "scheduler": "wlc", "scheduler_flags": [], "one_packet": True,
             "persistence_timeout": None, "netmask": "128", "persistence_engine": None, "stats": zero, "rates": zero,
             "destinations": []}])

    def test_one_service_and_an_empty_table(self):
        self.assertEqual(json.loads(self.must("-L", "--json"))["services"], [])
        self.must("-A", "-t", "[fd09::1]:80")
        service = json.loads(self.must("-L", "-t", "[fd09::1]:80", "--json"))
        self.assertEqual((service["address"], service["netmask"]), ("fd09::1", "128"))
        self.refused(["-L", "-t", "10.9.0.9:80", "--json"], 1, "No such service\n")

    def test_timeouts_daemons_and_connections(self):
        self.must("--set", "100", "50", "20")
        self.assertEqual(json.loads(self.must("-L", "--timeout", "--json")), {"tcp": 100, "tcp_fin": 50, "udp": 20})
        self.assertEqual(json.loads(self.must("-L", "--daemon", "--json")), {"daemons": []})
        self.assertEqual(json.loads(self.must("-L", "-c", "--json")), {"connections": []})


class PlanAndApply(Kernel):
    def test_plan_tells_and_changes_nothing(self):
        with rules_file(WEB) as file:
            done = run("--plan", file.name)
            self.assertEqual((done.returncode, done.stdout, done.stderr), (3, WEB, ""))
            self.assertEqual(self.must("-S", "-n"), "")

    def test_apply_then_nothing_is_left_to_do(self):
        with rules_file(WEB) as file:
            self.assertEqual(self.must("--apply", file.name), "")
            self.assertEqual(self.must("--plan", file.name), "")
            self.assertEqual(json.loads(self.must("--plan", file.name, "--json")), {"changes": []})
        self.assertEqual(self.must("-S", "-n"), WEB)

    def test_one_weight_is_one_edit(self):
        self.must("-R", stdin=WEB)
        with rules_file(WEB.replace("-w 2", "-w 7")) as file:
            done = run("--plan", file.name)
            self.assertEqual((done.returncode, done.stdout),
                             (3, "-e -t 10.9.0.1:80 -r 10.9.0.8:80 -m -w 7\n"))
            change = json.loads(run("--plan", file.name, "--json").stdout)["changes"][0]
            self.assertEqual((change["change"], change["destination"]["weight"]), ("edit_destination", 7))
            self.must("--apply", file.name)
        self.assertIn("10.9.0.8:80 -m -w 7", self.must("-S", "-n"))

    def test_foreign_services_go_or_stay_with_only(self):
        self.must("-A", "-u", "10.9.0.2:53")
        with rules_file(WEB) as file:
            self.assertIn("-D -u 10.9.0.2:53\n", run("--plan", file.name).stdout)
            self.must("--apply", file.name, "--only")
            self.assertIn("-u 10.9.0.2:53", self.must("-S", "-n"))
            self.must("--apply", file.name)
        self.assertEqual(self.must("-S", "-n"), WEB)

    def test_what_is_saved_can_be_applied(self):
        rules = ("-A -u 10.9.0.1:53 -s sh -p 90 -M 255.255.255.0 -o -b sh-fallback,flag-3\n"
                 "-A -f 4294967295 -s rr\n"
                 "-a -f 4294967295 -r 10.9.0.7:0 -i -w 3 --tun-type gre --tun-csum -x 9 -y 4\n"
                 "-A -f 7 -6 -s mh -p 60 -M 64 -b mh-port\n")
        with rules_file(rules) as file:
            self.must("--apply", file.name)
            saved = self.must("-S", "-n")
            self.assertEqual(sorted(saved.splitlines()), sorted(rules.splitlines()))
        with rules_file(saved) as file:
            self.assertEqual(self.must("--plan", file.name), "")

    def test_a_bad_file_changes_nothing(self):
        with rules_file(WEB + "-a -t 10.9.0.1:80 -r 10.9.0.9 -w x\n-C\n") as file:
            self.refused(["--apply", file.name], 2,
                         f"{file.name}:4: illegal weight specified\n{file.name}:5: only -A and -a stand in a rule file\n")
        self.assertEqual(self.must("-S", "-n"), "")

    def test_refused_by_the_kernel(self):
        with rules_file("-A -t 10.9.0.1:80 -s nosuch\n-A -t 10.9.0.2:80 -s rr\n") as file:
            self.refused(["--apply", file.name], 255,
                         "Scheduler or persistence engine not found: -A -t 10.9.0.1:80 -s nosuch\n")
        self.assertEqual(self.must("-S", "-n"), "-A -t 10.9.0.2:80 -s rr\n")

    def test_an_empty_file_does_not_clear_the_table(self):
        self.must("-R", stdin=WEB)
        self.refused(["--apply", "-"], 2, "standard input: no rule in it; -C clears the table\n")
        self.assertEqual(self.must("-S", "-n"), WEB)

    def test_no_such_file(self):
        self.refused(["--plan", "/nonexistent/rules"], 2, "/nonexistent/rules: cannot open: No such file or directory\n")

    def test_standard_input(self):
        self.must("--apply", "-", stdin=WEB)
        self.assertEqual(self.must("-S", "-n"), WEB)


class Restore(Kernel):
    def test_every_refusal_names_line_and_reason(self):
        self.refused(["-R"], 0,
                     "standard input:2: Service already exists: -A -t 10.9.0.1:80 -s wlc\n"
                     "standard input:4: Service not defined: -a -t 10.9.0.3:80 -r 10.9.0.7:80 -g -w 1\n"
                     "standard input:5: --frob: unknown option\n",
                     stdin="-A -t 10.9.0.1:80\n-A -t 10.9.0.1:80\n\n-a -t 10.9.0.3:80 -r 10.9.0.7\n"
                           "-A --frob\n-A -t 10.9.0.4:80\n")
        self.assertEqual(self.must("-S", "-n"), "-A -t 10.9.0.1:80 -s wlc\n-A -t 10.9.0.4:80 -s wlc\n")

    def test_lines_that_are_no_edits_are_told_with_their_place_too(self):
        self.refused(["-R"], 1, "standard input:2: No such service\n", stdin="-C\n-L -t 10.9.0.9:1\n-C\n")
        self.refused(["-R"], 2, "standard input:1: --plan, --apply and --watch do not stand among rules\n",
                     stdin="--apply -\n")

    def test_a_closed_standard_input_holds_no_rules(self):
        done = subprocess.run(["/bin/sh", "-c", f"exec {PROGRAM} -R <&-"], capture_output=True, timeout=60, check=False)
        self.assertEqual((done.returncode, done.stderr), (0, b""))

    def test_more_refusals_than_a_receive_buffer_holds(self):
        rules = "".join(f"-a -t 10.9.0.1:80 -r 10.{n // 65536}.{n // 256 % 256}.{n % 256} -m\n" for n in range(1, 20001))
        done = run("-R", stdin=rules)
        self.assertEqual(done.stderr.count("Service not defined"), 20000)
        self.assertEqual(done.returncode, 255)

    def test_a_hundred_megabytes_without_a_rule(self):
        code = ("import os,sys\nline = b'\\x00\\xff garbage' * 600 + b'\\n'\n"
                "for _ in range(15000): os.write(1, line)\n")
        with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as maker:
            done = subprocess.run([PROGRAM, "-R"], stdin=maker.stdout, capture_output=True, check=False)
            maker.stdout.close()
        self.assertIn(done.returncode, (0, 2, 255))
        one_line = subprocess.run([PROGRAM, "-R"], input=b"x" * 100_000_000, capture_output=True, check=False)
        self.assertEqual((one_line.returncode, one_line.stderr),
                         (2, b"standard input:1: line longer than 65536 bytes: this is no rule file\n"))


class Rim(Kernel):
    def test_a_full_disk_is_told(self):
        with open("/dev/full", "w", encoding="ascii") as full:
            done = subprocess.run([PROGRAM, "-L"], stdout=full, stderr=subprocess.PIPE, text=True, check=False)
        self.assertEqual((done.returncode, done.stderr),
                         (1, "cannot write standard output: No space left on device\n"))

    def test_rules_that_find_no_memory_are_told_so(self):
        def no_memory():
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))

        with tempfile.TemporaryDirectory() as folder:
            restore = os.path.join(folder, "ipvsadm-ng-restore")
            os.symlink(PROGRAM, restore)
            done = subprocess.run([restore], input="-C\n", capture_output=True, text=True, check=False,
                                  preexec_fn=no_memory)
        self.assertEqual((done.returncode, done.stderr), (2, "cannot keep the rules in memory: File too large\n"))

    def test_without_privilege(self):
        nobody = {"user": 65534, "group": 65534, "extra_groups": []}
        for words in (["-L"], ["-L", "-c"], ["-C"], ["-S"]):
            done = run(*words, **nobody)
            self.assertEqual((done.returncode, done.stdout), (2, ""), words)
            self.assertIn("Can't initialize ipvs: Permission denied (you must be root)", done.stderr)
        self.assertEqual(run("-h", **nobody).returncode, 0)
        self.assertEqual(run("-A", "--frob", **nobody).returncode, 255)


class Watch(Kernel):
    def test_needs_a_terminal(self):
        self.refused(["--watch"], 2, "--watch needs a terminal; use -L --json in scripts\n")

    def test_shows_sorts_and_quits(self):
        self.must("-R", stdin=WEB)
        pid, screen = pty.fork()
        if pid == 0:
            os.environ["TERM"] = "xterm"
            os.execv(PROGRAM, [PROGRAM, "--watch", "-n"])
        fcntl.ioctl(screen, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 150, 0, 0))
        self.wait_for(screen, "10.9.0.8:80")
        os.write(screen, b"b")
        self.wait_for(screen, "bytes/s")
        os.write(screen, b"q")
        self.assertEqual(self.exit_status(pid, screen), 0)

    def wait_for(self, screen, text, seconds=20):
        seen, end = "", time.monotonic() + seconds
        while text not in seen and time.monotonic() < end:
            if select.select([screen], [], [], 0.2)[0]:
                seen += re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", os.read(screen, 65536).decode(errors="replace"))
        self.assertIn(text, seen)

    def exit_status(self, pid, screen, seconds=20):
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if select.select([screen], [], [], 0.1)[0]:
                try:
                    os.read(screen, 65536)
                except OSError:  # the terminal's other end is closed
                    pass
            done, status = os.waitpid(pid, os.WNOHANG)
            if done:
                return os.waitstatus_to_exitcode(status)
        os.kill(pid, signal.SIGKILL)
        return None


if __name__ == "__main__":
    unittest.main(verbosity=2)
