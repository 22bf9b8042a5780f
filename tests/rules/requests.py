"""Requests for the rules' tests: one whole applicant, of whom a test says only what it is about."""

from __future__ import annotations

from typing import Any

from rules.hungarian.courses import Where, find
from rules.model import Applicant, Evidence, Mention, Person, Request, Value

CLERK = Person("dr. Minta Jenő jegyző", "jegyzo@falu.hu")
WHOLE = {
    "name": "Kovács Anna",
    "municipality": "Falu Község Önkormányzata",
    "pir": "387105",
    "county": "Pest",
    "email": "kovacs.anna@falu.hu",
    "programs": "ADÓ",
}


def value(text: str) -> Value:
    """A value of the body."""
    return Value(text, Evidence("levéltörzs", 1, text))


def applicant(aliases: tuple[str, ...] = (), **fields: str | tuple[str, ...]) -> Applicant:
    """A whole applicant, but for the given fields: a text, several that disagree, or () for none."""
    values: dict[str, Any] = {}
    for field, given in (WHOLE | fields).items():
        texts = (given,) if isinstance(given, str) else given
        values[field] = tuple(map(mention if field == "programs" else value, texts))
    return Applicant(aliases=aliases, **values)


def mention(text: str) -> Mention:
    """The wish for a program that a text under a label is."""
    found = find(text, Where.LABEL)[0]
    return Mention(found.status, found.programs, value(text))


def asked(*applicants: Applicant, recipients: tuple[Person, ...] = (CLERK,), **about: Any) -> Request:
    """A request for these people, the clerk in copy."""
    return Request(applicants, recipients=recipients, **about)
