"""The lab with cluster.py in it, from outside: where its pages are, and what it can do."""

import os
import pathlib
import select
import subprocess
import sys
import tempfile
import xmlrpc.client

HERE = pathlib.Path(__file__).resolve().parent
LAB = HERE.parent / "lab"


class Lab:
    """`pages`: addresses of the monitors by director; `cluster`: what the job lets the outside do, such as Cluster of cluster.py."""

    def __init__(self, programs, job=HERE / "cluster.py", directors=("first", "second")):
        self.folder = tempfile.TemporaryDirectory()
        for name in ("in", "out"):
            os.mkfifo(pathlib.Path(self.folder.name) / name)
        words = ["--kernel", "uml", "--timeout", "580", "--line", self.folder.name, job, programs]
        self.lab = subprocess.Popen([LAB / "lab", *words], stdin=subprocess.DEVNULL)
        ports = ["0"] * (len(directors) + 1)
        self.forward = subprocess.Popen([LAB / "forward", "outside", self.folder.name, *ports], stdout=subprocess.PIPE, text=True)
        while not select.select([self.forward.stdout], [], [], 0.2)[0]:
            if self.lab.poll() is not None:
                sys.exit(self.close())
        *pages, control = self.forward.stdout.readline().split()
        self.pages = {name: f"https://127.0.0.1:{port}" for name, port in zip(directors, pages)}
        self.cluster = xmlrpc.client.ServerProxy(f"http://127.0.0.1:{control}", allow_none=True)

    def close(self):
        """Gives the lab's exit code: 77 where there is none."""
        self.lab.terminate()
        code = self.lab.wait()
        self.forward.terminate()
        self.forward.wait()
        self.forward.stdout.close()
        self.folder.cleanup()
        return code
