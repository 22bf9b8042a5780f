"""The sender who is not to be trusted (rules/sender.py)."""

from __future__ import annotations

from rules.model import Facts, Finding
from rules.sender import check
from tests.rules.requests import applicant, asked


def test_a_sender_without_doubt_is_in_order() -> None:
    """Nothing speaks against it."""
    assert list(check(asked(applicant()), Facts())) == []


def test_doubt_holds_for_every_applicant() -> None:
    """The case stays as it was until a person has looked."""
    request = asked(applicant(), applicant(name="Kis Béla"), doubt="két feladó")
    assert list(check(request, Facts())) == [
        Finding("sender.unconfirmed", 0, "két feladó"),
        Finding("sender.unconfirmed", 1, "két feladó"),
    ]
