"""What the reader cannot account for is open: nobody is queued on it, nothing is asked for that it might be (POLICY
section 5)."""

from __future__ import annotations

from typing import Any

import pytest

from processor.explain import explain
from tests.letters import mail, request

END = "\n\nÜdvözlettel:\nMinta Mária\n"
DATA = "Mintafalu Község Önkormányzata, PIR: 731234, Pest vármegye."
TWO = "Kérjük Kovács Anna (kovacs.anna@mintafalu.hu) és Nagy Béla (nagy.bela@mintafalu.hu) regisztrációját"


def opened(raw: bytes) -> tuple[str, list[str], dict[str, Any] | None]:
    """The decision, what is open, the reply."""
    got = explain(raw, "x").to_json()
    return got["decision"], [entry["text"] for entry in got["reading"]["open"]], got["reply"]


def written(text: str) -> bytes:
    return mail(f"Tisztelt Cím!\n\n{text}{END}")


def test_a_plain_request_leaves_nothing_open():
    """Labelled data, one applicant, one wish."""
    assert opened(request())[:2] == ("queue", [])


@pytest.mark.parametrize(
    "text",
    [
        f"{TWO} az ADÓ tananyagra, mindkettőjüknek. {DATA}",
        f"Kérjük az alábbi kollégák regisztrációját. {DATA}\n\n"
        "- Kovács Anna, kovacs.anna@mintafalu.hu: ADÓ\n- Nagy Béla, nagy.bela@mintafalu.hu: Keret",
    ],
)
def test_two_people_whose_wishes_are_plain(text):
    """The same for both, or each in an item of its own."""
    assert opened(written(text))[:2] == ("queue", [])


@pytest.mark.parametrize(
    ("text", "open_"),
    [
        (f"{TWO} az ADÓ tananyagra. {DATA} Szabó Ilona is itt dolgozik.", ""),
        (f"{TWO} az ADÓ tananyagra. {DATA} Van még: harmadik@mintafalu.hu", "harmadik@mintafalu.hu"),
        (f"{TWO} az ADÓ tananyagra. {DATA} A másik: 732318.", "732318"),
    ],
)
def test_what_belongs_to_nobody_holds_everybody(text, open_):
    """Whose a program is, a further person, address or number."""
    decision, entries, reply = opened(written(text))
    assert (decision, reply) == ("review", None)
    assert any(open_ in entry for entry in entries), entries  # "": whatever it is called


def test_each_of_two_has_what_is_said_of_the_place():
    """The former, the latter."""
    got = explain(written(f"{TWO}: az előbbinek az ADÓ, az utóbbinak a Keret tananyag kell. {DATA}"), "x").to_json()
    assert got["decision"] == "queue"
    assert [a["programs"] for a in got["applicants"]] == [["PM-2777-2105-BS"], ["PM-2872-2204-BS"]]


@pytest.mark.parametrize(
    "said",
    ["Anna az ADÓ tananyagot már elvégezte tavaly.", "Ha Anna mégis marad, az ADÓ kell neki.", "Anna kilépett tőlünk."],
)
def test_a_sentence_that_may_say_otherwise(said):
    """Already done, only perhaps, gone."""
    assert opened(request().replace("Üdvözlettel".encode(), f"{said}\n\nÜdvözlettel".encode()))[0] == "review"


def test_nothing_is_asked_for_that_the_mail_might_say():
    """A number without a label may be the PIR that is missing."""
    raw = request(without=("PIR",)).replace("Üdvözlettel".encode(), "Számunk 731234.\n\nÜdvözlettel".encode())
    assert opened(raw)[0] == "review"
    assert opened(request(without=("PIR",)))[0] == "ask"


def test_our_own_check_code_is_no_pir():
    """One in sixteen is made of digits alone."""
    raw = request(subject="RE: [ASPO-2026-000042] Regisztráció #731234")
    assert opened(raw)[:2] == ("queue", [])
    assert explain(request(("PIR",), subject="RE: regisztráció #731234"), "x").to_json()["applicants"][0]["pir"] is None


def test_data_without_a_wish_are_no_registration():
    """Somebody's data alone, sent without a word."""
    raw = (
        request()
        .replace("Kérem az alábbi kolléga regisztrációját:".encode(), b"")
        .replace(b"Szakrendszer: ", b"")
        .replace(b"Subject: =?utf-8?q?Regisztr=C3=A1ci=C3=B3?=", b"Subject: adatok")
    )
    assert opened(raw)[0] == "review"
