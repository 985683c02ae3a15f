"""The configuration edited through the API: written by the launcher, confirmed or rolled back, never lost."""

import os
import signal
import stat
import time

import case
import world
from world import section

PLAIN = {"checked": False}
EDITS = section("monitor", {"listen": "127.0.0.1:8443", "allow": "configure"})


def conf(*words, **more):
    """One whose files the launcher writes."""
    return world.conf(*words, **more) + EDITS


class Editing(case.Case):
    def started(self, servers=2, **more):
        daemon = self.daemon(conf(servers, **PLAIN), **more)
        self.until_table({str(10 + n): 1 for n in range(1, servers + 1)})
        return daemon

    def body(self, daemon, text, **more):
        base = daemon.must("GET", "/v1/config")["generation"]
        return {"files": [{"path": str(daemon.config), "text": text}], "base": base, **more}

    def apply(self, daemon, text, **more):
        return daemon.must("POST", "/v1/config/apply", self.body(daemon, text, **more))

    def test_apply_writes_loads_and_keeps_versions(self):
        daemon = self.started()
        daemon.config.chmod(0o640)
        before = daemon.config.read_text()
        done = self.apply(daemon, conf(3, **PLAIN), comment="one more")
        self.assertEqual((done["version"], done["changes"], done["pending"]), (2, 1, None))
        self.until_table({"11": 1, "12": 1, "13": 1})
        self.assertEqual(stat.S_IMODE(daemon.config.stat().st_mode), 0o640)
        seen = daemon.must("GET", "/v1/config")
        self.assertEqual([one["text"] for one in seen["files"]], [conf(3, **PLAIN)])
        self.assertTrue(seen["files"][0]["writable"])
        self.assertEqual([(one["number"], one["by"], one["comment"]) for one in seen["versions"]],
                         [(2, "root", "one more"), (1, "", "as it was before the first edit")])
        self.assertEqual(daemon.must("GET", "/v1/config/versions/1")["files"],
                         [{"path": str(daemon.config), "text": before}])
        event = daemon.wait_event("CONFIG_APPLIED")
        self.assertIn("by root", event["text"])
        self.assertEqual(event["cause"], "one more")
        back = daemon.must("POST", "/v1/config/rollback", {"version": 1})
        self.assertEqual(back["version"], 3)
        self.assertEqual(daemon.config.read_text(), before)
        self.until_table({"11": 1, "12": 1})
        self.assertEqual(daemon.wait_event("CONFIG_ROLLED_BACK")["cause"], "root asked for it")

    def test_a_text_with_faults_is_refused_and_the_file_stays(self):
        daemon = self.started()
        before = daemon.config.read_text()
        bad = before + "[pool q]\nserve = 10.9.0.9:80\n"
        seen = daemon.must("POST", "/v1/config/check", {"files": [{"path": str(daemon.config), "text": bad}]})
        told = [(one["level"], one["line"], one["hint"]) for one in seen["diagnostics"]]
        self.assertIn(("error", bad.count("\n"), "did you mean `server'?"), told)
        self.assertIsNone(seen["plan"])
        status, answer = daemon.ask("POST", "/v1/config/apply", self.body(daemon, bad))
        self.assertEqual(status, 409)
        self.assertIn("serve", answer["diagnostics"])
        self.assertEqual(daemon.config.read_text(), before)
        good = daemon.must("POST", "/v1/config/check",
                           {"files": [{"path": str(daemon.config), "text": conf(3, **PLAIN)}]})
        self.assertEqual([one["change"] for one in good["plan"]["changes"]], ["add_destination"])
        self.assertEqual(daemon.config.read_text(), before)
        self.assertEqual(daemon.status()["generation"], 1)

    def test_files_of_others_and_old_bases_are_refused(self):
        daemon = self.started()
        for path in ("/etc/passwd", str(daemon.folder / "other.conf")):
            body = {"files": [{"path": path, "text": "x"}], "base": 1}
            status, answer = daemon.ask("POST", "/v1/config/apply", body)
            self.assertEqual(status, 409)
            self.assertIn("is no file of the configuration", answer["error"])
        late = self.body(daemon, conf(1, **PLAIN))
        self.apply(daemon, conf(3, **PLAIN))
        status, answer = daemon.ask("POST", "/v1/config/apply", late)
        self.assertEqual(status, 409)
        self.assertIn("is in force", answer["error"])
        self.until_table({"11": 1, "12": 1, "13": 1})

    def test_an_edit_by_hand_meanwhile_is_not_lost(self):
        daemon = self.started()
        by_hand = conf(1, **PLAIN) + "# by hand\n"
        daemon.configure(by_hand)
        status, answer = daemon.ask("POST", "/v1/config/apply", self.body(daemon, conf(3, **PLAIN)))
        self.assertEqual(status, 409)
        self.assertIn("by hand", answer["error"])
        self.assertEqual(daemon.config.read_text(), by_hand)
        self.assertEqual(daemon.ask("POST", "/v1/reload")[0], 200)
        self.apply(daemon, conf(3, **PLAIN))
        versions = daemon.must("GET", "/v1/config")["versions"]
        texts = [daemon.must("GET", f"/v1/config/versions/{one['number']}")["files"][0]["text"] for one in versions]
        self.assertIn(by_hand, texts)

    def test_what_is_confirmed_stays(self):
        daemon = self.started()
        done = self.apply(daemon, conf(3, **PLAIN), confirm_s=3600)
        self.assertEqual(done["pending"]["version"], 2)
        self.assertEqual(daemon.must("GET", "/v1/overview")["config"]["pending"]["version"], 2)
        self.assertEqual(daemon.must("POST", "/v1/config/confirm", {})["version"], 2)
        self.assertIsNone(daemon.must("GET", "/v1/config")["pending"])
        self.assertEqual(daemon.ask("POST", "/v1/config/confirm", {})[0], 409)
        daemon.wait_event("CONFIG_CONFIRMED")

    def test_what_nobody_confirms_is_rolled_back_though_the_director_has_died_meanwhile(self):
        daemon = self.started()
        before = daemon.config.read_text()
        self.assertEqual(self.apply(daemon, conf(3, **PLAIN), confirm_s=10)["changes"], 1)
        os.kill(daemon.role("director"), signal.SIGKILL)
        daemon.wait_log("DIRECTOR_ENDED")
        self.until_table({"11": 1, "12": 1})
        self.assertEqual(daemon.config.read_text(), before)
        event = daemon.wait_event("CONFIG_ROLLED_BACK")
        self.assertEqual(event["level"], "alert")
        self.assertEqual(daemon.must("GET", "/v1/config")["versions"][0]["comment"],
                         "version 2 was not confirmed in time: back to version 1")

    def test_the_time_to_confirm_goes_on_over_a_restart_of_the_whole_daemon(self):
        daemon = self.started()
        before = daemon.config.read_text()
        told = self.apply(daemon, conf(3, **PLAIN), confirm_s=12)
        process = daemon.must("POST", "/v1/restart")["process"]
        daemon.wait_log("RENEWED")  # the first director is gone by then
        world.until(daemon.answers, "another director answers")
        self.assertNotEqual(daemon.status()["process"], process)
        self.assertIn(daemon.must("GET", "/v1/config")["pending"], (told["pending"], None))  # it may be over by now
        self.until_table({"11": 1, "12": 1})
        self.assertEqual(daemon.config.read_text(), before)

    def test_what_was_not_confirmed_before_a_crash_is_rolled_back_before_it_is_loaded(self):
        daemon = self.started()
        before = daemon.config.read_text()
        self.apply(daemon, conf(3, **PLAIN), confirm_s=10)
        until = time.monotonic() + 11
        os.killpg(daemon.process.pid, signal.SIGKILL)
        daemon.process.wait()
        world.until(lambda: time.monotonic() > until, "its time is over")
        daemon.start()
        self.until_table({"11": 1, "12": 1})
        self.assertEqual(daemon.config.read_text(), before)
        self.assertIn("CONFIG_ROLLED_BACK", daemon.log())
        self.assertEqual(daemon.status()["generation"], 1)

    def test_what_the_files_do_not_allow_is_not_written(self):
        closed = self.daemon(world.conf(2, **PLAIN))
        status, answer = closed.ask("POST", "/v1/config/apply", self.body(closed, world.conf(3, **PLAIN)))
        self.assertEqual(status, 409)
        self.assertIn("allow = configure", answer["error"])
        self.assertEqual(closed.config.read_text(), world.conf(2, **PLAIN))

    def test_an_edit_runs_no_new_program_and_reads_no_other_file(self):
        daemon = self.started()
        before = daemon.config.read_text()
        stranger = daemon.folder / "stranger"
        stranger.write_text("s3cret-line\n")
        for more, told in ((f"[global]\non_start = /bin/touch {daemon.folder}/ran\nscript_user = root\n", "would run as root"),
                           (f"[global]\ninclude = {stranger}\n", "does not name it yet"),
                           ("[global]\nrouter_id = ${PATH}\n", "PATH")):
            status, answer = daemon.ask("POST", "/v1/config/apply", self.body(daemon, before + more))
            self.assertEqual(status, 409)
            self.assertIn(told, answer["diagnostics"])
            self.assertNotIn("s3cret-line", str(answer))
            seen = daemon.must("POST", "/v1/config/check", {"files": [{"path": str(daemon.config), "text": before + more}]})
            self.assertIn("error", [one["level"] for one in seen["diagnostics"]])
        self.assertEqual(daemon.config.read_text(), before)
        self.assertFalse((daemon.folder / "ran").exists())
        trusting = before.replace("allow = configure", "allow = configure\ntrust_edits = yes")
        self.assertEqual(daemon.reload(trusting)[0], 200)
        self.apply(daemon, trusting + f"[global]\nnotify = /bin/touch {daemon.folder}/ran\n")

    def test_includes_are_shown_secrets_are_not(self):
        folder = world.pathlib.Path(world.tempfile.mkdtemp(prefix="keepalive."))
        secret = folder / "secret"
        secret.write_text("s3cret\n")
        secret.chmod(0o600)
        part = folder / "part.conf"
        part.write_text(f"[check c]\ntype = http\nlogin = x\npassword = file:{secret}\n")
        text = f"[global]\ninclude = {part}\n" + conf(1, **PLAIN).replace("[global]\n", "")
        daemon = self.daemon(text, folder=folder)
        seen = daemon.must("GET", "/v1/config")
        self.assertEqual([one["path"] for one in seen["files"]], [str(daemon.config), str(part)])
        self.assertNotIn("s3cret", str(seen))
        done = daemon.must("POST", "/v1/config/apply", {
            "files": [{"path": str(part), "text": part.read_text() + "# more\n"}], "base": 1})
        self.assertIn("# more", part.read_text())
        for number in range(1, done["version"] + 1):
            self.assertNotIn("s3cret", str(daemon.must("GET", f"/v1/config/versions/{number}")))
        status, answer = daemon.ask("POST", "/v1/config/apply", {
            "files": [{"path": str(secret), "text": "x"}], "base": 2})
        self.assertEqual(status, 409, answer)
        self.assertEqual(secret.read_text(), "s3cret\n")


class Alerts(case.Case):
    def test_are_open_until_over_and_name_who_has_seen_them(self):
        server = self.server("10.9.0.11")
        daemon = self.daemon(conf(1))
        daemon.wait_state("s1", "up")
        server.stop()
        sequence = daemon.wait_event("SERVER_DOWN")["sequence"]
        alerts = {one["sequence"]: one for one in daemon.must("GET", "/v1/overview")["alerts"]}
        self.assertIsNone(alerts[sequence]["acknowledged"])
        done = daemon.must("POST", f"/v1/alerts/{sequence}/acknowledge", {})
        self.assertEqual(done["acknowledged"]["by"], "root")
        self.assertEqual(daemon.wait_event("ALERT_ACKNOWLEDGED")["object"], "p/s1")
        server.start()
        daemon.wait_state("s1", "up")
        self.assertEqual(daemon.must("GET", "/v1/overview")["alerts"], [])
        self.assertEqual(daemon.ask("POST", f"/v1/alerts/{sequence}/acknowledge", {})[0], 404)
