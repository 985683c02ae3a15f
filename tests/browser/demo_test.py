"""examples/demo/run --monitor: a cluster for a browser, until Ctrl-C."""

import os
import pathlib
import signal
import socket
import subprocess
import unittest

from page import Page

RUN = pathlib.Path(__file__).resolve().parents[2] / "examples" / "demo" / "run"
PICTURES = pathlib.Path(os.environ["KEEPALIVE_PICTURES"])


class Demo(unittest.TestCase):
    def started(self):
        """The demo, and what it tells: {"in your browser": …, "name": …}."""
        demo = subprocess.Popen([RUN, "--monitor", "--port", "0", "--programs", os.environ["PROGRAMS"]],
                                stdout=subprocess.PIPE, text=True, start_new_session=True)
        self.addCleanup(demo.stdout.close)
        self.addCleanup(demo.terminate)
        told = {}
        for line in demo.stdout:
            print(line, end="")
            if line.startswith("demo: "):
                words = line.removeprefix("demo: ").strip().split(": ", 1)
                told[words[0]] = words[-1]
            if line.startswith("demo: Ctrl-C"):
                return demo, told
        raise AssertionError(f"the demo ended with {demo.wait()}")

    def test_a_browser_sees_the_cluster_and_ctrl_c_ends_it(self):
        demo, told = self.started()
        address = told["in your browser"]
        name, password = told["name"].split(", password: ")
        with Page(address) as page:
            page.login(name, password)
            page.until(lambda: not page.all(".banner"), what="both directors are heard")
            page.until(lambda: "Nothing is wrong" in page.text(), what="all is well")
            page.until(lambda: "5 /s" in page.text(), what="what the client asks for")
            PICTURES.mkdir(parents=True, exist_ok=True)
            page.shot(str(PICTURES / "demo.png"))
            self.assertEqual(page.barriers(), [])
            self.assertEqual(page.complaints(), [])
        demo.send_signal(signal.SIGINT)
        self.assertEqual(demo.wait(30), 0)
        with self.assertRaises(ConnectionRefusedError):
            socket.create_connection(("127.0.0.1", int(address.rsplit(":", 1)[1])))
        with self.assertRaises(ProcessLookupError):
            os.killpg(demo.pid, 0)
