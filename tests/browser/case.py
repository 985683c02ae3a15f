"""The frame of every case: one lab for all of a module, a browser for each page that is asked for."""

import os
import pathlib
import unittest

from hosts import failed
from lab import Lab
from page import Page, until

PICTURES = pathlib.Path(os.environ["KEEPALIVE_PICTURES"])
PATIENCE = 30  # seconds; bars are printed, not tested

# As a page's script would, with its cookie and token: the answer's status.
ASK = """
const [path, body, done] = arguments;
fetch('/api/session').then((answer) => answer.json()).then(({csrf}) => fetch(path, {method: 'POST', body: JSON.stringify(body),
  headers: {'Content-Type': 'application/json', 'X-CSRF-Token': csrf}})).then((answer) => done(answer.status), () => done(0));
"""


class Case(unittest.TestCase):
    maxDiff = None

    @classmethod
    def setUpClass(cls):
        PICTURES.mkdir(parents=True, exist_ok=True)
        cls.lab = Lab(os.environ["PROGRAMS"])
        cls.addClassCleanup(cls.lab.close)
        cls.cluster = cls.lab.cluster

    def setUp(self):
        self.cluster.reset()

    def stranger(self, host="first", **more):
        """The page of a director before anybody has signed in."""
        page = Page(self.lab.pages[host], **more)
        self.addCleanup(self.end, page)
        page.open()
        page.one("#user")
        return page

    def end(self, page):
        if failed(self):
            page.shot(str(PICTURES / f"failed-{self.id().rsplit('.', maxsplit=1)[-1]}.png"))
        page.driver.quit()

    def page(self, user="ada", host="first", **more):
        """Signed in, both directors in sight."""
        page = self.stranger(host, **more)
        page.login(user, f"{user}'s secret")
        page.until(lambda: not page.all(".banner"), PATIENCE, "both directors are heard")
        return page

    def fine(self, page, name, least=0):
        """Keeps a picture; nothing in the console, nothing that keeps people out."""
        size = page.size
        page.shot(str(PICTURES / f"{name}.png"), whole=True)
        self.assertEqual(page.barriers(least), [], name)
        self.assertEqual(page.complaints(), [], name)
        self.assertEqual(page.driver.execute_script("return innerWidth"), size[0], f"{name} makes the page wider")
        page.resize(*size)

    def until_table(self, wanted, host="first", seconds=PATIENCE):
        """{"11": weight} of service web in a director's kernel."""
        full = {f"10.0.0.{name}:80": weight for name, weight in wanted.items()}
        until(lambda: self.cluster.table(host) == full, seconds, lambda: f"{full} on {host}: {self.cluster.table(host)}")

    @staticmethod
    def ask(page, path, body):
        return page.driver.execute_async_script(ASK, path, body)

    @staticmethod
    def row(page, caption, name):
        """The row of a table that has a cell with this text."""
        return next((one for one in page.table(caption) or [] if name in one.values()), {})
