"""A peer and keepalive side by side, on the hosts `theirs` and `ours`: the rules of both."""

import world

HOSTS = ("theirs", "ours")


def rules(host):
    return sorted(world.at(host, world.IPVSADM, "-S", "-n").splitlines())


def clear():
    for host in HOSTS:
        world.at(host, world.IPVSADM, "-C")


def difference(theirs, ours):
    """In words, with the end of the peer's log and with ours."""
    their, our = (set(rules(host)) for host in HOSTS)
    return "\n".join(["only theirs:", *sorted(their - our), "only ours:", *sorted(our - their), "both:", *sorted(their & our),
                      theirs.log()[-4000:], ours.log()])
