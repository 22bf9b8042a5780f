"""The whole policy: what is wrong with a request, all of it at once."""

from __future__ import annotations

from dataclasses import replace

from rules import check
from rules.model import Facts, Finding, Open
from tests.rules.requests import applicant, asked


def test_nothing_is_wrong_with_a_whole_applicant() -> None:
    """Every rule is silent."""
    assert check(asked(applicant()), Facts()) == ()


def test_an_empty_request_lacks_the_clerk_only() -> None:
    """Whom the mail does not name, no rule can ask about."""
    assert check(asked(recipients=()), Facts()) == (Finding("clerk.missing"),)


def test_what_an_officer_has_settled_is_not_found_again() -> None:
    """A lifted code, and an applicant taken out of the case."""
    doubtful = applicant(email="kiss.tamas@gmail.com")
    assert check(asked(doubtful), Facts()) == (Finding("email.other_person", 0, "kiss.tamas@gmail.com"),)
    assert check(asked(replace(doubtful, lifted=("email.other_person",))), Facts()) == ()
    assert check(asked(replace(applicant(name=(), pir=()), dropped=True)), Facts()) == ()


def test_all_findings_are_collected() -> None:
    """In the order of RULES; the attachment's last, because it depends on what is missing."""
    request = asked(
        applicant(name="Anna", pir=(), email="ado@falu.hu"),
        recipients=(),
        unreadable=("szkennelt.pdf",),
        open=(Open("Béla", "levéltörzs, 3. sor", "nem derül ki, kérelmező-e", 0),),
    )
    assert check(request, Facts()) == (
        Finding("name.missing", 0),
        Finding("pir.missing", 0),
        Finding("email.not_personal", 0, "ado@falu.hu"),
        Finding("clerk.missing"),
        Finding("reading.open", 0, "Béla"),
        Finding("attachment.unreadable", 0, "szkennelt.pdf"),
    )
