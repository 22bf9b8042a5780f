"""The officers' pages in a real browser (Debian's Chromium), looked at by axe-core (WCAG 2.1 AA)."""

from __future__ import annotations

import shutil
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from selenium import webdriver
from selenium.common.exceptions import StaleElementReferenceException
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.expected_conditions import alert_is_present
from selenium.webdriver.support.ui import WebDriverWait
from waitress import create_server

from processor.desk import Surroundings, create_app
from processor.desk.users import hashed
from tests.letters import mail, request
from tests.servers import _apt, free_port

PASSWORD = "hosszú jelszó 1"
AXE = (Path(__file__).parent.parent / "vendor" / "axe.min.js").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def browser() -> Iterator[webdriver.Chrome]:
    if not shutil.which("chromium") or not shutil.which("chromedriver"):
        _apt("chromium", "chromium-driver")
    with tempfile.TemporaryDirectory() as profile:
        options = webdriver.ChromeOptions()
        options.binary_location = shutil.which("chromium") or ""
        for argument in (
            "--headless=new",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-dev-shm-usage",
            f"--user-data-dir={profile}",
            "--window-size=1280,1000",
        ):
            options.add_argument(argument)
        options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
        driver = webdriver.Chrome(options=options, service=webdriver.ChromeService(shutil.which("chromedriver")))
        driver.implicitly_wait(10)  # an element may not be parsed yet when its page has begun to appear
        yield driver
        driver.quit()


@pytest.fixture
def site(desk) -> Iterator[str]:
    parts = desk.parts
    with parts.store.begin() as session:
        for name, role in (("nezo", "viewer"), ("ildiko", "officer")):
            session.users.put(name, hashed(PASSWORD), role, desk.clock())
    port = free_port()
    about = Surroundings(parts.store, parts.intake.office, parts.export, desk.clock, lambda: iter(()))
    server = create_server(create_app(about), host="127.0.0.1", port=port, threads=4)
    threading.Thread(target=server.run, daemon=True).start()
    yield f"http://127.0.0.1:{port}"
    server.close()


def log_in(browser: webdriver.Chrome, site: str, name: str) -> None:
    browser.delete_all_cookies()
    troubles(browser)  # those of the test before are read away
    browser.get(f"{site}/belepes")
    browser.find_element(By.NAME, "name").send_keys(name)
    browser.find_element(By.NAME, "password").send_keys(PASSWORD)
    browser.find_element(By.CSS_SELECTOR, "main button").click()
    WebDriverWait(browser, 10).until(lambda b: b.find_elements(By.CSS_SELECTOR, "header nav"))


def says(browser: webdriver.Chrome, text: str) -> None:
    """Waits until the page says it. The old page may still be there when an act is on its way."""
    waiting = WebDriverWait(browser, 20, ignored_exceptions=[StaleElementReferenceException])
    waiting.until(
        lambda b: any(text in found.text for found in b.find_elements(By.CSS_SELECTOR, ".flash[role=status]")),
        f"the page does not say {text!r}",
    )


def troubles(browser: webdriver.Chrome) -> list[str]:
    """What the browser's console holds: blocked loads, errors of scripts."""
    return [entry["message"] for entry in browser.get_log("browser") if entry["level"] == "SEVERE"]


def violations(browser: webdriver.Chrome) -> list[str]:
    browser.execute_script(AXE)
    result = browser.execute_async_script(
        "const done = arguments[0]; axe.run({runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa']}).then(done)"
    )
    return [f"{v['id']}: {v['nodes'][0]['html'][:120]}" for v in result["violations"]]


def test_an_officers_morning(desk, site, browser):
    """Logs in, finds the case in review, corrects, approves, makes the batch."""
    desk.round(request(values={"E-mail": "nagy.edit@mintafalu.hu"}))
    log_in(browser, site, "ildiko")
    browser.find_element(By.LINK_TEXT, "ASPO-2026-000001").click()
    assert browser.find_element(By.CSS_SELECTOR, "mark").text == "Kovács Anna"
    field = browser.find_element(By.ID, "f1pir")
    field.clear()
    field.send_keys("732318", Keys.ENTER)
    says(browser, "Mentve.")
    WebDriverWait(browser, 20).until(lambda b: b.execute_script("return document.readyState") == "complete")
    browser.find_element(By.TAG_NAME, "body").send_keys("j")  # the key for approving
    browser.switch_to.active_element.send_keys("leánykori név, telefonon egyeztetve")
    browser.find_element(By.XPATH, "//button[starts-with(., 'Jóváhagyás')]").click()
    says(browser, "Jóváhagyva")
    browser.get(f"{site}/kotegek")
    browser.find_element(By.XPATH, "//button[contains(., 'elkészítése most')]").click()
    WebDriverWait(browser, 10).until(alert_is_present()).accept()
    says(browser, "2026-W47-1")
    assert desk.case()["applicants"][0]["pir"] == "732318"
    assert troubles(browser) == []


def test_a_held_letter_is_edited_and_sent(desk, site, browser):
    """From the list of outgoing letters, in the officer's words; Ctrl+Enter sends."""
    desk.deliver(request(without=("PIR",)))
    desk.poll()
    with desk.parts.store.begin() as session:
        (letter,) = session.outbox.letters()
        session.outbox.set(letter["id"], state="held")
    log_in(browser, site, "ildiko")
    browser.get(f"{site}/kimeno")
    text = browser.find_element(By.NAME, "text")
    text.send_keys("\nUtóirat: hívjon bátran.", Keys.CONTROL, Keys.ENTER)
    says(browser, "A levél küldésre vár.")
    desk.send()
    assert "Utóirat: hívjon bátran." in desk.sink.text()
    assert troubles(browser) == []


def test_many_held_letters_are_sent_together(desk, site, browser):
    """Nothing is picked beforehand; one tick picks them all."""
    desk.deliver(
        *(
            request(
                without=("PIR",),
                message_id=f"<{i}@b.hu>",
                sender=f"x{i}@falu{i}.hu",
                values={"Név": name, "E-mail": f"x{i}@falu{i}.hu"},
            )
            for i, name in enumerate(["Nagy Béla", "Kiss Éva"])
        )
    )
    desk.poll()
    with desk.parts.store.begin() as session:
        for letter in session.outbox.letters():
            session.outbox.set(letter["id"], state="held")
    log_in(browser, site, "ildiko")
    browser.get(f"{site}/kimeno")
    browser.find_element(By.ID, "pick-all").click()
    browser.find_element(By.XPATH, "//button[starts-with(., 'A kijelöltek küldése')]").click()
    WebDriverWait(browser, 10).until(alert_is_present()).accept()
    says(browser, "2 levél küldésre vár.")
    desk.send()
    assert len(desk.sink.letters) == 2


def test_what_was_written_is_not_left_unasked(desk, site, browser):
    """Going elsewhere with an unsent text asks first."""
    desk.round(request(values={"E-mail": "nagy.edit@mintafalu.hu"}))
    log_in(browser, site, "ildiko")
    browser.get(f"{site}/ugy/ASPO-2026-000001")
    browser.find_element(By.ID, "f1pir").send_keys("1")
    # WebDriver answers the browser's own question by itself; what the page does is seen in the event.
    asks = """const event = new Event('beforeunload', {cancelable: true}); window.dispatchEvent(event);
        return event.defaultPrevented"""
    assert browser.execute_script(asks) is True
    browser.find_element(By.ID, "f1pir").send_keys(Keys.ENTER)
    WebDriverWait(browser, 10).until(lambda b: b.execute_script(asks) is False)


def test_the_keys_reach_everything_and_can_be_turned_off(desk, site, browser):
    """m: the first wrong field; l: the letter; z: the reason for closing (WCAG 2.1.4: keys of one letter can be
    turned off)."""
    desk.round(request(values={"E-mail": "nagy.edit@mintafalu.hu"}))
    log_in(browser, site, "ildiko")
    browser.get(f"{site}/ugy/ASPO-2026-000001")

    def focus_after(key):
        browser.execute_script("document.activeElement.blur()")
        browser.find_element(By.TAG_NAME, "body").send_keys(key)
        return browser.switch_to.active_element.get_attribute("id")

    assert [focus_after(key) for key in "mlzo"] == ["f1email", "text", "why", "other"]
    browser.find_element(By.CSS_SELECTOR, ".keys summary").click()
    browser.find_element(By.ID, "keys-on").click()
    assert focus_after("l") == ""
    browser.find_element(By.ID, "keys-on").click()


def test_a_text_is_tried_in_place(desk, site, browser):
    """htmx sends the form with its token and puts the answer into the page, which is not loaded anew."""
    log_in(browser, site, "nezo")
    browser.get(f"{site}/katalogus")
    browser.execute_script("document.body.dataset.before = 'yes'")
    browser.find_element(By.NAME, "text").send_keys("iktató és a pénztár", Keys.ENTER)
    WebDriverWait(browser, 10, ignored_exceptions=[StaleElementReferenceException]).until(
        lambda b: "Irat - Iktató" in b.find_element(By.ID, "eredmeny").text
    )
    assert browser.execute_script("return document.body.dataset.before") == "yes"
    assert troubles(browser) == []


def test_a_viewer_has_no_buttons(desk, site, browser):
    """Nothing to press but logging out."""
    desk.round(request(values={"E-mail": "nagy.edit@mintafalu.hu"}))
    log_in(browser, site, "nezo")
    for page in ("/ugy/ASPO-2026-000001", "/kotegek", "/kimeno"):
        browser.get(site + page)
        WebDriverWait(browser, 20).until(
            lambda b: b.execute_script("return document.readyState") == "complete"
        )  # a page half there has no buttons either
        assert browser.execute_script("return document.querySelectorAll('main button').length") == 0


def settled_and_waiting(desk) -> None:
    """Cases of every look: asked, in review, queued, in a batch, with a held letter."""
    desk.round(request(message_id="<c@b.hu>", values={"Név": "Kiss Éva", "E-mail": "kiss.eva@mintafalu.hu"}))
    desk.export()
    desk.round(
        request(without=("PIR",)),
        request(message_id="<b@b.hu>", values={"Név": "Nagy Béla", "E-mail": "nagy.bela@mintafalu.hu"}),
    )
    desk.deliver(
        request(message_id="<d@b.hu>", sender="b@c.hu", values={"Név": "Tóth Ida", "E-mail": "nagy.edit@mintafalu.hu"}),
        request(
            message_id="<e@b.hu>",
            without=("PIR",),
            sender="d@e.hu",
            values={"Név": "Vas Ede", "E-mail": "vas.ede@masfalu.hu"},
        ),
    )
    desk.poll()
    with desk.parts.store.begin() as session:
        session.outbox.set(session.outbox.letters(state="pending")[-1]["id"], state="held")


PAGES = [
    "/",
    "/ugyek",
    "/ugyek?q=senki",
    *(f"/ugy/ASPO-2026-00000{i}" for i in range(1, 6)),
    "/kimeno",
    "/kotegek",
    "/katalogus",
    "/rendszer",
    "/nincs-ilyen",
]


# 640 pixels at two device pixels each is a window of 1280 at 200 % zoom (WCAG 1.4.4), 320 the reflow that 1.4.10 asks
# for.
@pytest.mark.parametrize(
    ("width", "scale"), [(1280, 1), (640, 2), (390, 1), (320, 1)], ids=["1280", "200%", "390", "320"]
)
def test_every_page_is_accessible_and_fits(desk, site, browser, width, scale):
    """No violation that axe-core finds, nothing wider than the window, no error in the console; folded parts opened."""
    settled_and_waiting(desk)
    browser.set_window_size(1280, 1000)
    log_in(browser, site, "ildiko")
    # Chromium makes no window under 500 pixels; the emulated device does.
    browser.execute_cdp_cmd(
        "Emulation.setDeviceMetricsOverride",
        {"width": width, "height": 900, "deviceScaleFactor": scale, "mobile": False},
    )
    try:
        for page in PAGES:
            browser.get(site + page)
            for opened in (False, True):
                if opened:
                    browser.execute_script("for (const one of document.querySelectorAll('details')) one.open = true")
                assert violations(browser) == [], page
                assert browser.execute_script("return document.documentElement.scrollWidth - window.innerWidth") <= 0, (
                    page
                )
        browser.delete_all_cookies()
        browser.get(f"{site}/belepes")
        assert violations(browser) == []
    finally:
        browser.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})
    assert [trouble for trouble in troubles(browser) if "/nincs-ilyen" not in trouble] == []


def test_every_page_reads_without_javascript(desk, site, browser):
    """And the forms work: a PIR is corrected."""
    settled_and_waiting(desk)
    log_in(browser, site, "ildiko")
    with_script = {}
    for page in PAGES:
        browser.get(site + page)
        browser.execute_script("for (const one of document.querySelectorAll('.needs-script')) one.remove()")
        with_script[page] = browser.find_element(By.TAG_NAME, "main").text.split()
    browser.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": True})
    try:
        for page in PAGES:
            browser.get(site + page)
            shown = browser.find_element(By.TAG_NAME, "main").text
            if page != "/rendszer":  # its journal has grown
                assert shown.split() == with_script[page], page
        browser.get(f"{site}/ugy/ASPO-2026-000002")
        browser.find_element(By.ID, "f1pir").send_keys("731234", Keys.ENTER)
        WebDriverWait(browser, 10).until(lambda b: "Mentve." in b.page_source)
    finally:
        browser.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": False})
    assert desk.cases()[1]["status"] == "queued"


HOSTILE = """<p onclick="document.title='x'">Kérem Kovács Anna regisztrációját.</p>
<script>document.title='gotcha'</script><style>body{display:none}</style><img src="http://127.0.0.1:9/pixel.png">
<iframe src="http://127.0.0.1:9/"></iframe><svg onload="document.title='gotcha'"></svg>
<a href="javascript:document.title='gotcha'">itt</a><a href="data:text/html,x">ott</a>
<div style="position:fixed;inset:0;background:red">takar</div>"""


def test_a_hostile_mail_runs_loads_and_covers_nothing(desk, site, browser):
    """Console and network are watched."""
    desk.round(
        mail(
            "",
            html=HOSTILE,
            subject="<script>document.title='gotcha'</script>",
            sender='"<img src=x onerror=alert(3)>" <a@b.hu>',
        )
    )
    log_in(browser, site, "ildiko")
    browser.get(f"{site}/ugy/ASPO-2026-000001")
    assert browser.title == "ASPO-2026-000001 – Beirató"
    loaded = browser.execute_script("return performance.getEntriesByType('resource').map(e => e.name)")
    assert all(name.startswith(site) for name in loaded)
    on_top = browser.execute_script(
        """const b = document.querySelector('header nav a').getBoundingClientRect();
        return document.elementFromPoint(b.x + 5, b.y + 5).tagName"""
    )
    assert on_top == "A"
    assert troubles(browser) == []
