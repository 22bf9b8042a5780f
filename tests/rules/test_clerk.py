"""The clerk in copy, once a mail (rules/clerk.py)."""

from __future__ import annotations

import pytest

from rules.clerk import check
from rules.model import Body, Facts, Finding, Person
from tests.rules.requests import CLERK, applicant, asked

SOMEBODY = Person("Minta Jenő", "minta.jeno@falu.hu")


@pytest.mark.parametrize(
    "person",
    [
        CLERK,
        Person("", "jegyzo@falu.hu"),
        Person("", "falujegyzo@gmail.com"),
        Person("Dr. Minta Jenő címzetes főjegyző", "minta@falu.hu"),
    ],
)
def test_a_clerk_among_the_recipients_or_the_sender_is_in_order(person: Person) -> None:
    """By the local part or the display name."""
    assert list(check(asked(applicant(), recipients=(SOMEBODY, person)), Facts())) == []
    assert list(check(asked(applicant(), recipients=(), sender=person), Facts())) == []


@pytest.mark.parametrize("named", ["dr. Minta Jenő", "minta.jeno@falu.hu"])
def test_whom_the_mail_calls_the_clerk_is_in_order(named: str) -> None:
    """By name or by address."""
    assert list(check(asked(applicant(), recipients=(SOMEBODY,), clerks_named=(named,)), Facts())) == []


def test_a_clerk_of_the_register_or_of_an_earlier_mail_is_in_order() -> None:
    """The desk may have loaded the addresses; a case needs the copy once."""
    register = {"387105": Body("387105", "Falu", clerk_address=SOMEBODY.address)}
    assert list(check(asked(applicant(), recipients=(SOMEBODY,)), Facts(register=register))) == []
    assert list(check(asked(applicant(), recipients=(), clerk_before=True), Facts())) == []


def test_nobody_in_copy() -> None:
    """A name in the mail alone is no copy."""
    request = asked(applicant(), recipients=(), sender=SOMEBODY, clerks_named=("Nagy Béla", "jegyzo@falu.hu"))
    assert list(check(request, Facts())) == [Finding("clerk.missing")]


@pytest.mark.parametrize(
    "person",
    [
        SOMEBODY,
        Person("Jegyzői titkárság", "titkarsag@falu.hu"),
        Person("", "jegyzoiiroda@falu.hu"),
        Person("Kis Éva jegyzői referens", "kis.eva@falu.hu"),
    ],
)
def test_somebody_who_is_not_known_for_the_clerk(person: Person) -> None:
    """The clerk's office is not the clerk."""
    request = asked(applicant(), applicant(name="Kis Béla"), recipients=(person,))
    assert list(check(request, Facts())) == [Finding("clerk.unconfirmed")]
