"""People who have an account already (rules/account.py)."""

from __future__ import annotations

import pytest

from rules.account import check
from rules.model import Account, Facts, Finding
from tests.rules.requests import applicant, asked, mention

ANNA = "kovacs.anna@falu.hu"
ADO = frozenset(mention("ADÓ").programs)


def known(programs: frozenset[str] = ADO, municipality: str = "") -> Facts:
    return Facts(accounts={ANNA: Account(ANNA, "Kovács Anna", programs, municipality=municipality)})


def test_who_has_no_account_is_no_remark() -> None:
    """Nor is one with another's address."""
    assert list(check(asked(applicant()), Facts())) == []
    assert list(check(asked(applicant(email="kovi75@gmail.com")), known())) == []


def test_who_asks_for_a_new_program_is_queued_for_it() -> None:
    """No remark; and none where no wish resolves, for it may be new."""
    assert list(check(asked(applicant(programs=("ADÓ", "Hagyaték"))), known())) == []
    assert list(check(asked(applicant(programs=())), known())) == []


@pytest.mark.parametrize("body", ["Falu Község Önkormányzata", "Falui Polgármesteri Hivatal", "FALU"])
def test_another_office_of_the_same_settlement_is_no_change(body: str) -> None:
    """Office and self-government count as the same place of work."""
    assert list(check(asked(applicant()), known(frozenset(), body))) == []


def test_who_asks_for_nothing_new_is_known() -> None:
    """A remark that alone makes the outcome `known`."""
    assert list(check(asked(applicant()), known())) == [Finding("account.known", 0, ANNA)]


@pytest.mark.parametrize(
    ("before", "now"), [("Kölesd", "Falu Község Önkormányzata"), ("Komoró Község Önkormányzata", "Kömörő Község")]
)
def test_another_place_of_work_is_for_a_person(before: str, now: str) -> None:
    """Even where the two settlements fold alike."""
    found = list(check(asked(applicant(municipality=now)), known(frozenset(), before)))
    assert found == [Finding("account.changed", 0, before)]
