"""The officers' pages over a store that was filled by real mails."""

from __future__ import annotations

import re
import time
from dataclasses import replace
from email.message import EmailMessage
from types import SimpleNamespace

import lxml.html
import pytest
from prometheus_client.parser import text_string_to_metric_families

from processor.desk import Surroundings, create_app
from processor.desk.users import hashed
from processor.letters.wire import text_of
from processor.service.watch import JobState, note_job
from tests.letters import mail, request

PASSWORD = "hosszú jelszó 1"


@pytest.fixture
def about(desk):
    parts = desk.parts
    with parts.store.begin() as session:
        for name, role in (("néző", "viewer"), ("ildiko", "officer"), ("gazda", "administrator")):
            session.users.put(name, hashed(PASSWORD), role, desk.clock())
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


def filled(rule):
    """A route's address with something in its places."""
    values = {
        "<int:mail>": "1",
        "<int:number>": "0",
        "<int:letter>": "1",
        "<reference>": "ASPO-2026-000001",
        "<name>": "x",
        "<file>": "x",
        "<what>": "jovahagyas",
    }
    for place, value in values.items():
        rule = rule.replace(place, value)
    return rule


PAGES = ["/", "/ugyek", "/ugy/ASPO-2026-000001", "/kimeno", "/kotegek", "/katalogus", "/rendszer"]


def test_an_officer_settles_a_case(desk, app):
    """Looks, corrects the PIR, sees the person in the next batch, makes and downloads it."""
    desk.round(request(values={"PIR": "731235"}))
    client = log_in(app, "ildiko")
    page = client.get("/ugy/ASPO-2026-000001").text
    assert '<mark title="1. kérelmező: név">Kovács Anna</mark>' in page
    client.post(
        "/ugy/ASPO-2026-000001/adatok", data=form(client, "/ugy/ASPO-2026-000001", number="1", **{"f-pir": "731234"})
    )
    assert desk.case()["status"] == "queued"
    assert "Kovács Anna" in client.get("/kotegek").text
    client.post("/kotegek/keszites", data=form(client, "/kotegek"))
    assert client.get("/koteg/2026-W47-1/2026-W47-1.csv").text.startswith("username,firstname")
    with desk.parts.store.begin() as session:
        assert {row["action"] for row in session.users.journal_rows()} >= {
            "login",
            "case viewed",
            "batch made",
            "batch downloaded",
        }


def test_pages_wait_for_nobody_who_writes(desk, app):
    """While a mail is at work, what only reads is shown at once; busy_timeout would let a writer wait for 30 s."""
    desk.round(request())
    client = log_in(app, "ildiko")
    began = time.monotonic()
    with desk.parts.store.begin() as session:
        session.marks.set("at work", "1")
        assert [client.get(page).status_code for page in ("/", "/ugyek", "/katalogus", "/rendszer")] == [200] * 4
        assert client.get("/healthz").status_code in {200, 503}
    assert time.monotonic() - began < 20


def test_a_letter_in_the_officers_own_words(desk, app):
    """Edited before it is sent; the case waits for the answer."""
    desk.round(request(values={"E-mail": "nagy.edit@mintafalu.hu"}))
    client = log_in(app, "ildiko")
    client.post(
        "/ugy/ASPO-2026-000001/level",
        data=form(client, "/ugy/ASPO-2026-000001", text="Kié a cím?\n\nÜdvözlettel: Ildikó"),
    )
    desk.send()
    assert desk.sink.text() == "Kié a cím?\n\nÜdvözlettel: Ildikó\n\nASP Oktatás · Magyar Államkincstár\n", (
        "our last line, by which an answer below its quote is told apart"
    )
    assert desk.case()["status"] == "waiting"


def test_the_second_of_two_officers_is_told_what_the_first_did(desk, app):
    """Nothing is overwritten unseen."""
    desk.round(request(values={"PIR": "731235"}))
    first, second = log_in(app, "ildiko"), log_in(app, "gazda")
    late = form(second, "/ugy/ASPO-2026-000001", number="1", **{"f-pir": "732318"})
    desk.clock.forward(seconds=5)
    first.post(
        "/ugy/ASPO-2026-000001/adatok", data=form(first, "/ugy/ASPO-2026-000001", number="1", **{"f-pir": "731234"})
    )
    answer = second.post("/ugy/ASPO-2026-000001/adatok", data=late)
    assert answer.status_code == 409
    assert "ildiko módosította (adat javítva: 1. kérelmező, PIR: 731234)" in answer.text
    assert "732318</textarea>" in answer.text, "what the second had written is given back"
    assert desk.case()["applicants"][0]["pir"] == "731234"


def test_approving_saves_what_was_corrected_with_it(desk, app):
    """The address typed beside the reason is the one that goes into the batch."""
    desk.round(request(values={"E-mail": "nagy.edit@mintafalu.hu"}))
    client = log_in(app, "ildiko")
    data = form(
        client,
        "/ugy/ASPO-2026-000001",
        number="1",
        reason="telefonon egyeztetve",
        **{"f-email": "Kovacs.Anna@mintafalu.hu"},
    )
    client.post("/ugy/ASPO-2026-000001/jovahagyas", data=data)
    assert (desk.case()["applicants"][0]["email"], desk.case()["status"]) == ("kovacs.anna@mintafalu.hu", "queued")


def test_an_officers_typing_error_is_refused(desk, app):
    """And is no answer of the municipality: the case stays as it was, what was typed is given back."""
    desk.round(request(values={"PIR": "731235"}))
    client = log_in(app, "ildiko")
    for field, wrong in (("pir", "41508"), ("county", "Vesprém"), ("email", "nem cím")):
        answer = client.post(
            "/ugy/ASPO-2026-000001/adatok",
            data=form(client, "/ugy/ASPO-2026-000001", number="1", **{f"f-{field}": wrong}),
        )
        assert answer.status_code == 422
        assert wrong in answer.text
    assert desk.case()["status"] == "waiting"


TWO = """Önkormányzat: Mintafalu Község Önkormányzata
PIR: 731234
Vármegye: Pest

Név: Kovács Anna
E-mail: kovacs.anna@mintafalu.hu
Szakrendszer: ADÓ

Név: Nagy Béla
E-mail: nagy.bela@mintafalu.hu
Szakrendszer: ELÜGY
"""


def test_approving_one_lets_nobody_else_through(desk, app):
    """No clerk in copy: only the approved applicant goes on."""
    desk.round(mail(f"Kérem két kolléga regisztrációját:\n\n{TWO}", cc=""))
    client = log_in(app, "ildiko")
    client.post(
        "/ugy/ASPO-2026-000001/jovahagyas",
        data=form(client, "/ugy/ASPO-2026-000001", number="1", reason="a jegyző telefonált"),
    )
    assert [a["outcome"] for a in desk.case()["applicants"]] == ["queue", "ask"]


def test_a_held_letter_follows_the_case(desk, app):
    """It never asks for what an officer has just given."""
    desk.deliver(request(without=("PIR",)))
    desk.poll()
    with desk.parts.store.begin() as session:
        (letter,) = session.outbox.letters()
        session.outbox.set(letter["id"], state="held")
    client = log_in(app, "ildiko")
    client.post(
        "/ugy/ASPO-2026-000001/adatok", data=form(client, "/ugy/ASPO-2026-000001", number="1", **{"f-pir": "731234"})
    )
    with desk.parts.store.begin() as session:
        states = [(row["state"], "megkaptunk" in text_of(row["raw"])) for row in session.outbox.letters()]
    assert states == [("withdrawn", False), ("held", True)]


def test_closing_by_mistake_is_undone_by_reopening(desk, app):
    """Those who were queued are queued again; who was dropped can be taken back."""
    desk.round(request())
    client = log_in(app, "ildiko")
    page = "/ugy/ASPO-2026-000001"
    client.post(f"{page}/allapot", data=form(client, page, what="close"))
    assert desk.parts.export.preview()[0] is None
    client.post(f"{page}/allapot", data=form(client, page, what="reopen"))
    assert desk.case()["status"] == "review"
    assert [row.name for row in desk.parts.export.preview()[0].enrolments] == ["Kovács Anna"]
    client.post(f"{page}/kivetel", data=form(client, page, number="1", reason="kilépett"))
    assert desk.case()["status"] == "closed"
    client.post(f"{page}/allapot", data=form(client, page, what="reopen"))
    client.post(f"{page}/visszavetel", data=form(client, page, number="1"))
    assert desk.case()["applicants"][0]["outcome"] == "queue"


def test_enter_in_a_reason_decides_nothing(desk, app):
    """The button that Enter presses is none of the decisions."""
    desk.round(request(values={"PIR": "731235"}))
    client = log_in(app, "ildiko")
    tree = lxml.html.fromstring(client.get("/ugy/ASPO-2026-000001").text)
    first = {
        one.get("action").rsplit("/", 1)[1]: next(one.iter("button"))
        for one in tree.iter("form")
        if "/ugy/" in one.get("action", "")
    }
    assert first["allapot"].get("value") == "nothing"
    assert first["adatok"].get("formaction") is None
    client.post("/ugy/ASPO-2026-000001/allapot", data=form(client, "/ugy/ASPO-2026-000001", what="nothing", reason="x"))
    assert desk.case()["status"] == "waiting"


def test_what_the_reader_left_open_waits_for_an_officer(desk, app):
    """Named on the case's page; nobody is queued and nothing is sent until the officer has looked at it."""
    said = "Anna az ADÓ tananyagot már elvégezte tavaly."
    desk.round(request().replace("Üdvözlettel".encode(), f"{said}\n\nÜdvözlettel".encode()))
    client, address = log_in(app, "ildiko"), "/ugy/ASPO-2026-000001"

    def shown():
        """What the page lists as open, and what its buttons would do to the case."""
        page = lxml.html.fromstring(client.get(address).text)
        return [one.text_content() for one in page.xpath("//section[@aria-label='Tisztázandó']//li")], {
            one.text_content(): one.get("value") for one in page.xpath("//button[@name='what']")
        }

    (entry,), buttons = shown()
    assert said in entry
    assert desk.case()["status"] == "review"
    assert desk.parts.export.preview()[0] is None
    assert desk.sink.letters == []
    client.post(f"{address}/allapot", data=form(client, address, what=buttons["Átnéztem, rendben"]))
    entries, buttons = shown()
    assert entries == []
    assert "Átnéztem, rendben" not in buttons
    assert desk.case()["status"] == "queued"
    assert [row.name for row in desk.parts.export.preview()[0].enrolments] == ["Kovács Anna"]


def test_a_long_letter_is_not_cut(desk, app):
    """As it is for a hundred applicants."""
    desk.round(request(values={"E-mail": "nagy.edit@mintafalu.hu"}))
    client = log_in(app, "ildiko")
    text = "Tisztelt Címzett!\n\n" + "Sok kérelmező. " * 4000 + "VÉGE"
    client.post("/ugy/ASPO-2026-000001/level", data=form(client, "/ugy/ASPO-2026-000001", text=text))
    desk.send()
    assert "VÉGE" in desk.sink.text()


def test_a_batch_is_not_confirmed_by_an_empty_form(desk, app):
    """Everybody enrolled has its own button."""
    desk.round(request())
    desk.export()
    client = log_in(app, "ildiko")
    url = "/kotegek/2026-W47-1/visszaigazolas"
    client.post(url, data=form(client, "/kotegek"))
    with desk.parts.store.begin() as session:
        assert session.batches.get("2026-W47-1")["confirmed_at"] is None
    client.post(url, data=form(client, "/kotegek", everybody="1"))
    with desk.parts.store.begin() as session:
        assert session.batches.get("2026-W47-1")["confirmed_at"] is not None


# Every address that takes a form, and the least role that may send it.
MAY_SEND = {
    "/belepes": "stranger",
    "/kilepes": "viewer",
    "/katalogus": "viewer",
    "/rendszer/jelszo": "viewer",
    "/ugy/<reference>/adatok": "officer",
    "/ugy/<reference>/jovahagyas": "officer",
    "/ugy/<reference>/visszavetel": "officer",
    "/ugy/<reference>/kivetel": "officer",
    "/ugy/<reference>/allapot": "officer",
    "/ugy/<reference>/level": "officer",
    "/ugy/<reference>/osszevonas": "officer",
    "/kimeno/<what>": "officer",
    "/kimeno/<int:letter>/szoveg": "officer",
    "/kotegek/keszites": "officer",
    "/kotegek/<name>/visszaigazolas": "officer",
    "/rendszer/felhasznalo": "administrator",
    "/rendszer/felhasznalo/torles": "administrator",
}


class TestWhoMay:
    """Every page and every act against the roles."""

    def test_every_view_that_takes_a_form_bears_its_role(self, app):
        """A new one without a role fails here."""
        assert {
            rule.rule: getattr(app.view_functions[rule.endpoint], "open_to", None)
            for rule in app.url_map.iter_rules()
            if "POST" in rule.methods
        } == MAY_SEND

    def test_roles_are_held(self, desk, app):
        """Each form as sent by each role: 403 below the one that it bears, never from it on."""
        desk.round(request(values={"PIR": "731235"}))
        order = ["stranger", "viewer", "officer", "administrator"]
        for name, role in (("néző", "viewer"), ("ildiko", "officer"), ("gazda", "administrator")):
            for rule, least in MAY_SEND.items():
                client = log_in(app, name)  # anew for each: one form logs out
                answer = client.post(filled(rule), data=form(client, "/katalogus"))
                assert (answer.status_code == 403) == (order.index(role) < order.index(least)), (name, rule)

    def test_a_stranger_sees_the_login_page_and_nothing_else(self, app):
        """All routes are walked."""
        for rule in app.url_map.iter_rules():
            if rule.endpoint in {"static", "users.login", "users.log_in", "system.healthz", "system.metrics"}:
                continue
            for method in rule.methods - {"HEAD", "OPTIONS"}:
                answer = app.test_client().open(filled(rule.rule), method=method)
                assert answer.status_code == (302 if method == "GET" else 401), (method, rule.rule)
                assert "/belepes" in (answer.headers["Location"] if method == "GET" else answer.text)

    def test_a_viewer_reads_everything_and_changes_nothing(self, desk, app):
        """Every POST is refused but logging in and out, trying the catalogue and a new password of one's own."""
        desk.round(request(values={"PIR": "731235"}))
        client = log_in(app, "néző")
        for page in PAGES:
            assert client.get(page).status_code == 200
        hidden = form(client, "/ugy/ASPO-2026-000001")
        before = desk.cases()
        for rule in app.url_map.iter_rules():
            if "POST" in rule.methods and rule.endpoint not in {
                "users.log_in",
                "users.logout",
                "users.own_password",
                "system.show_catalogue",
            }:
                data = {
                    **hidden,
                    "number": "1",
                    "f-pir": "731234",
                    "reason": "x",
                    "text": "x",
                    "what": "close",
                    "name": "x",
                    "role": "officer",
                    "password": PASSWORD,
                    "letter": "1",
                }
                assert client.post(filled(rule.rule), data=data).status_code == 403, rule.rule
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
        """A page elsewhere can't make an officer's browser act; what was written is given back."""
        desk.round(request(values={"PIR": "731235"}))
        client = log_in(app, "gazda")
        for rule in MAY_SEND:
            answer = client.post(filled(rule), data={"what": "close", "reason": "telefonon kérték"})
            assert answer.status_code == 400, rule
            assert "Az űrlap lejárt." in answer.text
            assert "telefonon kérték</textarea>" in answer.text
        assert desk.case()["status"] == "waiting"

    def test_every_form_carries_the_token(self, desk, app):
        """Those with buttons of their own included."""
        desk.round(request(values={"PIR": "731235"}))
        desk.export()
        client = log_in(app, "gazda")
        for page in PAGES:
            for one in lxml.html.fromstring(client.get(page).text).iter("form"):
                if one.get("method") == "post":
                    assert one.xpath(".//input[@type='hidden'][@name='csrf']/@value"), (page, one.get("action"))

    def test_a_form_is_good_as_long_as_its_session(self, desk, app, monkeypatch):
        """A letter may be written for hours."""
        desk.round(request(values={"PIR": "731235"}))
        client = log_in(app, "ildiko")
        data = form(client, "/ugy/ASPO-2026-000001", text="Kié a cím?")
        later = time.time() + 3 * 3600
        monkeypatch.setattr("itsdangerous.timed.time", SimpleNamespace(time=lambda: later))
        assert client.post("/ugy/ASPO-2026-000001/level", data=data).status_code == 302

    def test_no_token_of_an_empty_session(self, desk, about):
        """A page elsewhere sends no cookie, but the proxy still names the user."""
        desk.round(request(values={"PIR": "731235"}))
        client = create_app(replace(about, user_header="X-Remote-User")).test_client()
        for token in ("", "-", "é"):
            assert (
                client.post(
                    "/ugy/ASPO-2026-000001/allapot",
                    data={"what": "close", "csrf": token},
                    headers={"X-Remote-User": "ildiko"},
                ).status_code
                == 400
            )
        assert desk.case()["status"] == "waiting"

    def test_the_page_after_the_login_is_one_of_ours(self, app):
        """No address that a browser would take elsewhere."""
        for target in (
            "//evil.example",
            "/\\evil.example",
            "/\t/evil.example",
            "/\n/evil.example",
            "https://evil.example",
        ):
            client = app.test_client()
            token = re.search(r'name="csrf" value="([^"]+)"', client.get("/belepes").text).group(1)
            assert (
                client.post(
                    "/belepes", data={"csrf": token, "name": "ildiko", "password": PASSWORD, "next": target}
                ).headers["Location"]
                == "/"
            ), target

    def test_everybody_changes_their_own_password(self, app):
        """With the old one."""
        client = log_in(app, "néző")
        client.post("/rendszer/jelszo", data=form(client, "/rendszer", old="rossz", password="egészen új jelszó"))
        assert log_in(app, "néző"), "the old one still works"
        client.post("/rendszer/jelszo", data=form(client, "/rendszer", old=PASSWORD, password="egészen új jelszó"))
        assert client.get("/").status_code == 200, "this session goes on"

    def test_guessing_passwords_ends_soon(self, app):
        """Five tries."""
        client = app.test_client()
        token = re.search(r'name="csrf" value="([^"]+)"', client.get("/belepes").text).group(1)
        codes = [
            client.post("/belepes", data={"csrf": token, "name": "ildiko", "password": "rossz"}).status_code
            for _ in range(7)
        ]
        assert codes == [401] * 5 + [429] * 2

    def test_the_proxys_header_names_the_user(self, desk, about):
        """Only when configured, only from the proxy, and only users that exist."""
        client = create_app(replace(about, user_header="X-Remote-User", proxy="10.0.0.7")).test_client()
        ask = {"headers": {"X-Remote-User": "ildiko", "X-Forwarded-For": "10.9.9.9"}}
        assert client.get("/", **ask, environ_overrides={"REMOTE_ADDR": "10.0.0.7"}).status_code == 200
        assert client.get("/", **ask, environ_overrides={"REMOTE_ADDR": "10.0.0.8"}).status_code == 302
        assert (
            client.get(
                "/", headers={"X-Remote-User": "senki"}, environ_overrides={"REMOTE_ADDR": "10.0.0.7"}
            ).status_code
            == 302
        )

    def test_one_strangers_guesses_do_not_lock_out_those_behind_the_same_proxy(self, about):
        """Attempts are counted by the address that the proxy names."""
        client = create_app(replace(about, proxy="127.0.0.1")).test_client()
        token = re.search(r'name="csrf" value="([^"]+)"', client.get("/belepes").text).group(1)

        def attempt(name, password, address):
            return client.post(
                "/belepes",
                data={"csrf": token, "name": name, "password": password},
                headers={"X-Forwarded-For": address},
            ).status_code

        assert [attempt(f"senki{i}", "rossz", "10.1.1.1") for i in range(6)] == [401] * 5 + [429]
        assert attempt("ildiko", PASSWORD, "10.2.2.2") == 302

    def test_a_new_password_ends_the_sessions_of_the_old_one(self, app, about):
        """Whoever knew the old one is out."""
        client = log_in(app, "ildiko")
        assert client.get("/").status_code == 200
        with about.store.begin() as session:
            session.users.put("ildiko", hashed("egészen más jelszó"), "officer", about.clock())
        assert client.get("/").status_code == 302

    def test_an_expired_session_gives_back_what_was_written(self, desk, app):
        """A long letter is not lost."""
        desk.round(request(values={"PIR": "731235"}))
        client = log_in(app, "ildiko")
        data = form(client, "/ugy/ASPO-2026-000001", text="Tisztelt Címzett!\n\nHosszú levél.")
        client.delete_cookie("beirato")
        answer = client.post("/ugy/ASPO-2026-000001/level", data=data)
        assert answer.status_code == 401
        assert "Hosszú levél." in answer.text


HOSTILE = """<p onclick="alert(1)">Kérem Kovács Anna regisztrációját.</p><script>alert(1)</script>
<style>body{display:none}</style><img src="https://tracker.example/x.png">
<form action="https://evil.example"><input name=a></form><iframe src="https://evil.example"></iframe>
<svg onload="alert(1)"><a href="javascript:alert(1)">itt</a></svg><div style="position:fixed;inset:0">takar</div>"""


def test_a_hostile_mail_is_text(desk, app):
    """Nothing of it runs, loads or covers the page."""
    desk.round(
        mail("", html=HOSTILE, subject="<script>alert(2)</script>", sender='"<img src=x onerror=alert(3)>" <a@b.hu>')
    )
    client = log_in(app, "ildiko")
    answer = client.get("/ugy/ASPO-2026-000001")
    page = lxml.html.fromstring(answer.text)
    assert {element.get("src") for element in page.iter("script")} == {"/static/htmx.min.js", "/static/desk.js"}
    assert not list(page.iter("iframe", "img", "object", "embed", "style", "base"))
    assert all(element.get("action", "/").startswith("/") for element in page.iter("form"))
    assert not [
        name
        for element in page.iter()
        if isinstance(element.tag, str)
        for name in element.attrib
        if name.startswith("on") or name == "style"
    ]
    assert not [link for _, _, link, _ in page.iterlinks() if not link.startswith(("/", "#"))]
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert "unsafe" not in answer.headers["Content-Security-Policy"]


@pytest.mark.parametrize(
    "html",
    [
        "<dd><center><dd></dd></center></dd>",
        "<h4><div><h2><h3>x</h3></h2></div></h4>",
        "<li><center><li>a</li></center></li>",
        "</div></article></section></main>x",
        "<ul><li><div><li>x",
    ],
)
def test_a_mail_cannot_leave_its_box(html):
    """Whatever it nests: what follows stands where we put it."""
    from processor.desk.cleaning import clean

    page = lxml.html.fragment_fromstring(f'<article><div id="box">{clean(html * 3)}</div><p id="after"></p></article>')
    assert [child.get("id") for child in page] == ["box", "after"]


def test_four_hundred_applicants_are_marked_in_one_go():
    """Each value where it stands; a value of everybody's says how many more it is of."""
    from processor.desk.cleaning import Mark, table

    rows = [(f"Kovács{n} Anna", f"kovacs{n}@falu.hu", "Pest") for n in range(400)]
    marks = [
        Mark((cell,), " | ".join(row), f"{n}. kérelmező: {field}")
        for n, row in enumerate(rows, 1)
        for cell, field in zip(row, ("név", "e-mail-cím", "vármegye"), strict=True)
    ]
    html = table(rows, marks)
    assert html.count("<mark") == 1200
    assert len(html) < 200_000


def test_search_by_name_place_number_address_and_reference(desk, app):
    """Without accents too."""
    desk.round(
        request(),
        request(
            message_id="<b@b.hu>",
            values={
                "Név": "Szűcs Őrs",
                "E-mail": "szucs.ors@masfalu.hu",
                "Önkormányzat": "Tótkomlós Város Önkormányzata",
                "PIR": "732318",
            },
        ),
    )
    client = log_in(app, "ildiko")
    for text in ("szucs", "Őrs Szűcs", "tótkomlós", "732318", "szucs.ors@masfalu.hu", "ASPO-2026-000002", "000002"):
        page = client.get("/ugyek", query_string={"q": text}).text
        assert ("Szűcs Őrs" in page, "Kovács Anna" in page) == (True, False), text


def figures(client):
    """The samples of /metrics: name and labels, value."""
    families = text_string_to_metric_families(client.get("/metrics").text)
    return {
        (sample.name, *sorted(sample.labels.items())): sample.value for family in families for sample in family.samples
    }


def test_the_metrics_are_ours_alone(desk, app):
    """Every figure, of this store; nothing of the process, nothing of another application's store."""
    nagy = {"Név": "Nagy Béla", "E-mail": "nagy.bela@mintafalu.hu"}
    desk.round(request(), request(message_id="<b@b.hu>", without=("PIR",), values=nagy))
    now = desk.clock().timestamp()
    expected = {
        ("beirato_mails_total", ("decision", "queue"), ("kind", "registration")): 1,
        ("beirato_mails_total", ("decision", "ask"), ("kind", "registration")): 1,
        ("beirato_mails_failed",): 0,
        ("beirato_cases", ("status", "queued")): 1,
        ("beirato_cases", ("status", "waiting")): 1,
        **{("beirato_letters", ("state", s)): 0 for s in ("pending", "held", "failed", "withdrawn")},
        ("beirato_letters", ("state", "sent")): 2,
        ("beirato_people_queued",): 1,
        ("beirato_last_success_seconds", ("round", "poll")): now,
        ("beirato_last_success_seconds", ("round", "send")): now,
    }
    assert figures(app.test_client()) == expected


def test_health_and_metrics(desk, app):
    """For the machine that watches; from loopback only."""
    client = app.test_client()
    assert client.get("/healthz").status_code == 503, "never polled"
    desk.round(request())
    assert client.get("/healthz").status_code == 200
    assert figures(client)["beirato_mails_total", ("decision", "queue"), ("kind", "registration")] == 1
    assert client.get("/metrics", environ_overrides={"REMOTE_ADDR": "10.1.2.3"}).status_code == 403
    assert client.get("/metrics", headers={"X-Forwarded-For": "127.0.0.1"}).status_code == 403, (
        "a proxy on this machine asks for somebody else"
    )
    desk.deliver(
        request(
            message_id="<m@b.hu>", without=("PIR",), values={"Név": "Nagy Béla", "E-mail": "nagy.bela@mintafalu.hu"}
        )
    )
    desk.poll()
    desk.clock.forward(minutes=45)
    desk.poll()
    assert "do not go out" in client.get("/healthz").text
    desk.send()
    assert client.get("/healthz").status_code == 200
    desk.clock.forward(hours=1)
    assert client.get("/healthz").status_code == 503


def test_health_says_which_job_is_stuck(desk, app):
    """A job that began and never ended; metrics give the durations of the others."""
    client = app.test_client()
    desk.round(request())
    with desk.parts.store.begin() as session:
        note_job(session, JobState("retention", desk.clock()))
        note_job(session, JobState("poll", desk.clock(), desk.clock(), 1.25))
    assert client.get("/healthz").status_code == 200, "it may be at work"
    desk.clock.forward(minutes=45)
    desk.poll()
    assert client.get("/healthz").text == "job retention is stuck\n"
    assert figures(client)["beirato_job_duration_seconds", ("job", "poll")] == 1.25
    assert "Elakadt: lejárt adatok törlése." in log_in(app, "néző").get("/").text


def test_an_attachment_is_downloaded_as_a_file(desk, app):
    """Whatever it calls itself; the download stands in the journal."""
    made = EmailMessage()
    made["From"], made["To"], made["Subject"], made["Message-ID"] = (
        "anna@mintafalu.hu",
        "aspoktatas@allamkincstar.gov.hu",
        "adatlap",
        "<m@b.hu>",
    )
    made.set_content("Mellékelem Kovács Anna adatait az oktatási portálra.")
    made.add_attachment(b"<script>alert(1)</script>", maintype="text", subtype="html", filename="../adat.html")
    desk.round(made.as_bytes())
    client = log_in(app, "néző")
    assert 'href="/level/1/melleklet/0"' in client.get("/ugy/ASPO-2026-000001").text
    answer = client.get("/level/1/melleklet/0")
    assert answer.data == b"<script>alert(1)</script>"
    assert answer.headers["Content-Type"] == "application/octet-stream"
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert client.get("/level/1/melleklet/1").status_code == 404
    with desk.parts.store.begin() as session:
        assert ("attachment downloaded", "ASPO-2026-000001") in {
            (row["action"], row["detail"]) for row in session.users.journal_rows()
        }


def test_a_mail_looks_as_it_was_written(desk, app):
    """Tables, lists, bold and struck text stay; the values in use are marked, also over a tag and in a signature."""
    html = """<p>Kérem <b>Kovács</b> Anna <s>Nagy Béla</s>
    <span style="text-decoration:line-through">Kiss Éva</span> regisztrációját.</p>
    <table><tr><td>PIR</td><td>731&nbsp;234</td></tr><tr><td>E-mail</td><td>kovacs.anna@mintafalu.hu</td></tr>
    <tr><td>Tananyag</td><td>ADÓ</td></tr></table>"""
    desk.round(mail("", html=html))
    page = lxml.html.fromstring(log_in(app, "néző").get("/ugy/ASPO-2026-000001").text)
    shown = page.get_element_by_id("tartalom").find_class("asreceived")[0]
    marked = {(element.text_content(), element.get("title").split(": ")[1]) for element in shown.iter("mark")}
    assert marked >= {("731\xa0234", "PIR"), ("kovacs.anna@mintafalu.hu", "e-mail-cím"), ("ADÓ", "tananyag")}
    assert [element.text_content() for element in (*shown.iter("s"), *shown.find_class("struck"))] == [
        "Nagy Béla",
        "Kiss Éva",
    ]
    assert [cell.text_content() for cell in shown.iter("td")][:2] == ["PIR", "731\xa0234"]


def test_the_history_and_the_journal_are_in_hungarian(desk, app):
    """Officers see no word of the program's own."""
    desk.round(request(without=("PIR",)))
    client = log_in(app, "ildiko")
    assert "új ügy: hiánypótlást kér (regisztrációs kérelem): PIR: hiányzik" in client.get("/ugy/ASPO-2026-000001").text
    assert "megnézte az ügyet" in client.get("/rendszer").text


def test_a_held_letter_is_edited_and_sent(desk, app):
    """The new text in both its forms; a second officer who began with the old text is refused."""
    desk.deliver(request(without=("PIR",)))
    desk.poll()
    with desk.parts.store.begin() as session:
        (letter,) = session.outbox.letters()
        session.outbox.set(letter["id"], state="held")
    client = log_in(app, "ildiko")
    page = lxml.html.fromstring(client.get("/kimeno").text)
    before = page.xpath("//textarea[@name='text']")[0].text.lstrip("\n")
    changed = before.replace("Tisztelt Címzett!", "Tisztelt Jegyző Úr <3!")
    url = f"/kimeno/{letter['id']}/szoveg"
    client.post(url, data=form(client, "/kimeno", text=changed, before=before, what="save"))
    late = client.post(url, data=form(client, "/kimeno", text="más", before=before, what="send"))
    assert late.status_code == 409
    client.post(url, data=form(client, "/kimeno", text=changed, before=changed, what="send"))
    desk.send()
    (sent,) = desk.sink.letters
    assert (sent["Message-ID"], sent["In-Reply-To"]) == (letter["message_id"], "<elso@mintafalu.hu>")
    assert [part.get_content_type() for part in sent.walk()] == ["multipart/alternative", "text/plain", "text/html"]
    assert "Tisztelt Jegyző Úr <3!" in desk.sink.text()
    assert "Tisztelt Jegyző Úr &lt;3!" in sent.get_payload(1).get_payload(decode=True).decode()


def test_the_catalogue_page_lists_the_synonyms(app):
    """As they stand in the file, those that may mean several programs too."""
    page = log_in(app, "néző").get("/katalogus").text
    assert "irat szakrendszer iktató" in page
    assert "KASZPER" in page


def test_an_officers_wording_of_a_program_is_understood(desk, app):
    """As on the catalogue page; what is in doubt is refused with the choices."""
    desk.round(request(without=("Szakrendszer",)))
    client = log_in(app, "ildiko")
    refused = client.post(
        "/ugy/ASPO-2026-000001/adatok",
        data=form(client, "/ugy/ASPO-2026-000001", number="1", **{"f-programs": "irat szakrendszer"}),
    )
    assert refused.status_code == 422
    assert "Irat - Iktató" in refused.text
    client.post(
        "/ugy/ASPO-2026-000001/adatok",
        data=form(client, "/ugy/ASPO-2026-000001", number="1", **{"f-programs": "pénztár; adó"}),
    )
    assert desk.case()["applicants"][0]["programs"] == ["PM-2758-2103-BS", "PM-2777-2105-BS"]


def test_trying_a_text_and_a_mail_on_the_catalogue_page(app):
    """What the program would make of it."""
    client = log_in(app, "néző")
    page = client.post("/katalogus", data={**form(client, "/katalogus"), "text": "iktató és a pénztár"}).text
    assert "Irat - Iktató" in page
    pasted = client.post("/katalogus", data={**form(client, "/katalogus"), "mail": request().decode()}).text
    assert "sorba kerül" in pasted
