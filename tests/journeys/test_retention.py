"""Personal data end when their time has come, or when their person says so; the numbers stay."""

from __future__ import annotations

import base64

from processor.acts.retention import erase_person, expire, export_person
from processor.service.figures import figures
from processor.settings import Retention
from tests.letters import mail, request

WHO = "kovacs.anna@mintafalu.hu"


def everything(desk) -> str:
    """All text of the database."""
    with desk.parts.store.begin() as session:
        run = session.connection.exec_driver_sql
        tables = [
            row[0] for row in run("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'")
        ]
        out = [
            str(tuple(bytes(v).decode("utf-8", "replace") if isinstance(v, bytes) else v for v in row))
            for table in tables
            for row in run(f"SELECT * FROM {table}")
        ]
    return "\n".join(out)


def test_raw_mails_go_first_then_the_people(desk):
    """Of finished cases only; what waits is kept."""
    desk.round(
        request(),
        request(
            message_id="<b@b.hu>", without=("PIR",), values={"Név": "Nagy Béla", "E-mail": "nagy.bela@mintafalu.hu"}
        ),
    )
    desk.export()
    desk.send()
    desk.clock.forward(days=500)
    assert expire(desk.parts.store, Retention(mail_days=400, person_days=1100), desk.clock) == {
        "mails": 1,
        "letters": 2,
        "cases": 0,
    }
    with desk.parts.store.begin() as session:
        assert [bool(session.mails.raw(row["id"])) for row in session.mails.ledger()] == [False, True]
        before = figures(session)
    desk.clock.forward(days=700)
    assert expire(desk.parts.store, Retention(mail_days=400, person_days=1100), desk.clock)["cases"] == 1
    assert desk.parts.export.forget() == 1
    assert not list(desk.parts.export.settings.folder.rglob("*.csv"))
    kept = everything(desk)
    assert "Kovács" not in kept
    assert WHO not in kept
    assert "Nagy Béla" in kept
    with desk.parts.store.begin() as session:
        assert figures(session) == before, "the numbers stay"


def test_a_person_gets_all_that_is_stored(desk):
    """Article 15."""
    desk.round(request())
    out = export_person(desk.parts.store, WHO.upper(), "ildiko", desk.clock)
    assert (out["applicant"][0]["name"], out["cases"][0]["reference"]) == ("Kovács Anna", "ASPO-2026-000001")


def test_a_person_is_erased_everywhere(desk):
    """Article 17: cases, batches, letters and mails; the others of the case stay."""
    two = (
        "Név: Kovács Anna\nE-mail: kovacs.anna@mintafalu.hu\nSzakrendszer: ADÓ\n\n"
        "Név: Nagy Béla\nE-mail: nagy.bela@mintafalu.hu\nSzakrendszer: ELÜGY\n"
    )
    desk.round(
        mail(
            "Kérem két kolléga regisztrációját:\n\n"
            f"Önkormányzat: Mintafalu Község Önkormányzata\nPIR: 731234\nVármegye: Pest\n\n{two}"
        )
    )
    desk.export()
    desk.send()
    assert erase_person(desk.parts.store, WHO, "ildiko", desk.clock) > 0
    desk.parts.export.forget()
    assert not list(desk.parts.export.settings.folder.rglob("*.csv")), "the files on disk go too"
    assert [a["name"] for a in desk.case()["applicants"]] == [None, "Nagy Béla"]
    left = everything(desk)
    assert WHO not in left
    assert "Kovács" not in left
    assert base64.b64encode("Kovács".encode())[:6].decode() not in left
    assert export_person(desk.parts.store, WHO, "ildiko", desk.clock) == {
        "address": WHO,
        "account": None,
        "applicant": [],
        "cases": [],
        "letters": [],
    }
