"""Which case a mail belongs to, and what it does there (POLICY sections 1 and 6)."""

from __future__ import annotations

from dataclasses import replace

import pytest

from processor.cases.place import Case, Placement, alone, place
from processor.cases.states import Status
from processor.reading import Mail, bounds, read
from rules import check
from rules.model import Facts, Kind
from tests.letters import DESK, mail, request

OWN = frozenset({DESK})
CLERK, STRANGER = "minta.maria@mintafalu.hu", "Idegen Ida <ida@masutt.hu>"


def a_case(raw: bytes, status: Status = Status.WAITING, **values: object) -> Case:
    """The case of a first mail, led to by its thread."""
    asked = alone(read(raw, OWN), OWN).request
    case = Case(1, "ASPO-2026-000001", status, asked, frozenset({CLERK}), findings=check(asked, Facts()))
    return replace(case, **values)  # type: ignore[arg-type]


def crowd(**options: str) -> Mail:
    """More addresses than can be compared with one another."""
    lines = "\n".join(f"ember{n}@mintafalu.hu" for n in range(bounds.MOST_PEOPLE + 10))
    return read(mail(f"Tisztelt Cím!\n\nKérjük a regisztrációt:\n{lines}\n", subject="Re: lista", **options), OWN)


@pytest.mark.parametrize(
    ("case", "expected"),
    [
        (None, ("new", bounds.TOO_MANY)),
        (a_case(request(without=("PIR",))), ("review", bounds.TOO_MANY)),
        (a_case(request(without=("PIR",)), found="sender"), ("new", bounds.TOO_MANY)),
        (a_case(request(), Status.QUEUED), ("review", f"válasz egy lezárult ügyben: {bounds.TOO_MANY}")),
        (
            a_case(mail("Elfelejtettem a jelszavam."), Status.ANSWERED),
            ("review", f"a válaszunk után is maradt kérdés: {bounds.TOO_MANY}"),
        ),
    ],
    ids=["no case", "waiting", "by its sender", "finished", "asked for nobody"],
)
def test_why_a_mail_was_too_much_is_said(case, expected):
    """Wherever it goes, the officer reads the reason."""
    placed = place(crowd(), OWN, case)
    assert (placed.action, placed.reason, placed.kind) == (*expected, Kind.OTHER)
    assert placed.request.applicants == (case.request.applicants if placed.action == "review" else ())


def test_why_a_strangers_mail_was_too_much_is_said():
    """Beside what is said of the stranger."""
    placed = place(crowd(sender=STRANGER, cc=""), OWN, a_case(request()))
    assert (placed.action, placed.kind) == ("new", Kind.OTHER)
    assert placed.reason == f"a feladó nem tartozik a hivatkozott ügyhöz (ASPO-2026-000001): {bounds.TOO_MANY}"


@pytest.mark.parametrize(
    ("case", "reason"),
    [
        (a_case(request(without=("PIR",))), "kérdés, visszavonás vagy más, amit munkatársnak kell megnéznie"),
        (a_case(request(), Status.QUEUED), "válasz egy lezárult ügyben"),
        (a_case(mail("Elfelejtettem a jelszavam."), Status.ANSWERED), "a válaszunk után is maradt kérdés"),
    ],
    ids=["waiting", "finished", "asked for nobody"],
)
def test_a_question_without_a_reason_of_its_own(case, reason):
    """The case says what it can."""
    placed = place(read(mail("Tisztelt Cím!\n\nMikor lesz ebből valami?\n", subject="Re: kérelem"), OWN), OWN, case)
    assert placed == Placement("review", Kind.OTHER, case.request, reason)


SIGNATURE = "\n\nÜdvözlettel:\nMinta Mária\nMintafalu Község Önkormányzata\nPest vármegye\n94/555-066\n"
PLACES = pytest.mark.parametrize(
    ("case", "asleep", "words"),
    [
        (a_case(request(without=("PIR", "Vármegye"))), ("note", "köszönet vagy tudomásulvétel"), ""),
        (a_case(request(without=("PIR", "Vármegye")), found="sender"), ("new", ""), ""),
        (a_case(request(), Status.QUEUED), ("note", "köszönet vagy tudomásulvétel"), "válasz egy lezárult ügyben: "),
    ],
    ids=["waiting", "by its sender", "finished"],
)


@PLACES
@pytest.mark.parametrize(
    "text",
    [
        "Köszönjük szépen!",
        "Köszönöm a gyors választ, hamarosan pótolom.",
        "Köszönöm, Kovács Anna hamarosan megküldi.",
        "Köszönjük, tudomásul vettük.",
    ],
)
def test_thanks_wakes_nobody(case, asleep, words, text):
    """Whatever the signature below it says, as it does under every mail."""
    placed = place(read(mail(text + SIGNATURE, subject="Re: kérelem"), OWN), OWN, case)
    assert (placed.kind, placed.action, placed.reason) == (Kind.ACKNOWLEDGEMENT, *asleep)


@PLACES
@pytest.mark.parametrize(
    ("text", "open_"),
    [
        ("Köszönjük, holnap Szabó Ilona is küld adatokat.", "Szabó Ilona"),
        ("Köszönjük. Nagy Béla már elment tőlünk.", "Nagy Béla"),
    ],
)
def test_thanks_with_something_open_goes_to_an_officer(case, asleep, words, text, open_):
    """Nothing is dropped silently: who else is spoken of stands in the reason."""
    placed = place(read(mail(text + SIGNATURE, subject="Re: kérelem"), OWN), OWN, case)
    reason = f"{words}köszönet, de tisztázandó is van benne: „{open_}” (nem derül ki, kérelmező-e)"
    assert placed == Placement("review", Kind.OTHER, case.request, reason)


@pytest.mark.parametrize("text", ["Köszönjük, Győrben vagyunk.", "Köszönjük, borsodiak vagyunk."])
def test_thanks_that_may_tell_what_is_missing(text):
    """A county by more than its beginning."""
    case = a_case(request(without=("Vármegye",)))
    placed = place(read(mail(text + SIGNATURE, subject="Re: kérelem"), OWN), OWN, case)
    assert (placed.action, placed.reason) == (
        "review",
        f"köszönet, de tisztázandó is van benne: „{text}” (ez is lehet: vármegye)",
    )
