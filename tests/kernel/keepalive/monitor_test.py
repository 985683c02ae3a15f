"""The monitor over HTTPS: who may look, act and edit; what changes is told at once."""

import case
from people import PORT, Browser, Users
from world import conf, section, until

SERVER = "/api/d/local/v1/servers/p%2Fs1"


class Monitor(case.Case):
    def started(self, allow="configure", servers=2):
        text = conf(servers, checked=False) + section(
            "monitor", {"listen": f"127.0.0.1:{PORT}", "allow": allow, "users": f"file:{Users().path}"})
        daemon = self.daemon(text)
        self.until_table({str(10 + n): 1 for n in range(1, servers + 1)})
        until(lambda: Browser().listens(), "the monitor listens")
        return daemon

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
