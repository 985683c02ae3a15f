"""A peer and keepalive side by side, on the hosts `theirs` and `ours`: what runs there, and the rules of both."""

import subprocess

import world

HOSTS = ("theirs", "ours")
IPVSADM = str(world.PROGRAMS / "ipvsadm-ng")


class Peer:
    """A program on a host, with a log, until it is stopped."""

    def __init__(self, host, log, *words):
        self.log = log
        with open(log, "ab") as out:
            self.process = subprocess.Popen(["ip", "netns", "exec", host, *words], stderr=out, stdout=out,
                                            stdin=subprocess.DEVNULL)

    def stop(self):
        if self.process.poll() is None:
            self.process.terminate()
            self.process.wait(world.PATIENCE)


def rules(host):
    return sorted(world.at(host, IPVSADM, "-S", "-n").splitlines())


def clear():
    for host in HOSTS:
        world.at(host, IPVSADM, "-C")


def difference(theirs, ours):
    """In words, with the end of the peer's log and with ours."""
    their, our = (set(rules(host)) for host in HOSTS)
    return "\n".join(["only theirs:", *sorted(their - our), "only ours:", *sorted(our - their), "both:", *sorted(their & our),
                      theirs.log.read_text()[-4000:], ours.log()])
