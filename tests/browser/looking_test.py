"""What a person sees of the cluster, on a large screen, on a telephone, at night, with the keyboard alone."""

from selenium.webdriver.common.keys import Keys

import case

VIEWS = {
    "cluster": "", "alerts": "alerts", "journal": "journal", "connections": "connections", "director": "d/first",
    "other-director": "d/second", "service": "d/first/service/web", "pool": "d/first/pool/web", "server": "d/first/server/web/web1",
    "down-server": "d/first/server/mail/mail1", "router": "d/first/vrrp/outside", "backup": "d/second/vrrp/outside",
    "heartbeat": "d/first/heartbeat/crossover", "sync": "d/first/sync", "text": "config/first", "forms": "config/first/forms",
    "versions": "config/first/versions", "compare": "config/first/compare",
}
PHONE = {"size": (390, 800)}
TOUCHED = 24  # CSS pixels: WCAG 2.2, 2.5.8


class Looking(case.Case):
    def settled(self, page):
        """Nothing is being asked for any more."""
        page.until(lambda: not page.all(".waiting"), what="all is told")

    def tour(self, page, name, views, least=0):
        for view in views:
            page.go(VIEWS[view])
            self.settled(page)
            self.fine(page, f"{name}-{view}", least)

    def test_who_does_not_know_the_password_sees_nothing(self):
        page = self.stranger()
        self.fine(page, "login")
        page.type("#user", "ada")
        page.type("#password", "anna's secret" + Keys.ENTER)
        page.until(lambda: page.all(".complaint"), what="it is refused")
        self.assertNotIn("first", page.text())
        self.assertEqual([one.split(" - ")[0].rsplit("/", 1)[1] for one in page.complaints()], ["login"])
        self.fine(page, "login-refused")
        page.type("#password", "ada's secret" + Keys.ENTER)
        page.until(lambda: page.all(".top .live .tone-ok"), what="live")
        page.one(".you summary").click()
        page.press("Sign out")
        page.one("#user")
        self.assertEqual(page.complaints(), [])

    def test_the_cluster_on_one_picture_a_word_for_each_state(self):
        page = self.page("anna")
        drawn = page.one("svg.picture").text.split("\n")
        for words in ("first", "second", "master", "backup", "outside", "inside", "web", "mail", "cache", "web1", "web2", "web3",
                      "mail1", "down", "pool web"):
            self.assertTrue(any(words in line for line in drawn), (words, drawn))
        self.assertIn("heartbeat crossover up", page.text())
        self.assertIn("sorry server 10.0.0.12:80 serves", page.text())
        rows = {row.text.split("\n")[2]: row.text.split("\n")[1] for row in page.all(".service-row")}
        self.assertEqual(rows, {"web": "up", "mail": "sorry server", "cache": "up"})
        page.until(lambda: "3/3 up" in page.text(), what="the servers of web")
        page.press("servers of mail")
        page.until(lambda: [row.text.split("\n")[:2] for row in page.all(".server-row")] == [["down", "mail1"]], what="its servers")

    def test_every_view(self):
        self.tour(self.page(), "wide", VIEWS)

    def test_on_a_telephone(self):
        self.tour(self.page(**PHONE), "phone", VIEWS, TOUCHED)

    def test_at_night(self):
        self.tour(self.page(dark=True), "dark", ("cluster", "alerts", "journal", "service", "down-server", "text", "forms", "compare"))

    def test_what_a_server_says_is_text(self):
        page = self.page("anna")
        page.go("d/first/server/mail/mail1")
        found = page.until(lambda: self.row(page, "Checks", "greeting").get("Found"), what="the check's finding")
        self.assertIn("'\"><script>document.title=1</script><img src=x onerror=x>", found)
        page.go("journal?q=onerror")
        page.until(lambda: "onerror" in page.one("main ol, main .windowed").text, what="the journal's line")
        for view in ("d/first/server/mail/mail1", "journal", ""):
            page.go(view)
            self.assertEqual(page.all("main script, main img"), [])
            self.assertNotEqual(page.driver.title, "1")
        self.assertEqual(page.complaints(), [])

    def test_a_viewer_cannot_act(self):
        page = self.page("anna")
        page.go("d/first/server/web/web1")
        page.until(lambda: "this wants the role operator" in page.text(), what="why there are no buttons")
        self.assertEqual([one.text for one in page.all("main .deeds button")], [])
        page.go("alerts")
        page.one("main .alert")
        self.assertEqual(page.all("main .alert button"), [])
        page.go("config/first")
        page.until(lambda: "this wants the role administrator" in page.text(), what="why there is no text")
        self.assertEqual(page.all("textarea"), [])
        self.fine(page, "viewer")
        for path in ("servers/web%2Fweb1/drain", "vrrp/outside/switchover", "reload", "config/confirm"):
            self.assertEqual(self.ask(page, f"/api/d/first/v1/{path}", {}), 403)
            self.assertEqual(self.ask(page, f"/api/d/second/v1/{path}", {}), 403)
        self.until_table({"11": 1, "12": 1, "13": 1})

    def test_the_journal_by_object_and_words(self):
        page = self.page("anna")
        page.go("journal")
        page.until(lambda: page.all(".entry", "mail1"), what="entries")
        page.type("#object", "mail")
        page.until(lambda: page.all(".entry") and all("mail" in one.text for one in page.all(".entry")), what="of mail only")
        page.type("#filter", "no such words")
        page.until(lambda: not page.all(".entry"), what="none")
        self.assertIn("q=no%20such%20words", page.driver.current_url.replace("+", "%20"))
        self.assertEqual(page.complaints(), [])

    def test_with_the_keyboard_alone(self):
        page = self.stranger()
        page.keys("otto", Keys.TAB, "otto's secret", Keys.ENTER)
        page.until(lambda: page.all(".top .live .tone-ok"), what="live")
        self.tab_to(page, "Skip to the content")
        page.keys(Keys.ENTER)
        self.tab_to(page, "web")
        page.keys(Keys.ENTER)
        page.one("main h1", "web")
        self.tab_to(page, "web2")
        page.keys(Keys.ENTER)
        page.one("main h1", "web/web2")
        self.tab_to(page, "Drain …")
        page.keys(Keys.ENTER)
        page.one("dialog")
        page.keys(Keys.CONTROL + "a", Keys.NULL, "1h")
        self.fine(page, "drain-dialog")
        self.tab_to(page, "Cancel")
        page.keys(Keys.ENTER)
        page.until(lambda: not page.all("dialog"), what="the dialog is gone")
        page.until(lambda: self.at(page) == "Drain …", what="the focus is back")

    @staticmethod
    def at(page):
        """The name of what has the focus."""
        return page.driver.execute_script("return document.activeElement.textContent.trim()")

    def tab_to(self, page, name):
        def reached():
            page.keys(Keys.TAB)
            return self.at(page) == name
        page.until(reached, what=f"Tab leads to {name}")
