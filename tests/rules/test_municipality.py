"""The municipality: an organisation, or a settlement given as the place of work (rules/municipality.py)."""

from __future__ import annotations

import pytest

from rules.model import Facts, Finding
from rules.municipality import check
from tests.rules.requests import applicant, asked


@pytest.mark.parametrize("body", ["Falu Község Önkormányzata", "Kölesdi Közös Önkormányzati Hivatal", "Kölesd"])
def test_a_named_body_is_in_order(body: str) -> None:
    """So is a settlement; the understanding offers none that is a postal address only."""
    assert list(check(asked(applicant(municipality=body)), Facts())) == []


def test_none_is_asked_for() -> None:
    """Nothing says where the applicant works."""
    assert list(check(asked(applicant(municipality=())), Facts())) == [Finding("municipality.missing", 0)]


def test_two_are_a_conflict() -> None:
    """Only a person can tell which is right."""
    request = asked(applicant(municipality=("Kölesd", "Komoró")))
    assert list(check(request, Facts())) == [Finding("municipality.conflict", 0, "Kölesd / Komoró")]
