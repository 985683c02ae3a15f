"""The monitor over HTTPS: who may look, act and edit; what changes is told at once."""

import http.client
import json
import os
import pathlib
import ssl
import subprocess
import tempfile

import case
import world
from world import conf, section, until

PORT = 8443
SERVER = "/api/d/local/v1/servers/p%2Fs1"
PEOPLE = {"anna": "viewer", "otto": "operator", "ada": "administrator"}


class Browser:
    """One visitor: keeps the cookie, and sends the CSRF token where something changes."""

    def __init__(self, user=None):
        self.cookie, self.csrf = "", ""
        if user:
            status, told = self.ask("POST", "/api/login", {"user": user, "password": f"{user}'s secret"})
            assert status == 200, (status, told)
            self.csrf = told["csrf"]

    def open(self, method, path, body=None, **headers):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        connection = http.client.HTTPSConnection("127.0.0.1", PORT, timeout=world.PATIENCE, context=context)
        if self.csrf and method != "GET":
            headers.setdefault("X-CSRF-Token", self.csrf)
        headers |= {"Cookie": self.cookie, "Content-Type": "application/json"}
        headers["Connection"] = "close"
        connection.request(method, path, None if body is None else json.dumps(body), headers)
        return connection.getresponse()

    def ask(self, method, path, body=None, **headers):
        with self.open(method, path, body, **headers) as answer:
            if fresh := answer.getheader("Set-Cookie"):
                self.cookie = fresh.split(";")[0]
            text = answer.read().decode()
        return answer.status, json.loads(text) if "json" in answer.getheader("Content-Type", "") else text

    def must(self, method, path, body=None):
        status, told = self.ask(method, path, body)
        assert status == 200, (method, path, status, told)
        return told


class Monitor(case.Case):
    def started(self, allow="configure", servers=2):
        users = pathlib.Path(tempfile.mkdtemp(prefix="users.")) / "users"
        ctl = os.path.join(os.environ["KEEPALIVE_PROGRAMS"], "keepalivectl")
        for name, role in PEOPLE.items():
            subprocess.run([ctl, "user", "add", name, "--role", role, "--file", users], input=f"{name}'s secret\n",
                           text=True, check=True, capture_output=True)
        text = conf(servers, checked=False) + section(
            "monitor", {"listen": f"127.0.0.1:{PORT}", "allow": allow, "users": f"file:{users}"})
        daemon = self.daemon(text)
        self.until_table({str(10 + n): 1 for n in range(1, servers + 1)})
        until(lambda: self.listens(), "the monitor listens")
        return daemon

    @staticmethod
    def listens():
        try:
            return Browser().ask("GET", "/")[0] == 200
        except OSError:
            return False

    @staticmethod
    def overview(browser):
        """Of the director here, once it has been heard."""
        return until(lambda: browser.must("GET", "/api/cluster")["directors"][0]["overview"], "the director is heard")

    def test_page_login_and_the_cluster(self):
        daemon = self.started()
        stranger = Browser()
        page = stranger.open("GET", "/")
        self.assertIn("default-src 'none'", page.getheader("Content-Security-Policy"))
        self.assertIn("<title>", page.read().decode())
        self.assertEqual(stranger.ask("GET", "/api/cluster")[0], 401)
        self.assertEqual(stranger.ask("POST", "/api/login", {"user": "anna", "password": "wrong"})[0], 401)
        anna = Browser("anna")
        seen = self.overview(anna)
        self.assertEqual([one["state"] for one in seen["services"]], ["up"])
        self.assertEqual([one[:2] for one in seen["pools"][0]["servers"]], [["s1", "up"], ["s2", "up"]])
        self.assertEqual(anna.must("GET", "/api/d/local/v1/status")["services"][0]["name"],
                         daemon.status()["services"][0]["name"])
        process = daemon.role("monitor")
        with open(f"/proc/{process}/status") as status:
            self.assertIn("CapEff:\t0000000000000000\n", status.read())

    def test_each_role_may_what_it_may_and_no_more(self):
        daemon = self.started()
        anna, otto = Browser("anna"), Browser("otto")
        self.assertEqual(anna.ask("POST", SERVER + "/weight", {"weight": 7})[0], 403)
        self.assertEqual(otto.ask("POST", SERVER + "/weight", {"weight": 7}, **{"X-CSRF-Token": "forged"})[0], 403)
        otto.must("POST", SERVER + "/weight", {"weight": 7})
        self.until_table({"11": 7, "12": 1})
        self.assertEqual(otto.ask("POST", "/api/d/local/v1/reload", {})[0], 403)
        Browser("ada").must("POST", "/api/d/local/v1/reload", {})
        daemon.wait_log("MONITOR_AUDIT")

    def test_the_director_does_no_more_than_it_is_allowed(self):
        self.started(allow="read")
        ada = Browser("ada")
        status, told = ada.ask("POST", SERVER + "/disable", {})
        self.assertEqual(status, 403)
        self.assertIn("allow", told["error"])
        self.assertEqual(self.overview(ada)["generation"], 1)

    def test_a_change_is_told_as_it_happens(self):
        daemon = self.started()
        anna = Browser("anna")
        self.overview(anna)
        stream = anna.open("GET", "/api/stream")
        self.assertEqual(stream.getheader("Content-Type"), "text/event-stream")
        daemon.server("p/s1", "disable")
        lines = []
        until(lambda: lines.append(stream.fp.readline().decode()) or "p/s1" in lines[-1], "the stream tells of it")
        stream.close()

    def test_a_configuration_is_edited_from_the_browser_and_rolled_back(self):
        self.started()
        ada = Browser("ada")
        known = ada.must("GET", "/api/d/local/v1/config")
        text = known["files"][0]["text"]
        more = text.replace(" name=s2", " name=s2\nserver = 10.9.0.13:80", 1)
        self.assertNotEqual(text, more)
        edit = {"files": [{"path": known["files"][0]["path"], "text": more}]}
        planned = ada.must("POST", "/api/d/local/v1/config/check", edit)
        self.assertEqual([one["change"] for one in planned["plan"]["changes"]], ["add_destination"])
        done = ada.must("POST", "/api/d/local/v1/config/apply", {**edit, "base": known["generation"], "comment": "one more"})
        self.until_table({"11": 1, "12": 1, "13": 1})
        self.assertEqual(ada.must("GET", "/api/d/local/v1/config")["versions"][0]["by"], "ada")
        ada.must("POST", "/api/d/local/v1/config/rollback", {"version": done["version"] - 1})
        self.until_table({"11": 1, "12": 1})
