"""What an address or a form sent, and the officer whose act it is."""

from __future__ import annotations

from flask import g, request

from processor.acts.officer import Officer
from processor.desk.surroundings import about

HIGHEST = 1 << 62  # of a number in an address; databases count no further
_LONGEST = 20_000  # characters of a box; a letter's is never cut


def hands() -> Officer:
    """The officer's hands, on the case as the page showed it: the second of two to save is told what the first did."""
    return Officer(about().store, about().office, about().clock, g.user, seen=request.form.get("updated", ""))


def written(name: str) -> str:
    """A box of the form, without the white space around it."""
    return request.form.get(name, "").strip()[:_LONGEST]


def letter_text() -> str:
    """A letter's text, never cut: a letter to fifty applicants is long."""
    return request.form.get("text", "").replace("\r\n", "\n")


def applicant_number() -> int:
    """Which applicant of the case is meant, counted from 1."""
    return request.form.get("number", 1, type=int)


def before_row() -> int | None:
    """The row before which a list goes on; None at its beginning."""
    return min(request.args.get("elott", type=int) or 0, HIGHEST) or None
