"""What the reader could not account for (rules/open.py)."""

from __future__ import annotations

from rules.model import Facts, Finding, Open
from rules.open import check
from tests.rules.requests import applicant, asked

PEOPLE = (applicant(), applicant(name="Kis Béla"))


def test_a_mail_that_is_wholly_accounted_for_is_in_order() -> None:
    """So is an entry of somebody who is in the case no more."""
    assert list(check(asked(*PEOPLE), Facts())) == []
    assert list(check(asked(*PEOPLE, open=(Open("x", "1. sor", "?", 2),)), Facts())) == []


def test_it_is_whose_it_bears_on() -> None:
    """Nobody else waits."""
    assert list(check(asked(*PEOPLE, open=(Open("x", "1. sor", "?", 1),)), Facts())) == [
        Finding("reading.open", 1, "x")
    ]


def test_what_is_tied_to_nobody_holds_for_everybody() -> None:
    """Every applicant of the mail."""
    assert list(check(asked(*PEOPLE, open=(Open("x", "1. sor", "?"),)), Facts())) == [
        Finding("reading.open", 0, "x"),
        Finding("reading.open", 1, "x"),
    ]
