"""What tests do with hosts, which are network namespaces: run programs, go inside, wait until something is so."""

import contextlib
import os
import pathlib
import subprocess
import tempfile
import time

PROGRAMS = pathlib.Path(os.environ.get("PROGRAMS", "/usr/sbin"))
IPVSADM = str(PROGRAMS / "ipvsadm-ng")
PATIENCE = 30  # seconds
PAUSE = 0.02  # between looks


def until(condition, what, seconds=None):
    """Waits until condition() is true and returns what it gave."""
    seconds = seconds or PATIENCE
    end = time.monotonic() + seconds
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > end:
            told = what() if callable(what) else f"{what}; last: {value!r}"
            raise AssertionError(f"not within {seconds} s: {told}")
        time.sleep(PAUSE)


def run(*words, **more):
    return subprocess.run(words, capture_output=True, text=True, check=False, **more)


def must(*words, **more):
    done = run(*words, **more)
    assert done.returncode == 0, (words, done.stdout, done.stderr)
    return done.stdout


def at(host, *words, **more):
    """Runs a program on a host."""
    return must("ip", "netns", "exec", host, *words, **more)


@contextlib.contextmanager
def inside(host):
    """What this thread opens belongs to the host."""
    import ctypes  # not in every lab
    libc = ctypes.CDLL(None, use_errno=True)
    with open("/proc/thread-self/ns/net") as home, open(f"/run/netns/{host}") as there:
        assert libc.setns(there.fileno(), 0) == 0, host
        try:
            yield
        finally:
            assert libc.setns(home.fileno(), 0) == 0


def failed(case):
    """Whether this test has failed so far: for its cleanups, in which unittest's own `success` begins anew."""
    told = case._outcome.result
    return any(getattr(test, "test_case", test) is case for test, _ in told.failures + told.errors)


def secret(text="k" * 40, path=None):
    """The path of a file that only its owner may read."""
    path = path or tempfile.mkstemp(prefix="secret.")[1]
    pathlib.Path(path).write_text(text + "\n")
    os.chmod(path, 0o600)
    return str(path)


def sync_interface(host):
    """sync0 leads nowhere: what the host's kernel says of connections, its agent carries."""
    must("ip", "-n", host, "link", "add", "sync0", "type", "dummy")
    must("ip", "-n", host, "address", "add", "169.254.88.1/32", "dev", "sync0")
    must("ip", "-n", host, "link", "set", "sync0", "up")
