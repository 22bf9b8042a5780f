"""The address: one, valid, the applicant's own (rules/email.py)."""

from __future__ import annotations

import pytest

from rules.email import check
from rules.model import Account, Facts, Finding
from tests.rules.requests import applicant, asked

ANNA = "kovacs.anna@falu.hu"


def registered(name: str) -> Facts:
    """Somebody of that name has an account with Anna's address."""
    return Facts(accounts={ANNA: Account(ANNA, name)})


@pytest.mark.parametrize(
    ("name", "address"),
    [
        ("Kovács Anna", "kovi75@gmail.com"),
        ("Jegyző Anna", "jegyzo.anna@falu.hu"),
        ("Nagy Jánosné", "nagy.eva@falu.hu"),
        ("Kovács Anna", "panni.kovacs@gmail.com"),
    ],
)
def test_the_applicants_own_is_in_order(name: str, address: str) -> None:
    """A nickname, a name that is a word of office, a wife's own given name."""
    assert list(check(asked(applicant(name=name, email=address)), Facts())) == []


def test_a_name_at_birth_explains_the_address() -> None:
    """It is one of the applicant's names."""
    doubtful = applicant(email="szabo.anna@falu.hu")
    assert list(check(asked(doubtful), Facts())) == [Finding("email.other_person", 0, "szabo.anna@falu.hu")]
    assert list(check(asked(applicant(aliases=("Szabó Anna",), email="szabo.anna@falu.hu")), Facts())) == []


@pytest.mark.parametrize("name", ["Kovács Anna", "dr. Kovács Anna", "KOVACS ANNA", "Kovács Anna Mária", ""])
def test_an_account_of_the_same_person_is_in_order(name: str) -> None:
    """A title, a second given name, the order and accents make no other person; an account without a name says
    nothing."""
    assert list(check(asked(applicant()), registered(name))) == []


@pytest.mark.parametrize("address", [(), "kovacs.anna"])
def test_none_is_asked_for(address: str | tuple[str, ...]) -> None:
    """What holds no @ is no address at all."""
    assert list(check(asked(applicant(email=address)), Facts())) == [Finding("email.missing", 0)]


@pytest.mark.parametrize("address", ["kovacs.anna@falu", "kovács.anna@falu.hu", "kovacs anna@falu.hu"])
def test_what_is_no_address_is_asked_about(address: str) -> None:
    """A domain without a dot, an accent, a space."""
    assert list(check(asked(applicant(email=address)), Facts())) == [Finding("email.invalid", 0, address)]


@pytest.mark.parametrize("address", ["penzugy@falu.hu", "falu@t-online.hu", "kovacs.penzugy@falu.hu"])
def test_an_offices_is_not_personal(address: str) -> None:
    """Alone or beside the person; the settlement is the municipality's."""
    assert list(check(asked(applicant(email=address)), Facts())) == [Finding("email.not_personal", 0, address)]


def test_one_address_for_two_is_shared() -> None:
    """Both get the code, and every other code that applies."""
    box = "penzugy@falu.hu"
    assert list(check(asked(applicant(), applicant(name="Kovács Béla", email=ANNA)), Facts())) == [
        Finding("email.shared", 0, ANNA),
        Finding("email.shared", 1, ANNA),
    ]
    assert list(check(asked(applicant(email=box), applicant(name="Kis Béla", email=box)), Facts())) == [
        Finding("email.shared", 0, box),
        Finding("email.not_personal", 0, box),
        Finding("email.shared", 1, box),
        Finding("email.not_personal", 1, box),
    ]


def test_somebody_elses_account_is_shared() -> None:
    """Registered already under another name."""
    assert list(check(asked(applicant()), registered("Kovács Péter"))) == [Finding("email.shared", 0, ANNA)]


def test_another_persons_full_name() -> None:
    """Of nobody in the mail: a person looks. Of another applicant: a mistake to ask about."""
    tamas = applicant(name="Kiss Tamás", email="tamas.kiss@gmail.com")
    crossed = applicant(email="kiss.tamas@falu.hu")
    assert list(check(asked(crossed), Facts())) == [Finding("email.other_person", 0, "kiss.tamas@falu.hu")]
    assert list(check(asked(crossed, tamas), Facts())) == [Finding("email.shared", 0, "kiss.tamas@falu.hu")]


def test_two_addresses_are_a_conflict() -> None:
    """Only a person can tell which is right."""
    found = list(check(asked(applicant(email=(ANNA, "anna@gmail.com"))), Facts()))
    assert found == [Finding("email.conflict", 0, f"{ANNA} / anna@gmail.com")]
