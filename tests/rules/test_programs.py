"""The programs: each wish is exactly one of the catalogue (rules/programs.py)."""

from __future__ import annotations

from rules.hungarian.catalogue import programs
from rules.model import Facts, Finding
from rules.programs import check, wanted
from tests.rules.requests import applicant, asked, mention


def shorts(*wishes: str) -> list[str]:
    """The short names of what is wanted."""
    return [programs()[ident].short for ident in wanted(applicant(programs=wishes))]


def test_what_resolves_is_in_order() -> None:
    """By a short name, a synonym, an identifier."""
    assert list(check(asked(applicant(programs=("iktató", "KATI", "PM-2777-2105-BS"))), Facts())) == []


def test_none_is_asked_for() -> None:
    """The letter brings the table."""
    assert list(check(asked(applicant(programs=())), Facts())) == [Finding("programs.missing", 0)]


def test_what_does_not_resolve_is_asked_about_once() -> None:
    """With the choices where it may mean several; the same wish written twice is one."""
    irat = mention("Irat").programs
    wishes = ("ADÓ", "Irat", "Népmese", "Irat")
    assert list(check(asked(applicant(programs=wishes)), Facts())) == [
        Finding("programs.ambiguous", 0, "Irat", irat),
        Finding("programs.unknown", 0, "Népmese"),
    ]


def test_wanted_are_those_that_resolve_in_the_catalogues_order() -> None:
    """Kept even when another one of the same applicant does not."""
    assert shorts("Hagyaték", "Irat", "Irat - Iktató", "Népmese") == ["Irat - Iktató", "Hagyaték"]


def test_a_module_that_a_whole_program_contains_is_dropped() -> None:
    """Irat teljes contains every module but the alkalmazásgazda's."""
    assert shorts("Irat teljes", "Irat - Iktató", "alkalmazásgazda") == ["Irat teljes", "Irat alkalmazásgazda"]
