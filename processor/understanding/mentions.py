"""Everything in a unit that may matter: people, addresses, numbers, programs, counties, bodies. High recall; what each is for is decided later."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from rules.hungarian import counties as county
from rules.hungarian import courses
from rules.hungarian.courses import Found, Where
from rules.hungarian.words import fold
from rules.hungarian.names import eastern, is_full, tidy
from rules.pir import check_digit

from . import bodies, persons
from .cells import cell_values
from .spots import addresses, pirs, withdrawn
from .units import Unit

Sort = Literal["person", "address", "pir", "number", "program", "county", "body"]
_NUMBER = re.compile(r"(?<![\d/\-+.,])\d{3}[ .\-]?\d{3}(?![\d/\-])")
_LONGEST_NAME = 60
_BEHIND_NAME = re.compile(r"[(\[{;,/|\t:–—]|\s-\s|\d")


@dataclass(frozen=True, slots=True)
class Mention:
    """Something at unit.text[start:end]. `text`: its value; `found`: of a program; `sure`: it stood under its label."""

    sort: Sort
    unit: int
    start: int
    end: int
    text: str
    found: Found | None = None
    sure: bool = False
    taken_back: bool = False


def find(unit: Unit) -> list[Mention]:
    """All mentions of a unit, in order of place."""
    if unit.label == "ignore" and "@" in unit.text:
        return list(_addresses(unit))
    if unit.sort == "heading" or unit.label in {"ignore", "clerk_name", "clerk_email", "birth_name"} or re.search(r"leany|szulet|lanykor", fold(unit.said)):
        return []
    out = [*_people(unit), *_addresses(unit), *_numbers(unit), *_places(unit), *_programs(unit)]
    return sorted(out, key=lambda m: (m.start, m.end))


def _people(unit: Unit) -> Iterator[Mention]:
    spotted = persons.find(unit.text)
    for spot in spotted:
        yield Mention("person", unit.index, spot.start, spot.end, eastern(spot.name), sure=unit.label == "name")
    if spotted:
        return
    if unit.label == "name" or (unit.sort == "cell" and unit.label == "name"):
        name = persons.loose(unit.text)
    elif unit.sort in {"item", "cell"}:
        name = _leading_name(unit.text)
    else:
        return
    if name and is_full(name):
        head = name.split()[0]
        at = max(0, fold(unit.text).find(fold(head)))
        yield Mention("person", unit.index, at, min(len(unit.text), at + len(name)), persons.nominative(name), sure=unit.label == "name")


def _leading_name(text: str) -> str | None:
    """A name in the place where a list or a column has its names: two to four capitalised words and nothing else before a sign."""
    head = _BEHIND_NAME.split(re.sub(r"^\s*(?:[-–—•*·>o▪■●]\s*|\(?\d{1,2}\s?[.)/]{1,2}\s*|[a-h]\)\s*)", "", text), maxsplit=1)[0].strip()
    words = head.split()
    if not 2 <= len(words) <= 4 or len(head) > _LONGEST_NAME or bodies.is_body(head) or courses.find(head, Where.LABEL)[:1] and courses.find(head, Where.LABEL)[0].status != "unknown":
        return None
    if not all(w[0].isupper() for w in words) or any(persons.is_stop(w) for w in words):
        return None
    if county.recognise(head):
        return None
    from rules.hungarian.names import given

    return tidy(eastern(head)) if any(given(w) for w in words) else None


def _addresses(unit: Unit) -> Iterator[Mention]:
    if unit.label == "email":
        for value in cell_values("email", unit.text):
            at = max(0, unit.text.lower().find(value))
            yield Mention("address", unit.index, at, at + len(value), value, sure=True)
        return
    for start, end, text in addresses(unit.text):
        yield Mention("address", unit.index, start, end, text, taken_back=withdrawn(unit.folded, start, end))


def _numbers(unit: Unit) -> Iterator[Mention]:
    if unit.label == "pir" or (unit.said and re.search(r"\bpir|torzs", fold(unit.said)) and not unit.label):
        for value in cell_values("pir", unit.text):
            at = max(0, unit.text.find(value))
            yield Mention("pir", unit.index, at, at + len(value), value, sure=True)
        return
    labelled = pirs(f"{unit.said} {unit.text}" if unit.said and unit.label else unit.text)
    shift = len(unit.said) + 1 if unit.said and unit.label else 0
    taken = [(s - shift, e - shift) for s, e, _ in labelled]
    for start, end, text in labelled:
        yield Mention("pir", unit.index, max(0, start - shift), max(0, end - shift), text, sure=True)
    for match in _NUMBER.finditer(unit.text):
        if any(s < match.end() and match.start() < e for s, e in taken):
            continue
        digits = re.sub(r"\D", "", match.group())
        if check_digit(digits):
            yield Mention("number", unit.index, match.start(), match.end(), digits)


def _places(unit: Unit) -> Iterator[Mention]:
    if unit.label == "county":
        for value in cell_values("county", unit.text):
            yield Mention("county", unit.index, 0, len(unit.text), value, sure=True)
    elif unit.label == "municipality":
        for value in cell_values("municipality", unit.text):
            yield Mention("body", unit.index, 0, len(unit.text), value, sure=True)
        for start, end, official in county.find(unit.text):
            yield Mention("county", unit.index, start, end, official)
        return
    named = [] if unit.label else bodies.find(unit.text)
    for start, end, text in named:
        yield Mention("body", unit.index, start, end, text, taken_back=withdrawn(unit.folded, start, end))
    if unit.label == "county":
        return
    for start, end, official in county.find(unit.text):
        yield Mention("county", unit.index, start, end, official, taken_back=withdrawn(unit.folded, start, end))
    if not unit.label:
        yield from _bare_counties(unit, named)
    if not named and not unit.label:
        for start, end, text in bodies.work_places(unit.text):
            taken = [(s, e) for s, e, _ in county.find(unit.text)] + [(s.start, s.end) for s in persons.find(unit.text)]
            if not any(s < end and start < e for s, e in taken):
                yield Mention("body", unit.index, start, end, text)


_BARE = re.compile(r"(?:^|[,;|/(])\s*([^,;|/()]{2,30}?)\s*(?=[,;|/.)]|$)")


def _bare_counties(unit: Unit, named: list[tuple[int, int, str]]) -> Iterator[Mention]:
    """A county as a piece of its own: "…, Zala" or "(SZSZB)"; not the settlement of a body's name."""
    for match in _BARE.finditer(unit.text):
        text = match.group(1)
        official = county.recognise(text)
        if official and len(text) > 1 and not any(s <= match.start(1) < e for s, e, _ in named):
            if not county.find(unit.text[match.start(1) : match.end(1)]):
                yield Mention("county", unit.index, match.start(1), match.end(1), official)


def _programs(unit: Unit) -> Iterator[Mention]:
    if unit.label in {"email", "pir", "county", "municipality", "name"}:
        return
    where = Where.LABEL if unit.label.startswith("program") else Where.LIST
    text = unit.text
    for start, end, _ in [*addresses(text), *bodies.find(text)]:
        text = text[:start] + "§" * (end - start) + text[end:]
    for spot in persons.find(unit.text):
        text = text[: spot.start] + "§" * (spot.end - spot.start) + text[spot.end :]
    for found in courses.find(text, where):
        if found.end > found.start:
            yield Mention("program", unit.index, found.start, found.end, unit.text[found.start : found.end], found=found)
