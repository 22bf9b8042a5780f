"""An attachment that cannot be read while data are missing (rules/attachment.py)."""

from __future__ import annotations

from rules.attachment import check
from rules.model import Facts, Finding
from tests.rules.requests import applicant, asked

MISSING = (Finding("pir.missing", 1), Finding("clerk.missing"), Finding("email.invalid", 0, "x@y"))


def test_with_all_the_data_elsewhere_it_changes_nothing() -> None:
    """A value that is wrong is not missing, and the clerk is no applicant's."""
    request = asked(applicant(), unreadable=("kep.jpg",))
    assert list(check(request, Facts())) == []
    assert list(check(request, Facts(), MISSING)) == []


def test_readable_attachments_change_nothing() -> None:
    """What is missing is asked for."""
    assert list(check(asked(applicant(), applicant()), Facts(), MISSING)) == []


def test_who_lacks_something_waits_for_a_person() -> None:
    """It may stand in the attachment."""
    request = asked(applicant(), applicant(pir=()), unreadable=("kep.jpg", "terv.pdf"))
    assert list(check(request, Facts(), MISSING)) == [Finding("attachment.unreadable", 1, "kep.jpg, terv.pdf")]
