"""What the daemon's kernel tests stand on: a daemon with a configuration, servers that misbehave, the kernel's table.

Services and servers live on 10.9.0.0/24, all on `lo`; every wait is on a condition, with a deadline."""

import http.client
import json
import pathlib
import signal
import socket
import subprocess
import sys
import tempfile
import threading

sys.path.insert(1, str(pathlib.Path(__file__).resolve().parents[1]))

from hosts import (IPVSADM, PATIENCE, PROGRAMS, at, failed, inside, must, run, secret, sync_interface,  # noqa: E402,F401
                   until)

VIP = "10.9.0.1"


def ipvsadm(*words):
    return must(IPVSADM, *words)


def key(service):
    if "fwmark" in service:
        return f"fwmark {service['fwmark']}"
    return f"{service['protocol']} {service['address']}:{service['port']}"


def services():
    """The kernel's services as ipvsadm-ng tells them, by key."""
    return {key(one): one for one in json.loads(ipvsadm("-L", "-n", "--json"))["services"]}


def table():
    """{"tcp 10.9.0.1:80": {"10.9.0.11:80": weight}}"""
    return {name: {f"{one['address']}:{one['port']}": one["weight"] for one in service["destinations"]}
            for name, service in services().items()}


def addresses():
    """Brings 10.9.0.1 to 10.9.0.30 up on lo."""
    must("ip", "-batch", "-", input="".join(f"addr replace 10.9.0.{n}/32 dev lo\n" for n in range(1, 31)))


class Unix(http.client.HTTPConnection):
    def __init__(self, path):
        super().__init__("localhost", timeout=PATIENCE)
        self.path = path

    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(self.timeout)
        self.sock.connect(str(self.path))


def notes(name="told"):
    """An empty file for programs of any user."""
    path = pathlib.Path("/run") / name
    path.write_text("")
    path.chmod(0o666)
    return path


def program(script, name="program"):
    """The path of a script of the shell."""
    path = pathlib.Path("/run") / name
    path.write_text("#!/bin/sh\n" + script)
    path.chmod(0o755)
    return str(path)


class Daemon:
    """keepalive with a configuration and folders of its own; on a host of the topology, if one is named."""

    def __init__(self, text, *options, instance="", folder=None, host=None, ready=True):
        self.folder = pathlib.Path(folder or tempfile.mkdtemp(prefix="keepalive."))
        self.folder.chmod(0o755)
        self.config = self.folder / f"{instance}keepalive.conf"
        self.instance, self.options, self.host = instance, options, host
        self.socket = self.folder / "run" / (f"{instance}.control" if instance else "control")
        self.logfile = self.folder / f"{instance}log"
        self.configure(text)
        self.start(ready)

    def configure(self, text):
        """Replaces the file as an editor does."""
        new = self.config.with_suffix(".new")
        new.write_bytes(text if isinstance(text, bytes) else text.encode())
        new.rename(self.config)

    def start(self, ready=True):
        words = [str(PROGRAMS / "keepalive"), "-f", self.config, "--run-dir", self.folder / "run",
                 "--state-dir", self.folder / "state", "--log", "stderr", *self.options]
        if self.instance:
            words += ["--instance", self.instance]
        if self.host:
            words = ["ip", "netns", "exec", self.host, *words]
        with open(self.logfile, "ab") as log:
            self.process = subprocess.Popen(words, stderr=log, stdout=log, stdin=subprocess.DEVNULL,
                                            start_new_session=True)  # a group of its own
        if ready:
            until(lambda: self.alive() and self.answers(), "the daemon answers")

    def alive(self):
        assert self.process.poll() is None, f"the daemon ended:\n{self.log()}"
        return True

    def answers(self):
        try:
            return self.get("/v1/status")[0] == 200
        except OSError:
            return False

    def ask(self, method, path, body=None):
        connection = Unix(self.socket)
        try:
            connection.request(method, path, None if body is None else json.dumps(body))
            answer = connection.getresponse()
            text = answer.read().decode()
            return answer.status, json.loads(text) if "json" in answer.getheader("Content-Type", "") else text
        finally:
            connection.close()

    def get(self, path):
        return self.ask("GET", path)

    def ctl(self, *words):
        return run(str(PROGRAMS / "keepalivectl"), *words, "--socket", str(self.socket))

    def must(self, method, path, body=None):
        status, answer = self.ask(method, path, body)
        assert status == 200, (method, path, status, answer)
        return answer

    def status(self):
        return self.must("GET", "/v1/status")

    def reload(self, text):
        """Configures and reloads; the outcome as (HTTP status, answer)."""
        self.configure(text)
        return self.ask("POST", "/v1/reload")

    def servers(self):
        return {server["name"]: server for pool in self.status()["pools"] for server in pool["servers"]}

    def server(self, name, verb, body=None):
        return self.must("POST", f"/v1/servers/{name.replace('/', '%2F')}/{verb}", body or {})

    def state(self, name):
        return self.servers()[name]["state"]

    def wait_state(self, name, state):
        until(lambda: self.state(name) == state, f"{name} is {state}")
        return self.servers()[name]["checks"][0]["evidence"]

    def events(self, kind=None):
        found = self.must("GET", "/v1/events?since=0")["events"]
        return [one for one in found if kind in (None, one["kind"])]

    def wait_event(self, kind, count=1):
        return until(lambda: len(found := self.events(kind)) >= count and found, f"{count} of {kind}")[-1]

    def log(self):
        return self.logfile.read_text(errors="replace")

    def wait_log(self, text):
        until(lambda: text in self.log(), f"the log says {text}")

    def signal(self, number):
        self.process.send_signal(number)

    def role(self, name):
        """The process of a role; None while there is none."""
        for entry in pathlib.Path("/proc").iterdir():
            try:
                if not entry.name.isdigit():
                    continue
                words = (entry / "cmdline").read_bytes().split(b"\0")
                state = (entry / "stat").read_text().rsplit(")", 1)[1].split()
            except OSError:
                continue
            if int(state[1]) == self.process.pid and state[0] != "Z" and name.encode() in words:
                return int(entry.name)
        return None

    def stop(self):
        if self.process.poll() is None:
            self.signal(signal.SIGTERM)
            try:
                self.process.wait(PATIENCE)
            except subprocess.TimeoutExpired:
                self.process.kill()
                raise
        return self.process.returncode


class Server:
    """Listens, counts connections and gives each to `behave`, until stopped; may be started again."""

    def __init__(self, address, behave, port=80):
        self.place, self.behave = (address, port), behave
        self.connections, self.open = 0, []
        self.start()

    def start(self):
        family = socket.AF_INET6 if ":" in self.place[0] else socket.AF_INET
        self.listener = socket.create_server(self.place, family=family, backlog=64)
        threading.Thread(target=self.accept, args=[self.listener], daemon=True).start()

    def accept(self, listener):
        while True:
            try:
                peer, _ = listener.accept()
            except OSError:
                return
            self.connections += 1
            self.open.append(peer)
            threading.Thread(target=self.serve, args=[peer], daemon=True).start()

    def serve(self, peer):
        try:
            self.behave(peer)
        except OSError:
            pass
        finally:
            if peer in self.open:
                self.open.remove(peer)
            peer.close()

    def stop(self):
        if self.listener.fileno() >= 0:
            self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()
        for peer in list(self.open):
            try:
                peer.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass


def request(peer):
    """The whole of it: who closes with something unread resets."""
    text = b""
    while b"\r\n\r\n" not in text and (more := peer.recv(4096)):
        text += more
    return text


def answer(status="200 OK", body="fine\n"):
    def behave(peer):
        request(peer)
        peer.sendall(f"HTTP/1.1 {status}\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n{body}".encode())
    return behave


CHECK = {"type": "http", "interval": "100ms", "timeout": "5s", "jitter": "0", "fall": "2"}


def section(title, keys):
    lines = [f"{name} = {one}" for name, value in keys.items()
             for one in (value if isinstance(value, list) else [value])]
    return f"[{title}]\n" + "\n".join(lines) + "\n\n"


def conf(count=2, servers=None, checked=None, pool=None, service=None, **others):
    """A service on VIP:80 with `count` servers 10.9.0.11, …; every section can be added to."""
    listed = servers or [f"10.9.0.{11 + n}:80 name=s{n + 1}" for n in range(count)]
    return (section("global", {"drift_interval": "1s", **others.get("globals", {})})
            + (section("ipvs", others["ipvs"]) if "ipvs" in others else "")
            + ("" if checked is False else section("check c", {**CHECK, **(checked or {})}))
            + section("pool p", {**({} if checked is False else {"check": "c"}), "server": listed, **(pool or {})})
            + section("virtual_server v", {"address": f"{VIP}:80", "forward": "nat", "scheduler": "rr", "pool": "p",
                                           **(service or {})}))


# ---- Hosts of a topology, see tests/lab/README.md

TOPOLOGY = pathlib.Path(__file__).resolve().parents[2] / "lab" / "topology"


def topology(text):
    must(str(TOPOLOGY), "up", "-", input=text)


# Prints what a host and port say, or a fault: HOST PORT.
ASK = """
import socket, sys
try:
    with socket.create_connection((sys.argv[1], int(sys.argv[2])), 2) as one:
        print(one.recv(100).decode())
except OSError as fault:
    print(type(fault).__name__)
"""


def asked(host, address, port):
    """What a server says to the host that connects to it, or the name of the fault."""
    return at(host, sys.executable, "-c", ASK, address, str(port)).strip()
