"""The configuration edited in the browser: as text and in forms, planned, applied, taken back, offered to the other."""

from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.select import Select

import case

ALL = {"11": 1, "12": 1, "13": 1}
COMMENT = '<script>document.title="taken"</script>'  # of a version, must stay text


class Editing(case.Case):
    def editor(self, host="first", tab=""):
        page = self.page()
        page.go(f"config/{host}{tab}")
        page.until(lambda: page.all("textarea, .section-form"), what="the configuration")
        return page

    @staticmethod
    def replace(page, old, new):
        """As typing would, in the text."""
        page.driver.execute_script("""
            const area = document.querySelector('textarea');
            if (!area.value.includes(arguments[0])) throw new Error(`no ${arguments[0]} in the text`);
            area.value = area.value.replace(arguments[0], arguments[1]);
            area.dispatchEvent(new Event('input', {bubbles: true}));""", old, new)

    @staticmethod
    def plan(page):
        return [one.text for one in page.all(".plan li")]

    def until_plan(self, page, *wanted):
        """Each line of the plan holds its part of what is wanted, and there are no more."""
        page.until(lambda: len(self.plan(page)) == len(wanted) and all(
            all(word in line for word in words) for line, words in zip(self.plan(page), wanted)), what=f"the plan is {wanted}")

    def apply(self, page, comment, confirm=""):
        page.press("Apply …")
        page.type("#comment", comment)
        Select(page.one("#confirm")).select_by_value(confirm)
        page.one("dialog button[type=submit]").click()
        page.until(lambda: not page.all("dialog"), what="it is applied")

    def test_as_text_with_a_fault_a_plan_and_back(self):
        page = self.editor()
        self.replace(page, "quorum = 2", "quorums = 2")
        fault = page.one(".fault-line", "quorum")
        page.until(lambda: "did you mean" in page.text() or "quorums" in fault.text, what="what is wrong")
        line = self.cluster.text("first").split("\n").index("quorum = 2") + 1
        self.assertIn(f"line {line}:", fault.text)
        self.assertIn(f"✕ {line}", [one.text for one in page.all(".gutter .error")])
        self.assertFalse(page.one("button", "Apply …").is_enabled())
        self.fine(page, "fault")
        self.replace(page, "quorums = 2", "quorum = 2")
        self.replace(page, " name=web3", " name=web3 weight=5")
        self.until_plan(page, ("edits server", "10.0.0.13:80", "5"))
        self.fine(page, "plan")
        self.apply(page, COMMENT)
        self.until_table({**ALL, "13": 5})
        page.until(lambda: "is in force: 1 edit of the kernel" in page.text(), what="what was done")
        self.assertIn("weight=5", self.cluster.text("first"))
        page.go("config/first/versions")
        page.until(lambda: self.row(page, "Versions, newest first", "version 2").get("What for") == COMMENT, what="its comment as text")
        self.assertNotEqual(page.driver.title, "taken")
        page.press("version 2")
        page.until(lambda: page.all(".rows .add", "weight=5"), what="what it changed")
        self.fine(page, "versions")
        page.press("Roll back to version 1")
        page.one("dialog button[type=submit]", "Roll back").click()
        self.until_table(ALL)
        page.until(lambda: self.row(page, "Versions, newest first", "version 3"), what="the way back is a version")
        self.assertEqual(self.cluster.text("first").count("weight=5"), 0)

    def test_in_forms(self):
        page = self.editor(tab="/forms")
        page.one(".section-list button", "pool web").click()
        page.type("#key-server-2", "10.0.0.13:80 name=web3 weight=9" + Keys.TAB)
        page.type("#key-quorum-0", "many" + Keys.TAB)
        page.until(lambda: page.all(".key .complaint"), what="many is no number")
        self.fine(page, "form-fault")
        page.type("#key-quorum-0", "1" + Keys.TAB)
        self.until_plan(page, ("edits server", "10.0.0.13:80", "9"))
        self.fine(page, "form-plan")
        self.apply(page, "web3 is stronger")
        self.until_table({**ALL, "13": 9})
        text = self.cluster.text("first")
        self.assertIn("server = 10.0.0.13:80 name=web3 weight=9\n", text)
        self.assertIn("quorum = 1\n", text)

    def test_what_nobody_confirms_comes_back_by_itself_and_what_is_confirmed_stays(self):
        page = self.editor()
        self.replace(page, " name=web3", " name=web3 weight=3")
        self.until_plan(page, ("edits server", "3"))
        self.apply(page, "for a minute only", "30")
        self.until_table({**ALL, "13": 3})
        page.until(lambda: page.all(".banner", "waits to be confirmed"), what="it asks for confirmation")
        self.fine(page, "unconfirmed")
        self.until_table(ALL, seconds=90)
        page.until(lambda: not page.all(".banner"), what="nothing waits")
        self.assertNotIn("weight=3", self.cluster.text("first"))
        page.go("config/first")
        page.until(lambda: "weight=3" not in page.one("textarea").get_attribute("value"), what="the text is the one before")
        self.replace(page, " name=web3", " name=web3 weight=4")
        self.until_plan(page, ("edits server", "4"))
        self.apply(page, "to stay", "300")
        page.press("Keep it")
        page.one("dialog button[type=submit]", "Keep it").click()
        page.until(lambda: not page.all(".banner"), what="it stays")
        self.until_table({**ALL, "13": 4})

    def test_what_one_director_has_is_offered_to_the_other(self):
        page = self.editor()
        self.replace(page, " name=web2", " name=web2 weight=6")
        self.until_plan(page, ("edits server", "6"))
        self.apply(page, "on first")
        self.until_table({**ALL, "12": 6})
        page.go("config/first/compare")
        page.until(lambda: page.all(".rows .add", "weight=6"), what="the difference")
        self.fine(page, "difference")
        hunk = next(one for one in page.all(".hunk") if "weight=6" in one.text)
        hunk.find_element("css selector", "input").click()
        page.press("Offer to second")
        self.until_plan(page, ("edits server", "10.0.0.12:80", "6"))
        self.fine(page, "offered")
        self.apply(page, "as on first")
        self.until_table({**ALL, "12": 6}, "second")
        self.assertIn("router_id = second\n", self.cluster.text("second"))

    def test_who_edited_meanwhile_is_not_overwritten(self):
        page = self.editor()
        self.replace(page, " name=web1", " name=web1 weight=2")
        self.until_plan(page, ("edits server", "2"))
        other = self.editor()
        self.replace(other, " name=web3", " name=web3 weight=8")
        self.until_plan(other, ("edits server", "8"))
        self.apply(other, "first come")
        page.until(lambda: page.all(".note", "was changed meanwhile"), what="it is told")
        self.fine(page, "meanwhile")
        self.until_table({**ALL, "13": 8})
