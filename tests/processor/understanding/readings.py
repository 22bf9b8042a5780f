"""What a user notices of a reading, a line an applicant: "Kovács Anna <kovacs.anna> ADÓ, Keret". For the tests.

Addresses at bodrogkut.hu stand without their domain; "-" is nothing.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from processor.reading import read
from processor.understanding import Understood, understand
from rules.hungarian.catalogue import programs
from rules.model import Applicant
from tests.letters import DESK, mail

OWN = frozenset({DESK})
PLACE = "Munkahelyünk: Bodrogkút Község Önkormányzata, PIR: 731234, Pest vármegye."
SENDER = "Szalontai Etelka <szalontai.etelka@bodrogkut.hu>"
CLERK = "Bodrogkút Jegyző <jegyzo@bodrogkut.hu>"
_LINE = re.compile(r"(?P<name>.+) <(?P<addresses>.*)> (?P<courses>.+)")


@dataclass(frozen=True, slots=True)
class Reading:
    """`people`: a line each; `open`: what nothing accounts for, with the reason."""

    people: list[str]
    open: list[str]
    whole: Understood


def told(text: str, place: str = PLACE, **options: object) -> Reading:
    """A mail's text between greeting and signature, the place of work behind it."""
    sent: dict[str, Any] = {"sender": SENDER, "cc": CLERK, **options}
    return raw(mail(f"Tisztelt Cím!\n\n{text}\n\n{place}\n\nÜdvözlettel:\nSzalontai Etelka\n", **sent))


def raw(message: bytes) -> Reading:
    """A whole mail."""
    whole = understand(read(message, OWN), OWN)
    opened = [f"{entry.text} ({entry.why})" for entry in whole.request.open]
    return Reading([line(applicant) for applicant in whole.request.applicants], opened, whole)


def line(applicant: Applicant) -> str:
    """Name, address, courses."""
    courses = ", ".join(short(found.programs, found.value.text) for found in applicant.programs) or "-"
    addresses = " + ".join(value.text.removesuffix("@bodrogkut.hu") for value in applicant.email) or "-"
    return f"{applicant.one('name') or '-'} <{addresses}> {courses}"


def short(identifiers: tuple[str, ...], text: str) -> str:
    """What the portal calls a course; what was written, with a question mark, where it is not one course."""
    return programs()[identifiers[0]].short if len(identifiers) == 1 else f"{text}?"


def is_read(got: Reading, people: list[str]) -> None:
    """Exactly these applicants, and nothing open."""
    assert (got.people, got.open) == (people, []), f"{got.people}, open {got.open}"


def is_left_open(got: Reading, right: list[str], *words: str) -> None:
    """Something is open (each of the words, in some entry), and beside it nothing wrong is taken: no person, address
    or course that is not right."""
    assert got.open, f"nothing open: {got.people}"
    for word in words:
        assert any(word in text for text in got.open), got.open
    by_name = {found["name"]: found for text in right if (found := _LINE.fullmatch(text))}
    for text in got.people:
        found = _LINE.fullmatch(text)
        assert found, text
        if found["name"] != "-":
            assert found["name"] in by_name, f"no applicant: {text}"
            assert _taken(found) <= _taken(by_name[found["name"]]), f"{text}, right is {right}"


def _taken(found: re.Match[str]) -> set[str]:
    """The addresses and courses of a line."""
    return {*found["addresses"].split(" + "), *found["courses"].split(", ")} - {"-"}
