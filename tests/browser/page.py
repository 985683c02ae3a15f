"""The monitor's page in a real browser, for tests: Chromium by WebDriver, without a window.

    with Page("https://[2001:db8::1]:8443") as page:
        page.login("ada", "secret")
        page.go("d/lvs1/service/web")
        page.until(lambda: page.table("Servers of pool web")[0]["State"] == "down")
        assert page.complaints() == []
"""

import os
import time

from selenium import webdriver
from selenium.common.exceptions import (
    ElementClickInterceptedException, ElementNotInteractableException, StaleElementReferenceException)
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

OPTIONS = ["--headless=new", "--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu", "--ignore-certificate-errors",
           "--hide-scrollbars", "--force-color-profile=srgb"]

# The visible text of each cell of a table, by the head of its column; of the table with this caption.
TABLE = """
const table = [...document.querySelectorAll('table')].find((one) => one.caption?.textContent === arguments[0]);
if (!table) return null;
const heads = [...table.tHead.rows[0].cells].map((cell) => cell.innerText.trim());
return [...table.tBodies[0].rows].map((row) =>
  Object.fromEntries([...row.cells].map((cell, i) => [heads[i], cell.innerText.trim()])));
"""


# Of an element that is just being drawn, or moves.
AMID = (StaleElementReferenceException, ElementNotInteractableException, ElementClickInterceptedException)


def until(holds, seconds, told):
    """Waits until holds() is true, and gives back what it said; told(): what was waited for."""
    deadline = time.monotonic() + seconds
    while not (said := holds()):
        if time.monotonic() > deadline:
            raise AssertionError(f"not within {seconds} s: {told()}")
        time.sleep(0.05)
    return said


class Page:
    """One browser with one page. `size`: of the page in CSS pixels; `dark`: what the system is said to prefer."""

    def __init__(self, address, size=(1400, 900), dark=False):
        self.address = address.rstrip("/")
        options = webdriver.ChromeOptions()
        for option in OPTIONS:
            options.add_argument(option)
        options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
        self.driver = webdriver.Chrome(service=Service("/usr/bin/chromedriver"), options=options)
        self.size = size
        self.resize(*size)
        self.prefer(dark=dark)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.driver.quit()

    def resize(self, width, height):
        """Also narrower than any window may be."""
        self.size = (width, height)
        told = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 700}
        self.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", told)

    def prefer(self, dark=False, still=False):
        """What the system is said to prefer: dark colours, no motion."""
        features = [{"name": "prefers-color-scheme", "value": "dark" if dark else "light"},
                    {"name": "prefers-reduced-motion", "value": "reduce" if still else "no-preference"}]
        self.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": features})

    def until(self, holds, seconds=30, what=""):
        """As the function, of the page: what is just being drawn is asked again, and a failure tells what is shown."""
        def calm():
            try:
                return holds()
            except AMID:
                return None
        return until(calm, seconds, lambda: f"{what or holds}\n{self.text()[:2000]}")

    def open(self, address=""):
        self.driver.get(f"{self.address}/{address}")

    def login(self, user, password):
        """Signs in, and waits until the page is live."""
        self.open()
        self.type("#user", user)
        self.type("#password", password + Keys.ENTER)
        self.until(lambda: self.all(".top .live .tone-ok"), what="live after login")

    def go(self, route):
        """To a view by its address within the page, such as "journal?level=alert"."""
        self.driver.execute_script("location.hash = arguments[0]", f"#/{route}")
        self.until(lambda: self.driver.execute_script("return document.querySelector('main h1') !== null"))

    def all(self, css, text=""):
        """The elements of a selector, those with this text."""
        return [one for one in self.driver.find_elements(By.CSS_SELECTOR, css) if not text or text in one.text]

    def one(self, css, text="", seconds=30):
        return self.until(lambda: self.all(css, text), seconds, f"{css} {text}")[0]

    def press(self, name, seconds=30):
        """The button or link of this name."""
        def pressed():
            for one in self.all("button, a, summary"):
                if name in (one.text, one.get_attribute("aria-label")) and one.is_enabled():
                    one.click()
                    return True
            return False
        self.until(pressed, seconds, f"button {name}")

    def type(self, css, text):
        """Into a field, in the place of what stands there."""
        self.one(css).send_keys(Keys.CONTROL + "a", Keys.NULL, text)

    def keys(self, *keys):
        """To whatever has the focus."""
        webdriver.ActionChains(self.driver).send_keys(*keys).perform()

    def table(self, caption):
        """Rows as {head: text}; None: there is no such table."""
        return self.driver.execute_script(TABLE, caption)

    def text(self):
        return self.driver.execute_script("return document.body.innerText")

    def shot(self, path, whole=False):
        """A picture of what is seen, or of the whole page."""
        if not whole:
            return self.driver.save_screenshot(path)
        height = self.driver.execute_script("return document.documentElement.scrollHeight")
        self.resize(self.size[0], min(height, 6000))
        time.sleep(0.3)
        return self.driver.save_screenshot(path)

    def barriers(self, least=0):
        """What keeps people out of the page as it stands, a line each: see accessible.js. `least`: size of what is touched."""
        with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "accessible.js"), encoding="utf-8") as file:
            return self.driver.execute_script(file.read(), least)

    def complaints(self):
        """What the browser's console has against the page since the last call."""
        told = self.driver.get_log("browser")
        return [one["message"] for one in told if one["level"] in ("SEVERE", "WARNING")]
