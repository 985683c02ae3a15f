"""What a person does to the cluster, and what the page shows of what happens to it."""

import time

import case


class Acting(case.Case):
    def server(self, page, name, host="first"):
        page.go(f"d/{host}/server/web/{name}")
        page.one("main h1", f"web/{name}")

    def state(self, page):
        return page.one("main .title .badge").text

    def until_state(self, page, word):
        page.until(lambda: self.state(page) == word, what=f"it is {word}")

    def confirm(self, page, verb):
        """Does what the open dialog asks for."""
        page.one("dialog button[type=submit]", verb).click()
        page.until(lambda: not page.all("dialog"), what=f"{verb} is done")

    def test_a_server_that_dies_is_seen_at_once(self):
        page = self.page("anna")
        cells = {words: f'svg.picture a[aria-label^="{words}"]' for words in ("web3: up", "web3: down")}
        page.one(cells["web3: up"])
        began = time.monotonic()
        self.cluster.stop("web3")
        page.one(cells["web3: down"])
        print(f"\na server's process ended, and {1000 * (time.monotonic() - began):.0f} ms later the page shows it (bar: 2,000 ms)")
        page.until(lambda: "2/3 up" in page.text(), what="the list shows it")
        self.fine(page, "server-down")
        page.go("d/first/service/web")
        page.until(lambda: self.row(page, "Servers of pool web", "web3").get("State") == "down", what="the table shows it")
        self.cluster.start("web3")
        page.until(lambda: self.row(page, "Servers of pool web", "web3").get("State") == "up", what="it is back")
        page.go("journal?object=web/web3")
        page.until(lambda: page.all(".entry", "connection refused"), what="the journal says why")
        self.assertEqual(page.complaints(), [])

    def test_drain_with_a_deadline_and_undrain(self):
        page = self.page("otto")
        self.cluster.hold("web2", 2)
        self.server(page, "web2")
        page.until(lambda: "Active2" in page.text().replace("\n", ""), what="its connections")
        page.press("Drain …")
        self.assertIn("web2 gets no new connections", page.one("dialog").text)
        page.type("#deadline", "soon")
        page.until(lambda: "The deadline is no time." in page.one("dialog").text, what="what is wrong")
        page.type("#deadline", "1h")
        self.confirm(page, "Drain")
        self.until_table({"11": 1, "12": 0, "13": 1})
        self.until_state(page, "draining")
        page.until(lambda: "at most" in page.text(), what="for how long")
        self.fine(page, "draining")
        page.press("Undrain")
        self.until_state(page, "up")
        self.until_table({"11": 1, "12": 1, "13": 1})

    def test_weight_and_disable_on_the_other_director(self):
        page = self.page("otto")
        self.server(page, "web1", "second")
        page.press("Weight …")
        page.type("#weight", "7")
        self.confirm(page, "Set weight")
        self.until_table({"11": 7, "12": 1, "13": 1}, "second")
        self.until_state(page, "weight set")
        page.press("Undrain")
        self.until_state(page, "up")
        page.press("Disable …")
        self.confirm(page, "Disable")
        self.until_table({"12": 1, "13": 1}, "second")
        self.until_state(page, "disabled")
        self.until_table({"11": 1, "12": 1, "13": 1})
        self.fine(page, "disabled")
        page.press("Enable")
        self.until_state(page, "up")

    def test_an_alert_is_acknowledged_on_all_that_tell_of_it(self):
        page = self.page("otto")
        page.go("alerts")
        page.one(".alert", "mail/mail1").find_element("css selector", "button").click()
        page.until(lambda: not page.all(".alert", "mail/mail1"), what="it waits no more")
        page.press("Acknowledged (1)")
        page.until(lambda: "acknowledged by otto" in page.text(), what="by whom")
        self.fine(page, "acknowledged")
        other = self.page("anna", "second")
        other.go("alerts")
        other.press("Acknowledged (1)")
        other.until(lambda: "acknowledged by" in other.text(), what="there, too")

    def test_switchover_and_back(self):
        page = self.page("otto")
        page.go("d/first/vrrp/outside")
        page.press("Hand over …")
        told = page.one("dialog").text
        self.assertIn("first hands outside (1 address) over to second.", told)
        self.assertIn("Group both moves as one: inside too.", told)
        self.fine(page, "hand-over")
        self.confirm(page, "Hand over")
        self.until_state(page, "backup")
        page.until(lambda: self.row(page, "Virtual router outside on each director", "second").get("State") == "master", what="second is master")
        page.go("")
        page.until(lambda: page.all('svg.picture a[aria-label^="virtual router inside on second: master"]'), what="the picture shows it")
        self.fine(page, "switched-over")
        page.go("d/first/vrrp/outside")
        page.press("Take over …")
        self.confirm(page, "Take over")
        self.until_state(page, "master")

    def test_a_director_that_has_ended_is_shown_as_it_was(self):
        page = self.page("anna")
        self.cluster.end("second")
        page.until(lambda: page.all(".banner", "second is unreachable"), what="the page says so")
        self.fine(page, "unreachable")
        self.cluster.reset()
        page.until(lambda: not page.all(".banner"), what="it is back")
