"""Two directors, each the other's peer: what one monitor shows and does of the other."""

import re

import directors
import world
from directors import ADDRESSES
from people import PORT, Browser, Users
from world import section, until

ROUTER = {"interface": "eth0", "id": 51, "addresses": "10.0.0.100/24", "advertise": "300ms"}


class Peers(directors.Case):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        world.must("ip", "addr", "replace", "10.0.0.254/24", "dev", "br0")  # where the browser is

    def setUp(self):
        super().setUp()
        self.users = {host: Users() for host in ADDRESSES}
        self.tokens = {host: self.users[host].token("peer", "administrator") for host in ADDRESSES}
        self.daemons = {host: self.monitor(host) for host in ADDRESSES}
        self.prints = {host: self.fingerprint(daemon) for host, daemon in self.daemons.items()}

    def text(self, host, peer=None, more=""):
        keys = {"listen": f"{ADDRESSES[host]}:{PORT}", "allow": "configure", "users": f"file:{self.users[host].path}",
                **({"peer": peer} if peer else {})}
        servers = section("pool p", {"server": "10.0.0.77:80 name=s1"}) + section(
            "virtual_server v", {"address": "10.0.0.100:80", "forward": "nat", "pool": "p"})
        return (section("global", {"router_id": host}) + section("vrrp v1", {**ROUTER, "priority": directors.PRIORITIES[host]})
                + servers + section("monitor", keys) + more)

    def monitor(self, host):
        daemon = directors.Director(host, self.text(host))
        self.addCleanup(self.end, daemon)
        return daemon

    @staticmethod
    def fingerprint(daemon):
        daemon.wait_log("MONITOR_CERTIFICATE own=yes")
        return re.search(r"sha256=([0-9A-F:]+)", daemon.log())[1]

    def peer(self, other, fingerprint=None, token=None):
        file = world.secret(token or self.tokens[other])
        return f"{other} {ADDRESSES[other]}:{PORT} token=file:{file} fingerprint={fingerprint or self.prints[other]}"

    def join(self, host, **more):
        other = next(name for name in ADDRESSES if name != host)
        status, told = self.daemons[host].reload(self.text(host, self.peer(other, **more)))
        self.assertEqual(status, 200, told)

    def browser(self, host, user):
        until(lambda: Browser(at=ADDRESSES[host]).listens(), "the monitor listens")
        return Browser(user, at=ADDRESSES[host])

    @staticmethod
    def seen(browser):
        return {one["name"]: one for one in browser.must("GET", "/api/cluster")["directors"]}

    def test_each_shows_both(self):
        for host in ADDRESSES:
            self.join(host)
        for host, other in (("d1", "d2"), ("d2", "d1")):
            anna = self.browser(host, "anna")
            until(lambda: all(one["reachable"] and one["overview"] for one in self.seen(anna).values()),
                  lambda: f"both are heard: {self.seen(anna)}")
            both = self.seen(anna)
            self.assertEqual(list(both), [host, other])
            self.assertEqual([both[name]["local"] for name in (host, other)], [True, False])
            self.assertEqual(both[other]["overview"]["router_id"], other)
        anna = self.browser("d1", "anna")
        states = lambda: {name: one["overview"]["vrrp"][0]["state"] for name, one in self.seen(anna).items()}  # noqa: E731
        until(lambda: states() == {"d1": "master", "d2": "backup"}, lambda: f"each has its state: {states()}")

    def test_an_action_on_the_other_has_the_users_name_there(self):
        self.join("d1")
        otto = self.browser("d1", "otto")
        path = "/api/d/d2/v1/servers/p%2Fs1"
        until(lambda: self.seen(otto)["d2"]["reachable"], "d2 is heard")
        otto.must("POST", f"{path}/disable", {})
        self.assertEqual(self.daemons["d2"].servers()["s1"]["overlay"]["kind"], "disable")
        self.assertIsNone(self.daemons["d1"].servers()["s1"]["overlay"])
        self.daemons["d2"].wait_log('user="otto (token:peer)"')
        self.daemons["d1"].wait_log('user="otto" from=10.0.0.254 director="d2"')
        self.assertEqual(self.browser("d1", "anna").ask("POST", f"{path}/enable", {})[0], 403)
        self.assertEqual(otto.ask("POST", "/api/d/d2/v1/reload", {})[0], 403)
        ada = self.browser("d1", "ada")
        known = ada.must("GET", "/api/d/d2/v1/config")
        edit = [{"path": known["files"][0]["path"], "text": known["files"][0]["text"] + "# offered by d1\n"}]
        checked = ada.must("POST", "/api/d/d2/v1/config/check", {"files": edit})
        self.assertEqual([one for one in checked["diagnostics"] if one["level"] == "error"], [])
        self.assertEqual(checked["plan"]["changes"], [])
        ada.must("POST", "/api/d/d2/v1/config/apply", {"files": edit, "base": known["generation"], "comment": "as d1"})
        self.assertEqual(ada.must("GET", "/api/d/d2/v1/config")["versions"][0]["by"], "ada (token:peer)")
        self.assertIn("# offered by d1", self.daemons["d2"].config.read_text())

    def test_who_is_not_the_peer_or_knows_no_token_is_told_apart(self):
        self.join("d1", fingerprint=":".join(["00"] * 32))
        anna = self.browser("d1", "anna")
        told = lambda: self.seen(anna)["d2"]["error"]  # noqa: E731
        until(lambda: "another fingerprint" in told(), lambda: f"the fingerprint is told: {told()}")
        self.assertFalse(self.seen(anna)["d2"]["reachable"])
        self.assertIn(self.prints["d2"].replace(":", "").lower(), told())
        status, answer = anna.ask("GET", "/api/d/d2/v1/status")
        self.assertEqual(status, 502)
        self.assertIn("fingerprint", answer["error"])
        self.join("d1", token="kal_wrong")
        until(lambda: "token" in told(), lambda: f"the token is told: {told()}")
        self.assertFalse(self.seen(anna)["d2"]["reachable"])
        self.join("d1")
        until(lambda: self.seen(anna)["d2"]["reachable"], lambda: f"it is heard: {told()}")
        self.daemons["d2"].stop()
        until(lambda: not self.seen(anna)["d2"]["reachable"] and told(), "it is gone")
