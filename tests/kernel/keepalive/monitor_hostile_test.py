"""Visitors who mean harm, against a whole daemon: slow ones, guessers, thieves of sessions, forgers of certificates."""

import http.client
import pathlib
import socket
import ssl
import subprocess
import tempfile
import time

import case
import world
from people import PORT, Browser, Users, trusting
from world import conf, section, until

LOGIN = "/api/login"


def openssl(*words):
    subprocess.run(["openssl", *words], check=True, capture_output=True)


class Authority:
    """Signs certificates; those that it made end after so many days."""

    def __init__(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="authority."))
        self.ca = self.folder / "ca.pem"
        openssl("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2",
                "-subj", "/CN=authority", "-keyout", self.folder / "ca.key", "-out", self.ca)

    def certificate(self, name, days="2"):
        both = self.folder / f"{name}{days}.pem"
        openssl("req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj", f"/CN={name}",
                "-keyout", both, "-out", self.folder / "request")
        openssl("x509", "-req", "-in", self.folder / "request", "-CA", self.ca, "-CAkey", self.folder / "ca.key",
                "-CAcreateserial", "-days", days, "-out", self.folder / "signed")
        with open(both, "a") as file:
            file.write((self.folder / "signed").read_text())
        return both


class Hostile(case.Case):
    def started(self, users=None, text=None, **keys):
        self.users = users or Users()
        self.text = (text or conf(2, checked=False)) + section("monitor", {
            "listen": f"0.0.0.0:{PORT}", "allow": "configure", "users": f"file:{self.users.path}", **keys})
        daemon = self.daemon(self.text)
        until(lambda: Browser().listens(), "the monitor listens")
        return daemon

    def test_slow_requests_are_cut_and_others_served_meanwhile(self):
        self.started()
        anna = Browser("anna")
        slow = [trusting().wrap_socket(socket.create_connection(("127.0.0.1", PORT), world.PATIENCE)) for _ in range(20)]
        silent = [socket.create_connection(("127.0.0.1", PORT), world.PATIENCE) for _ in range(20)]
        for one in slow:
            one.sendall(b"GET / HTTP/1.1\r\nHost: m\r\nX: ")
        left = set(slow) | set(silent)

        def drip():
            anna.must("GET", "/api/session")
            for one in list(left):
                try:
                    if one in slow:
                        one.sendall(b"x")
                    one.setblocking(False)
                    if one.recv(1) == b"":
                        left.discard(one)
                except (BlockingIOError, ssl.SSLWantReadError):
                    continue
                except OSError:
                    left.discard(one)
            return not left
        until(drip, lambda: f"{len(left)} slow ones are left", 3 * world.PATIENCE)

    def test_a_guesser_locks_himself_out_and_nobody_else(self):
        daemon = self.started()
        guess = {"user": "otto", "password": "wrong"}
        until(lambda: Browser().ask("POST", LOGIN, guess)[0] == 429, "the guesser waits")
        status, told = Browser().ask("POST", LOGIN, {"user": "otto", "password": "otto's secret"})
        self.assertEqual(status, 429)
        self.assertGreaterEqual(told["retry_after_s"], 1)
        daemon.wait_log("MONITOR_LOGIN")
        elsewhere = http.client.HTTPSConnection(world.VIP, PORT, timeout=world.PATIENCE, context=trusting(),
                                                source_address=("10.9.0.5", 0))
        elsewhere.request("POST", LOGIN, '{"user":"otto","password":"otto\'s secret"}', {"Content-Type": "application/json"})
        self.assertEqual(elsewhere.getresponse().status, 200)

    def test_another_password_a_gone_user_and_a_gone_token_count_no_more_from_the_reload_on(self):
        users = Users()
        token = users.token("nagios", "viewer")
        old = users.token("old", "viewer", until="2098-12-31")
        users.age("2098-12-31", "2001-01-01")
        daemon = self.started(users)
        self.assertEqual(Browser(token=old).ask("GET", "/api/session")[0], 401)
        program, anna, otto, ada = Browser(token=token), Browser("anna"), Browser("otto"), Browser("ada")
        stream = program.open("GET", "/api/stream")
        self.assertEqual(stream.status, 200)
        users.change("passwd", "otto", secret="another secret")
        users.change("remove", "anna")
        users.drop_token("nagios")
        self.assertEqual(daemon.ask("POST", "/v1/reload")[0], 200)
        for one in (program, anna, otto):
            until(lambda: one.ask("GET", "/api/session")[0] == 401, "it is over")  # noqa: B023
        self.assertEqual(ada.ask("GET", "/api/session")[0], 200)
        until(lambda: stream.read(65536) == b"", "the stream ends")
        self.assertEqual(Browser().ask("POST", LOGIN, {"user": "otto", "password": "otto's secret"})[0], 401)
        Browser().log_in("otto", "another secret")
        users.change("remove", "ada")
        self.assertEqual(daemon.ask("POST", "/v1/reload")[0], 200)
        until(lambda: ada.ask("GET", "/api/session")[0] == 401, "it is over")

    def test_a_certificate_of_the_authority_is_a_login_and_no_other_is(self):
        authority, stranger = Authority(), Authority()
        daemon = self.started(client_ca=f"file:{authority.ca}")
        anna = Browser(certificate=authority.certificate("anna"))
        told = anna.must("POST", LOGIN, {})
        self.assertEqual((told["user"], told["role"]), ("anna", "viewer"))
        anna.csrf = told["csrf"]
        self.assertEqual(anna.ask("POST", "/api/d/local/v1/servers/p%2Fs1/disable", {})[0], 403)
        self.assertEqual(Browser(certificate=authority.certificate("eve")).ask("POST", LOGIN, {})[0], 401)
        time.sleep(1)  # a certificate of no days ends within the second that it was made in
        for file in (stranger.certificate("anna"), authority.certificate("anna", "0")):
            with self.assertRaises(OSError):
                until(lambda: Browser(certificate=file).ask("POST", LOGIN, {})[0] != 200 or None, "it is refused")  # noqa: B023
        Browser("otto")  # no certificate, but a password
        daemon.wait_log('user="eve"')

    def test_what_a_server_says_stays_text(self):
        evil = "<img src=x onerror=alert(1)>"
        server = self.server("10.9.0.11", world.answer(status=f"500 {evil}", body=evil))
        self.started(text=conf(1))
        until(lambda: server.connections > 2, "it is probed")
        anna = Browser("anna")
        for path in ("status", "explain/p%2Fs1", "events"):
            answer = anna.open("GET", f"/api/d/local/v1/{path}")
            self.assertEqual((answer.getheader("Content-Type"), answer.getheader("X-Content-Type-Options")),
                             ("application/json", "nosniff"))
            self.assertIn("default-src 'none'", answer.getheader("Content-Security-Policy"))
            answer.close()
        self.assertEqual(anna.ask("GET", f"/{evil.replace(' ', '%20')}")[0], 404)

    def test_paths_lead_nowhere_else_and_old_tls_nowhere_at_all(self):
        daemon = self.started()
        ada = Browser("ada")
        for path in ("/../../etc/passwd", "/%2e%2e/%2e%2e/etc/passwd", "/js/%00main.js", "/api/d/local/v1/%2e%2e/metrics",
                     "/api/d/local/metrics", "/api/d/%2e%2e/v1/status"):
            self.assertEqual(ada.ask("GET", path)[0], 404, path)
        for version in (ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1):
            context = trusting()
            context.set_ciphers("ALL:@SECLEVEL=0")
            context.minimum_version = ssl.TLSVersion.TLSv1
            context.maximum_version = version
            with self.assertRaises(OSError):
                context.wrap_socket(socket.create_connection(("127.0.0.1", PORT), world.PATIENCE))
        self.assertEqual(ada.ask("GET", "/api/session")[0], 200)
        self.assertEqual(daemon.status()["generation"], 1)
