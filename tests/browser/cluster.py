#!/usr/bin/python3
"""The cluster that the browser sees, inside the lab: two directors that watch each other, servers, a client.

    cluster.py PROGRAMS      ends with the lab

                        ┌── 192.0.2.1 first  10.0.0.2 ──┐   ┌── 10.0.0.11 web1
    client 192.0.2.100 ─┤       │ heartbeat             ├───┼── 10.0.0.12 web2
                        └── 192.0.2.2 second 10.0.0.3 ──┘   └── 10.0.0.13 web3

The test outside reaches both monitors, and what Cluster can do as XML-RPC, over the lab's serial line."""

import json
import os
import pathlib
import re
import socket
import subprocess
import sys
import threading
import xmlrpc.server

HERE = pathlib.Path(__file__).resolve().parent
os.environ["PROGRAMS"] = os.path.abspath(sys.argv[1])
sys.dont_write_bytecode = True
sys.path.insert(0, str(HERE.parent / "kernel" / "keepalive"))

import world  # noqa: E402
from people import PORT, Users  # noqa: E402
from world import section, until  # noqa: E402

VIP = "192.0.2.80"
OWN = {"first": "10.0.0.2", "second": "10.0.0.3"}
PRIORITY = {"first": 200, "second": 100}
OUTSIDE = {"first": "192.0.2.1", "second": "192.0.2.2"}
LINE = {"first": "192.168.7.1 -> 192.168.7.2:8765 dev second", "second": "192.168.7.2 -> 192.168.7.1:8765 dev first"}
SERVERS = {"web1": "10.0.0.11", "web2": "10.0.0.12", "web3": "10.0.0.13"}
KEYS = {name: world.secret(name[0] * 40) for name in ("heartbeat", "sync")}
USERS = Users()
CONTROL = "127.0.0.1:9000"
# What a server may say to whoever asks: it must not become a part of the page.
GREETING = "'\"><script>document.title=1</script><img src=x onerror=x>"

TOPOLOGY = f"""
bridge outside
bridge inside
host client outside 192.0.2.100/24
host first  outside {OUTSIDE["first"]}/24
host first  inside  {OWN["first"]}/24
host second outside {OUTSIDE["second"]}/24
host second inside  {OWN["second"]}/24
link first second
address first second 192.168.7.1/24
address second first 192.168.7.2/24
""" + "".join(f"host {name} inside {address}/24 via 10.0.0.1\n" for name, address in SERVERS.items()) + """
sysctl first net.ipv4.ip_forward=1
sysctl second net.ipv4.ip_forward=1
"""


def other(host):
    return next(name for name in OWN if name != host)


def configuration(host, peer=""):
    """Both have the same but for their own addresses and priority."""
    router = {"priority": PRIORITY[host], "advertise": "200ms", "group": "both"}
    check = {"interval": "200ms", "timeout": "3s", "fall": "1", "rise": "2", "jitter": "0"}
    return (
        section("global", {"router_id": host, "script_user": "root"})
        + section("check web", {"type": "http", "url": "/", **check})
        + section("check greeting", {"type": "tcp", "expect": "^220", **check})
        + section("pool web", {"check": "web", "quorum": "2", "server": [f"{at}:80 name={name}" for name, at in SERVERS.items()]})
        + section("pool mail", {"check": "greeting", "server": ["10.0.0.11:25 name=mail1"], "sorry_server": "10.0.0.12:80"})
        + section("pool cache", {"server": ["10.0.0.12:6379", "10.0.0.13:6379"]})
        + section("virtual_server web", {"address": f"{VIP}:80", "scheduler": "rr", "forward": "nat", "pool": "web"})
        + section("virtual_server mail", {"address": f"{VIP}:25", "scheduler": "wlc", "forward": "nat", "pool": "mail"})
        + section("virtual_server cache", {"address": f"{VIP}:6379", "scheduler": "sh", "forward": "nat", "pool": "cache"})
        + section("vrrp outside", {"interface": "outside", "id": 80, "addresses": f"{VIP}/24", **router})
        + section("vrrp inside", {"interface": "inside", "id": 81, "addresses": "10.0.0.1/24", **router})
        + section("heartbeat crossover", {"udp": LINE[host], "key": f"file:{KEYS['heartbeat']}"})
        + section("sync", {"interface": "inside", "id": 80, "follow": "outside", "peer": OWN[other(host)],
                           "listen": OWN[host], "key": f"file:{KEYS['sync']}"})
        + section("monitor", {"listen": f"0.0.0.0:{PORT}", "allow": "configure", "users": f"file:{USERS.path}",
                              **({"peer": peer} if peer else {})}))


def web(name):
    """Answers with its name; /hold and the connection stays."""
    def behave(peer):
        request = world.request(peer)
        peer.sendall(f"HTTP/1.1 200 OK\r\nContent-Length: {len(name)}\r\n\r\n{name}".encode())
        while b"/hold" in request and peer.recv(4096):
            pass
    return behave


def mail(peer):
    peer.sendall(GREETING.encode() + b"\r\n")
    while peer.recv(4096):
        pass


class Cluster:
    """What the test may ask for."""

    def __init__(self):
        self.servers, self.daemons, self.held, self.enough = {}, {}, [], threading.Event()
        for name, address in SERVERS.items():
            with world.inside(name):
                self.servers[name] = world.Server(address, web(name))
        with world.inside("web1"):
            self.servers["mail1"] = world.Server(SERVERS["web1"], mail, 25)
        for host in OWN:
            self.daemons[host] = world.Daemon(configuration(host), host=host)
        token = USERS.token("monitors", "administrator")
        for host, daemon in self.daemons.items():
            peer = f"{other(host)} {OWN[other(host)]}:{PORT} token=file:{world.secret(token)} fingerprint={self.fingerprint(other(host))}"
            assert daemon.reload(configuration(host, peer))[0] == 200, daemon.log()
        self.original = {host: self.text(host) for host in OWN}
        self.settle()
        threading.Thread(target=self.traffic, daemon=True).start()

    def fingerprint(self, host):
        found = until(lambda: re.search(r"MONITOR_CERTIFICATE .*?([0-9A-Fa-f:]{64,95})", self.daemons[host].log()), "a fingerprint")
        return found[1].replace(":", "")

    def router(self, host):
        return self.daemons[host].status()["vrrp"][0]["state"]

    def traffic(self):
        """Four requests a second."""
        with world.inside("client"):
            while not self.enough.wait(0.25):
                try:
                    with socket.create_connection((VIP, 80), 5) as one:
                        one.sendall(b"GET / HTTP/1.1\r\n\r\n")
                        one.recv(4096)
                except OSError:
                    pass

    # ---- For the test

    def stop(self, name):
        with world.inside(name):
            self.servers[name].stop()

    def start(self, name):
        with world.inside(name):
            self.servers[name].start()

    def hold(self, name, count):
        """Connections of the client that stay, so many of them at this server."""
        with world.inside("client"):
            for _ in range(100):
                one = socket.create_connection((VIP, 80), 5)
                one.sendall(b"GET /hold HTTP/1.1\r\n\r\n")
                self.held.append(one)
                count -= one.recv(4096).endswith(name.encode())
                if not count:
                    return
        raise AssertionError(f"of 100 connections not enough went to {name}")

    def release(self):
        while self.held:
            self.held.pop().close()

    def table(self, host, service=f"{VIP}:80"):
        """{server: weight} in this director's kernel."""
        told = world.at(host, world.IPVSADM, "-L", "-n", "--json")
        found = [one for one in json.loads(told)["services"] if f"{one['address']}:{one['port']}" == service]
        return {f"{one['address']}:{one['port']}": one["weight"] for one in found[0]["destinations"]} if found else {}

    def end(self, host):
        """An orderly stop of the whole daemon; reset() starts it again."""
        self.daemons[host].stop()

    def log(self, host):
        return self.daemons[host].log()

    def text(self, host):
        return self.daemons[host].config.read_text()

    def reset(self):
        """As it was at first: servers, connections, what operators said, configurations, who is master."""
        self.release()
        for name, server in self.servers.items():
            if server.listener.fileno() < 0:
                self.start(name)
        for host, daemon in self.daemons.items():
            if daemon.process.poll() is not None:
                daemon.start()
            for pool in daemon.status()["pools"]:
                for server in pool["servers"]:
                    if server["overlay"]:
                        verb = "enable" if server["overlay"]["kind"] == "disable" else "undrain"
                        daemon.server(f"{pool['name']}/{server['name']}", verb)
            if daemon.must("GET", "/v1/config")["pending"]:
                daemon.must("POST", "/v1/config/confirm", {})
            if self.text(host) != self.original[host]:
                daemon.reload(self.original[host])
        if self.router("first") != "master":
            self.daemons["first"].must("POST", "/v1/vrrp/outside/switchover", {"to": "master"})
        self.settle()

    def settle(self):
        until(lambda: (self.router("first"), self.router("second")) == ("master", "backup"), "first is master")
        for host in OWN:
            until(lambda host=host: set(self.table(host)) == {f"{at}:80" for at in SERVERS.values()}, "all servers are up")


def main():
    with open("/etc/passwd", "a", encoding="utf-8") as users:  # who may keep a certificate and figures
        users.write("keepalive-monitor:x:990:65534::/:/usr/sbin/nologin\n")
    world.topology(TOPOLOGY)
    cluster = Cluster()
    with world.inside("client"):
        control = xmlrpc.server.SimpleXMLRPCServer(("127.0.0.1", 9000), allow_none=True, logRequests=False)
    control.register_instance(cluster)
    subprocess.Popen(["ip", "netns", "exec", "client", HERE.parent / "lab" / "forward", "inside",
                      *(f"{address}:{PORT}" for address in OUTSIDE.values()), CONTROL])
    control.serve_forever()


if __name__ == "__main__":
    main()
