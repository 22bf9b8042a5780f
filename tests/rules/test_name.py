"""The name: a family and a given name (rules/name.py)."""

from __future__ import annotations

import pytest

from rules.model import Facts, Finding
from rules.name import check
from tests.rules.requests import applicant, asked


@pytest.mark.parametrize("name", ["Kovács Anna", "Nagy Jánosné", "dr. Vad Ödön", "Kiss-Nagy Éva", "M. Kiss Judit"])
def test_a_full_name_is_in_order(name: str) -> None:
    """Two parts at least, titles not counted."""
    assert list(check(asked(applicant(name=name)), Facts())) == []


@pytest.mark.parametrize("name", [(), "Anna", "dr. Anna", "Kovács, dr."])
def test_a_single_word_is_no_name(name: str | tuple[str, ...]) -> None:
    """A title does not make it two."""
    assert list(check(asked(applicant(name=name)), Facts())) == [Finding("name.missing", 0)]


def test_two_names_are_a_conflict() -> None:
    """Only a person can tell which is right."""
    request = asked(applicant(), applicant(name=("Kovács Anna", "Kovács Annamária")))
    assert list(check(request, Facts())) == [Finding("name.conflict", 1, "Kovács Anna / Kovács Annamária")]
