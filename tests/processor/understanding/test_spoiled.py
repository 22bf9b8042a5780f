"""Right answers spoiled on purpose: what reads a mail rightly does not agree with a wrong answer to it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from copy import deepcopy
from dataclasses import dataclass
from itertools import chain

import pytest

from processor.explain import explain
from processor.reading import Mail
from rules.hungarian.catalogue import programs
from rules.hungarian.counties import names as counties
from rules.hungarian.courses import refused
from tests.accuracy import CORPUS, Answer, wrong

STOPPED = 0.98  # of the spoiled answers
PIR, OTHER_PIR = "731234", "731245"


@dataclass(frozen=True)
class Right:
    """A mail whose reading is closed and right."""

    mail: Mail
    people: list[Answer]


@pytest.fixture(scope="module")
def rightly_read() -> list[Right]:
    """Those of the corpus in which somebody is asked for."""
    out = []
    for path in sorted((CORPUS / "registration").glob("*.eml")):
        one = explain(path.read_bytes(), path.name)
        right = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
        if not one.understood.request.open and right["applicants"] and not wrong(right, one.to_json()):
            out.append(Right(one.mail, one.to_json()["applicants"]))
    return out


def agree(mine: list[Answer], others: list[Answer]) -> bool:
    """Whether two readings find the same people with the same values; the order of people and courses is no matter."""
    fields = ("name", "municipality", "pir", "county", "email")

    def plain(people: list[Answer]) -> list[str]:
        return sorted(repr(([a[field] for field in fields], sorted(a["programs"]))) for a in people)

    return plain(mine) == plain(others)


# ---------------------------------------------------------------- ways to spoil; nothing where a way does not apply

Spoiled = Iterator[list[Answer]]


def _changed(people: list[Answer], index: int, **fields: object) -> list[Answer]:
    out = deepcopy(people)
    out[index] |= fields
    return out


def owners_swapped(right: Right) -> Spoiled:
    """Two applicants have each other's address."""
    people = right.people
    for i, (a, b) in enumerate(zip(people, people[1:], strict=False)):
        if a["email"] != b["email"]:
            yield _changed(_changed(people, i, email=b["email"]), i + 1, email=a["email"])


def another_address(right: Right) -> Spoiled:
    """The sender's or a recipient's is taken for the applicant's."""
    known = [person.address for person in (right.mail.sender, *right.mail.cc) if person]
    for i, a in enumerate(right.people):
        yield from (_changed(right.people, i, email=address) for address in known if address != a["email"])


def a_program_more(right: Right) -> Spoiled:
    """A course of which nobody speaks."""
    for i, a in enumerate(right.people):
        more = next(program for program in sorted(programs()) if program not in a["programs"])
        yield _changed(right.people, i, programs=[*a["programs"], more])


def a_program_less(right: Right) -> Spoiled:
    """The last course of somebody is left out."""
    for i, a in enumerate(right.people):
        if a["programs"]:
            yield _changed(right.people, i, programs=a["programs"][:-1])


def a_person_dropped(right: Right) -> Spoiled:
    """One of several."""
    if len(right.people) > 1:
        yield from (right.people[:i] + right.people[i + 1 :] for i in range(len(right.people)))


def a_second_pir(right: Right) -> Spoiled:
    """In the place of the applicant's."""
    for i, a in enumerate(right.people):
        yield _changed(right.people, i, pir=OTHER_PIR if a["pir"] == PIR else PIR)


def a_refused_program_taken(right: Right) -> Spoiled:
    """A course that the mail expressly does not want."""
    unwanted = refused(right.mail.written())
    for i, a in enumerate(right.people):
        yield from (
            _changed(right.people, i, programs=[*a["programs"], program])
            for program in sorted(unwanted - set(a["programs"]))
        )


def county_changed(right: Right) -> Spoiled:
    """The next one in the list."""
    for i, a in enumerate(right.people):
        other = next(county for county in sorted(counties()) if county != a["county"])
        yield _changed(right.people, i, county=other)


WAYS: list[tuple[Callable[[Right], Spoiled], int]] = [
    (owners_swapped, 50),
    (another_address, 200),
    (a_program_more, 200),
    (a_program_less, 200),
    (a_person_dropped, 50),
    (a_second_pir, 200),
    (a_refused_program_taken, 5),
    (county_changed, 200),
]


@pytest.mark.parametrize(("way", "fewest"), WAYS, ids=[way.__name__ for way, _ in WAYS])
def test_no_reading_agrees_with_a_spoiled_answer(
    rightly_read: list[Right], way: Callable[[Right], Spoiled], fewest: int
):
    """At least 98 of a hundred are told from what the mail says. `fewest`: answers, so that the test says something."""
    judged = list(chain.from_iterable(((one, spoiled) for spoiled in way(one)) for one in rightly_read))
    stopped = [one for one, spoiled in judged if not agree(one.people, spoiled)]
    assert len(judged) >= fewest
    assert len(stopped) >= STOPPED * len(judged)


def test_every_reading_agrees_with_itself(rightly_read: list[Right]):
    """Read again, in another order of people: so that the tests above can fail."""
    assert len(rightly_read) >= 100
    assert all(agree(one.people, one.people[::-1]) for one in rightly_read)
