"""The county: one of the 19 or Budapest, in any usual form (rules/county.py)."""

from __future__ import annotations

import pytest

from rules.county import check
from rules.hungarian.counties import names
from rules.model import Body, Facts, Finding
from tests.rules.requests import applicant, asked

FALU = Facts(register={"387105": Body("387105", "Falu Község Önkormányzata", county="Pest")})


@pytest.mark.parametrize("county", ["Pest", "Pest vármegye", "Pest m.", "BAZ", "Heves megyeiek", "Budapest"])
def test_any_usual_form_is_in_order(county: str) -> None:
    """With megye, vármegye, shortened, inflected."""
    assert list(check(asked(applicant(county=county)), Facts())) == []


def test_the_registers_county_is_in_order() -> None:
    """However it is written; and where the register has no county, any is."""
    assert list(check(asked(applicant(county="Pest megye")), FALU)) == []
    bare = Facts(register={"387105": Body("387105", "Falu Község Önkormányzata")})
    assert list(check(asked(applicant(county="Zala")), bare)) == []


def test_none_is_asked_for_with_the_choices() -> None:
    """The letter lists them."""
    assert list(check(asked(applicant(county=())), Facts())) == [Finding("county.missing", 0, "", names())]


def test_what_is_no_county_is_asked_about_with_the_choices() -> None:
    """A region, a district."""
    found = list(check(asked(applicant(county="Dél-Dunántúl")), Facts()))
    assert found == [Finding("county.unknown", 0, "Dél-Dunántúl", names())]


def test_another_county_than_the_registers_is_asked_about() -> None:
    """The register knows the county of the PIR."""
    found = list(check(asked(applicant(county="Zala")), FALU))
    assert found == [Finding("county.other", 0, "Zala; a nyilvántartásban: Pest")]


def test_two_are_a_conflict() -> None:
    """Only a person can tell which is right."""
    found = list(check(asked(applicant(county=("Pest", "Heves"))), Facts()))
    assert found == [Finding("county.conflict", 0, "Pest / Heves")]
