"""The clerk in copy (POLICY section 4), once a mail: "Satisfied when a recipient other than our own address, in To or
Cc, is the jegyző, or the sender is. Who is a jegyző: the local part or the display name says so; or the mail itself
names that person or address as the jegyző; or a register of clerks that the desk has loaded."
"""

from __future__ import annotations

from collections.abc import Iterator

from rules.hungarian.clerks import is_called, is_clerk_address, says_clerk
from rules.model import Facts, Finding, Person, Request

CODES = {
    "clerk.missing": (
        "Kérjük, hogy válaszát a jegyző egyidejű másolatba tételével küldje meg: "
        "kérelmet csak így áll módunkban teljesíteni."
    ),
    "clerk.unconfirmed": (
        "Nem látjuk, hogy a levél másolatának címzettjei között van-e a jegyző. "
        "Kérjük, tegye másolatba a jegyzőt, vagy jelezze, melyik címzett az."
    ),
}


def is_clerk(person: Person, request: Request, facts: Facts) -> bool:
    """Whether this sender or recipient is the jegyző, by all that the mail and the register say."""
    if is_clerk_address(person.address) or says_clerk(person.name) or person.address in request.clerks_named:
        return True
    names = [name for name in request.clerks_named if "@" not in name]
    if any(is_called(name, person.name, person.address) for name in names):
        return True
    return any(person.address == body.clerk_address for body in facts.register.values() if body.clerk_address)


def in_copy(request: Request, facts: Facts) -> bool:
    """Whether the clerk is among the recipients, is the sender, or was in copy in an earlier mail of the case."""
    people = (*request.recipients, *((request.sender,) if request.sender else ()))
    return request.clerk_before or any(is_clerk(person, request, facts) for person in people)


def check(request: Request, facts: Facts) -> Iterator[Finding]:
    if not in_copy(request, facts):
        yield Finding("clerk.unconfirmed" if request.recipients else "clerk.missing")
