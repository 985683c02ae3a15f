"""Users and tokens of a monitor, and visitors who come with a browser or without."""

import http.client
import json
import pathlib
import ssl
import subprocess
import tempfile

import world

PORT = 8443
PEOPLE = {"anna": "viewer", "otto": "operator", "ada": "administrator"}


def ctl(*words, **more):
    return subprocess.run([world.PROGRAMS / "keepalivectl", *words], text=True, check=True, capture_output=True, **more).stdout


class Users:
    """A file of users, each with "NAME's secret" as password."""

    def __init__(self, people=None):
        self.path = pathlib.Path(tempfile.mkdtemp(prefix="users.")) / "users"
        for name, role in (PEOPLE if people is None else people).items():
            self.change("add", name, "--role", role)

    def change(self, verb, name, *words, secret=None):
        ctl("user", verb, name, *words, "--file", self.path, input=f"{secret or name + chr(39) + 's secret'}\n")

    def token(self, name, role, until="2099-12-31"):
        return ctl("token", "add", name, "--role", role, "--until", until, "--file", self.path).strip()

    def age(self, until, past):
        """As if the days had gone by: who counts `until` counted until `past` only."""
        text = self.path.read_text()
        assert until in text, text
        self.path.write_text(text.replace(until, past))

    def drop_token(self, name):
        ctl("token", "remove", name, "--file", self.path)


def trusting(**more):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    for name, value in more.items():
        setattr(context, name, value)
    return context


class Browser:
    """One visitor: keeps the cookie, and sends the CSRF token where something changes."""

    def __init__(self, user=None, at="127.0.0.1", token=None, certificate=None):
        self.cookie, self.csrf, self.at, self.token, self.certificate = "", "", at, token, certificate
        if user:
            self.log_in(user)

    def log_in(self, user, password=None):
        told = self.must("POST", "/api/login", {"user": user, "password": password or f"{user}'s secret"})
        self.csrf = told["csrf"]

    def open(self, method, path, body=None, **headers):
        context = trusting()
        if self.certificate:
            context.load_cert_chain(self.certificate)
        connection = http.client.HTTPSConnection(self.at, PORT, timeout=world.PATIENCE, context=context)
        if self.csrf and method != "GET":
            headers.setdefault("X-CSRF-Token", self.csrf)
        if self.token:
            headers.setdefault("Authorization", f"Bearer {self.token}")
        if self.cookie:
            headers.setdefault("Cookie", self.cookie)
        headers |= {"Content-Type": "application/json", "Connection": "close"}
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

    def listens(self):
        try:
            return self.ask("GET", "/")[0] == 200
        except OSError:
            return False
