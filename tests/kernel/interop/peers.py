"""Programs that do what keepalive does, each on a host of its own."""

import os
import pathlib
import signal
import subprocess
import tempfile

import world


class Peer:
    """A program with a folder and a log, until it is stopped; its file is replaced by configure()."""

    def __init__(self, host, text, *words, folder=None):
        self.folder = pathlib.Path(folder or tempfile.mkdtemp(prefix="peer."))
        self.host, self.words, self.file = host, words, self.folder / "theirs.conf"
        self.configure(text)
        self.start()

    def configure(self, text):
        self.file.write_text(text)

    def start(self):
        with open(self.folder / "theirs.log", "ab") as log:
            self.process = subprocess.Popen(["ip", "netns", "exec", self.host, *self.command()], stderr=log, stdout=log,
                                            stdin=subprocess.DEVNULL)

    def stop(self):
        if self.process.poll() is None:
            self.process.terminate()
            self.process.wait(world.PATIENCE)

    def log(self):
        return (self.folder / "theirs.log").read_text(errors="replace")


class Ldirectord(Peer):
    def configure(self, text):
        super().configure("supervised=yes\n" + text)

    def command(self):
        return ["/usr/sbin/ldirectord", self.file, "start"]


class Keepalived(Peer):
    """Debian's keepalived with one of its parts, -P or -C, which is a child of the process that is started; with `more` words."""

    def __init__(self, host, text, part="-P", *more, folder=None):
        self.part = part
        super().__init__(host, text, *more, folder=folder)

    def command(self):
        return ["/usr/sbin/keepalived", "-n", "-l", self.part, "-f", self.file, "-p", self.folder / "pid",
                "-c", self.folder / "-C", "-r", self.folder / "-P", *self.words]

    def start(self):
        super().start()
        world.until(self.child, lambda: f"keepalived runs:\n{self.log()}")

    def child(self):
        file = self.folder / self.part
        return int(file.read_text()) if file.exists() and file.read_text().strip() else None

    def kill(self):
        """As if its host were gone: neither process can do anything for the other."""
        victims = [self.process.pid, self.child()]
        for number in (signal.SIGSTOP, signal.SIGKILL):
            for victim in victims:
                os.kill(victim, number)
        self.process.wait()
        (self.folder / self.part).unlink()

    def reload(self, text):
        self.configure(text)
        self.process.send_signal(signal.SIGHUP)
