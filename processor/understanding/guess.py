"""A label that no list knows ("Postaládája: ...", "Akit be kell írni: ..."), told by what stands behind it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from rules.hungarian import counties, courses
from rules.hungarian.courses import Where
from rules.hungarian.lexicon import load
from rules.hungarian.names import given, nicknames
from rules.hungarian.words import fold

from . import bodies, persons
from .spots import addresses

_LINE = re.compile(
    r"^[\s\-–•*·>]*(?:\d{1,2}[.)]\s*)?(?P<said>[^:@]{2,60}?)\s*(?:\([^)]{1,60}\))?\s*:\s+(?P<value>\S.*)$"
)
_MOST_WORDS = 8  # of a label; more are a sentence with a colon
_NEARLY_ALL = 0.6  # of a value's characters that what it is must cover


@dataclass(frozen=True, slots=True)
class Guess:
    """`field` as in labels.toml, "" where the value is mixed; `said`: the label as written, with its colon."""

    field: str
    value: str
    said: str


def label(text: str) -> Guess | None:
    """The label and value of a line; None where it is a sentence, or somebody's name stands before the colon."""
    match = _LINE.match(text)
    if match is None:
        return None
    said, value = match["said"], match["value"].strip()
    if not said[:1].isupper() or courses.find(said, Where.LIST):
        return None
    if len(said.split()) > _MOST_WORDS or persons.find(said) or _is_name(said) or _is_announcement(value):
        return None
    field = _field(value)
    if field is None:
        return None
    return Guess("ignore" if field and _is_none_of_ours(said) else field, value, said + ":")


def _field(value: str) -> str | None:
    """What a value is, where it is one thing; None where it is nothing that we look for."""
    found = addresses(value)
    spotted = persons.find(value)
    if len(found) == 1 and not spotted and _covers(value, found[0][1] - found[0][0]):
        return "email"
    if counties.recognise(value):
        return "county"
    if len(spotted) == 1 and not found and _covers(value, spotted[0].end - spotted[0].start):
        return "name"
    if _is_programs(value):
        return "programs"
    return "municipality" if len(value) < 90 and bodies.is_body(value) and not found and not spotted else None


def _covers(value: str, characters: int) -> bool:
    return characters >= _NEARLY_ALL * len(value)


def _is_programs(value: str) -> bool:
    found = courses.find(value, Where.LIST)
    said = sum(f.end - f.start for f in found if f.status != "unknown")
    return bool(found) and said >= 0.5 * len(value) and not addresses(value) and not persons.find(value)


def _is_name(said: str) -> bool:
    """A given name or nickname alone: "Dóra: ..." is somebody's line."""
    words = said.split()
    return len(words) == 1 and words[0][0].isupper() and (given(words[0]) is not None or fold(words[0]) in nicknames())


def _is_announcement(value: str) -> bool:
    return value.endswith(":")


def _is_none_of_ours(said: str) -> bool:
    return bool(_others().search(fold(said)))


@cache
def _others() -> re.Pattern[str]:
    file = load("roles.toml")
    return file.beginnings(file.data["label"]["none_of_ours"])
