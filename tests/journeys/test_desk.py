"""The officers' pages over a store that was filled by real mails."""

from __future__ import annotations

import re

import lxml.html
import pytest

from processor.desk import Surroundings, create_app
from processor.desk.users import hashed
from tests.letters import mail, request

PASSWORD = "hosszú jelszó 1"


@pytest.fixture
def about(desk):
    parts = desk.parts
    with parts.store.begin() as session:
        for name, role in (("néző", "viewer"), ("ildiko", "officer"), ("gazda", "administrator")):
            session.put_user(name, hashed(PASSWORD), role, desk.clock())
    return Surroundings(parts.store, parts.intake.office, parts.export, desk.clock, lambda: iter(()))


@pytest.fixture
def app(about):
    made = create_app(about)
    made.testing = False
    return made


def log_in(app, name):
    client = app.test_client()
    token = re.search(r'name="csrf" value="([^"]+)"', client.get("/belepes").text).group(1)
    answer = client.post("/belepes", data={"csrf": token, "name": name, "password": PASSWORD})
    assert answer.status_code == 302
    return client


def form(client, page, **values):
    """The hidden fields of a page's forms, with values."""
    text = client.get(page).text
    hidden = {name: re.search(rf'name="{name}" value="([^"]+)"', text) for name in ("csrf", "updated")}
    return {**{name: found.group(1) for name, found in hidden.items() if found}, **values}


PAGES = ["/", "/ugyek", "/ugy/ASPO-2026-000001", "/kimeno", "/kotegek", "/katalogus", "/rendszer"]


def test_an_officer_settles_a_case(desk, app):
    """Looks, corrects the PIR, sees the person in the next batch, makes and downloads it."""
    desk.round(request(values={"PIR": "731235"}))
    client = log_in(app, "ildiko")
    page = client.get("/ugy/ASPO-2026-000001").text
    assert '<mark title="1. kérelmező: név">Kovács Anna</mark>' in page
    client.post("/ugy/ASPO-2026-000001/mezo", data=form(client, "/ugy/ASPO-2026-000001", number="1", field="pir", value="731234"))
    assert desk.case()["status"] == "queued"
    assert "Kovács Anna" in client.get("/kotegek").text
    client.post("/kotegek/keszites", data=form(client, "/kotegek"))
    assert client.get("/koteg/2026-W47-1/2026-W47-1.csv").text.startswith("username,firstname")
    with desk.parts.store.begin() as session:
        assert {row["action"] for row in session.journal_rows()} >= {"login", "case viewed", "batch made", "batch downloaded"}


def test_a_letter_in_the_officers_own_words(desk, app):
    """Edited before it is sent; the case waits for the answer."""
    desk.round(request(values={"E-mail": "nagy.edit@mintafalu.hu"}))
    client = log_in(app, "ildiko")
    client.post("/ugy/ASPO-2026-000001/level", data=form(client, "/ugy/ASPO-2026-000001", text="Kié a cím?\n\nÜdvözlettel: Ildikó"))
    desk.send()
    assert desk.sink.text() == "Kié a cím?\n\nÜdvözlettel: Ildikó\n"
    assert desk.case()["status"] == "waiting"


def test_the_second_of_two_officers_is_told_what_the_first_did(desk, app):
    """Nothing is overwritten unseen."""
    desk.round(request(values={"PIR": "731235"}))
    first, second = log_in(app, "ildiko"), log_in(app, "gazda")
    late = form(second, "/ugy/ASPO-2026-000001", number="1", field="pir", value="732318")
    desk.clock.forward(seconds=5)
    first.post("/ugy/ASPO-2026-000001/mezo", data=form(first, "/ugy/ASPO-2026-000001", number="1", field="pir", value="731234"))
    answer = second.post("/ugy/ASPO-2026-000001/mezo", data=late)
    assert answer.status_code == 409
    assert "ildiko" in answer.text
    assert desk.case()["applicants"][0]["pir"] == "731234"


class TestWhoMay:
    """Every page and every act against the roles."""

    def test_a_stranger_sees_the_login_page_and_nothing_else(self, app):
        """All routes are walked."""
        for rule in app.url_map.iter_rules():
            if rule.endpoint in {"static", "login", "healthz", "metrics"}:
                continue
            url = rule.rule.replace("<int:mail>", "1").replace("<reference>", "ASPO-2026-000001").replace("<name>", "x").replace("<file>", "x").replace("<what>", "x")
            for method in rule.methods - {"HEAD", "OPTIONS"}:
                answer = app.test_client().open(url, method=method)
                assert answer.status_code == 302, (method, url)
                assert "/belepes" in answer.headers["Location"]

    def test_a_viewer_reads_everything_and_changes_nothing(self, desk, app):
        """Every POST but logging out and trying the catalogue is refused."""
        desk.round(request(values={"PIR": "731235"}))
        client = log_in(app, "néző")
        for page in PAGES:
            assert client.get(page).status_code == 200
        hidden = form(client, "/ugy/ASPO-2026-000001")
        before = desk.cases()
        for rule in app.url_map.iter_rules():
            if "POST" in rule.methods and rule.endpoint not in {"login", "logout", "catalogue_page"}:
                url = rule.rule.replace("<reference>", "ASPO-2026-000001").replace("<name>", "x").replace("<what>", "jovahagyas")
                data = {**hidden, "number": "1", "field": "pir", "value": "731234", "reason": "x", "text": "x", "what": "close", "name": "x", "role": "officer", "password": PASSWORD, "letter": "1"}
                assert client.post(url, data=data).status_code == 403, url
        assert desk.cases() == before

    def test_only_an_administrator_makes_users(self, app):
        """An officer is refused."""
        data = {"name": "új", "role": "viewer", "password": PASSWORD}
        officer = log_in(app, "ildiko")
        assert officer.post("/rendszer/felhasznalo", data={**form(officer, "/rendszer"), **data}).status_code == 403
        boss = log_in(app, "gazda")
        assert boss.post("/rendszer/felhasznalo", data={**form(boss, "/rendszer"), **data}).status_code == 302
        assert log_in(app, "új")

    def test_no_form_without_its_token(self, desk, app):
        """A page elsewhere can't make an officer's browser act."""
        desk.round(request(values={"PIR": "731235"}))
        client = log_in(app, "ildiko")
        assert client.post("/ugy/ASPO-2026-000001/allapot", data={"what": "close"}).status_code == 400

    def test_guessing_passwords_ends_soon(self, app):
        """Five tries."""
        client = app.test_client()
        token = re.search(r'name="csrf" value="([^"]+)"', client.get("/belepes").text).group(1)
        codes = [client.post("/belepes", data={"csrf": token, "name": "ildiko", "password": "rossz"}).status_code for _ in range(7)]
        assert codes == [401] * 5 + [429] * 2

    def test_the_proxys_header_names_the_user(self, desk, about):
        """Only when configured, and only users that exist."""
        from dataclasses import replace

        client = create_app(replace(about, user_header="X-Remote-User")).test_client()
        assert client.get("/", headers={"X-Remote-User": "ildiko"}).status_code == 200
        assert client.get("/", headers={"X-Remote-User": "senki"}).status_code == 302


HOSTILE = """<p onclick="alert(1)">Kérem Kovács Anna regisztrációját.</p><script>alert(1)</script><style>body{display:none}</style><img src="https://tracker.example/x.png">
<form action="https://evil.example"><input name=a></form><iframe src="https://evil.example"></iframe><svg onload="alert(1)"><a href="javascript:alert(1)">itt</a></svg><div style="position:fixed;inset:0">takar</div>"""


def test_a_hostile_mail_is_text(desk, app):
    """Nothing of it runs, loads or covers the page."""
    desk.round(mail("", html=HOSTILE, subject="<script>alert(2)</script>", sender='"<img src=x onerror=alert(3)>" <a@b.hu>'))
    client = log_in(app, "ildiko")
    answer = client.get("/ugy/ASPO-2026-000001")
    page = lxml.html.fromstring(answer.text)
    assert {element.get("src") for element in page.iter("script")} == {"/static/htmx.min.js", "/static/desk.js"}
    assert not list(page.iter("iframe", "img", "object", "embed", "style", "base"))
    assert all(element.get("action", "/").startswith("/") for element in page.iter("form"))
    assert not [name for element in page.iter() if isinstance(element.tag, str) for name in element.attrib if name.startswith("on") or name == "style"]
    assert not [link for _, _, link, _ in page.iterlinks() if not link.startswith(("/", "#"))]
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert "unsafe" not in answer.headers["Content-Security-Policy"]


def test_search_by_name_place_number_address_and_reference(desk, app):
    """Without accents too."""
    desk.round(request(), request(message_id="<b@b.hu>", values={"Név": "Szűcs Őrs", "E-mail": "szucs.ors@masfalu.hu", "Önkormányzat": "Tótkomlós Város Önkormányzata", "PIR": "732318"}))
    client = log_in(app, "ildiko")
    for text in ("szucs", "Őrs Szűcs", "tótkomlós", "732318", "szucs.ors@masfalu.hu", "ASPO-2026-000002"):
        page = client.get("/ugyek", query_string={"q": text}).text
        assert ("Szűcs Őrs" in page, "Kovács Anna" in page) == (True, False), text


def test_health_and_metrics(desk, app):
    """For the machine that watches; from loopback only."""
    client = app.test_client()
    assert client.get("/healthz").status_code == 503, "never polled"
    desk.round(request())
    assert client.get("/healthz").status_code == 200
    assert 'beirato_mails_total{kind="registration",decision="queue"} 1' in client.get("/metrics").text
    assert client.get("/metrics", environ_overrides={"REMOTE_ADDR": "10.1.2.3"}).status_code == 403
    desk.deliver(request(message_id="<m@b.hu>", without=("PIR",), values={"Név": "Nagy Béla", "E-mail": "nagy.bela@mintafalu.hu"}))
    desk.poll()
    desk.clock.forward(minutes=45)
    desk.poll()
    assert "do not go out" in client.get("/healthz").text
    desk.send()
    assert client.get("/healthz").status_code == 200
    desk.clock.forward(hours=1)
    assert client.get("/healthz").status_code == 503


def test_trying_a_text_and_a_mail_on_the_catalogue_page(app):
    """What the program would make of it."""
    client = log_in(app, "néző")
    page = client.post("/katalogus", data={**form(client, "/katalogus"), "text": "iktató és a pénztár"}).text
    assert "Irat - Iktató" in page
    pasted = client.post("/katalogus", data={**form(client, "/katalogus"), "mail": request().decode()}).text
    assert "sorba kerül" in pasted
