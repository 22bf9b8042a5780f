"""The catalogue's data: every program, and what it is called in mails (`catalogue.toml`)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from rules.hungarian.lexicon import DataError, File, Table, load
from rules.hungarian.words import key

_EVERY = ["*"]  # as `choices`: every program

# Where a wording counts, and how the file calls the lists of such wordings.
ANYWHERE, SPOKEN_OF, LABELLED = 0, 1, 2
_WAYS = ("names", "words", "labelled")


@dataclass(frozen=True, slots=True)
class Program:
    """A course. `short`: its short name on the portal, byte for byte; `contains`: the identifiers it holds."""

    id: str
    short: str
    probono: str
    contains: frozenset[str]
    note: str = ""


@dataclass(frozen=True, slots=True)
class Phrase:
    """One wording, as folded words. `level`: ANYWHERE, SPOKEN_OF (beside a word of context) or LABELLED."""

    words: tuple[str, ...]
    programs: tuple[str, ...]
    level: int
    common: bool = False  # an ordinary word too: in prose it needs its capital


@dataclass(frozen=True, slots=True)
class Wordings:
    """What a program, or a wording that may mean several, is called in mails. `anywhere`: counts anywhere;
    `spoken_of`: only where programs are spoken of; `labelled`: only under a label or in a column of programs."""

    programs: tuple[str, ...]
    anywhere: tuple[str, ...] = ()
    spoken_of: tuple[str, ...] = ()
    labelled: tuple[str, ...] = ()


@cache
def programs() -> dict[str, Program]:
    """Every program by its ProBono identifier, in the catalogue's order."""
    file = load("catalogue.toml")
    found = _programs(file)
    file.refuse_doubles(_written(file), same=key)
    return found


def _programs(file: File) -> dict[str, Program]:
    found: dict[str, Program] = {}
    for number, entry in enumerate(file.data.get("program", []), 1):
        file.require(entry, ("id", "short", "probono"), f"[[program]] number {number}")
        if entry["id"] in found:
            raise file.fault(entry["id"], "is the id of two programs; every program needs its own.", occurrence=2)
        found[entry["id"]] = Program(
            entry["id"], entry["short"], entry["probono"], frozenset(entry.get("contains", ())), entry.get("note", "")
        )
    if not found:
        raise DataError("rules/hungarian/catalogue.toml holds no [[program]]; restore it from the release.")
    unknown = sorted(other for program in found.values() for other in program.contains - found.keys())
    if unknown:
        raise file.fault(unknown[0], "is contained in a program, but is no program's id; mend it.")
    return found


def _written(file: File) -> Iterator[str]:
    """Every wording of the file."""
    for entry in (*file.data["program"], *file.data.get("ambiguous", ())):
        yield from (entry[name] for name in ("short", "probono") if name in entry)
        for way in _WAYS:
            yield from entry.get(way, ())


@cache
def filler() -> frozenset[str]:
    """Folded words that may stand beside a program's name without meaning anything of their own."""
    return frozenset(word for text in load("catalogue.toml").data["filler"]["words"] for word in key(text).split())


@cache
def context_stems() -> tuple[str, ...]:
    """Beginnings of folded words that show that programs are spoken of."""
    return tuple(key(word) for word in load("catalogue.toml").data["filler"]["context"])


@cache
def context() -> re.Pattern[str]:
    """A pattern that matches a word of `context_stems`."""
    return re.compile("|".join(map(re.escape, context_stems())))


@cache
def wordings() -> tuple[Wordings, ...]:
    """Every program with its synonyms as the file has them, then the wordings that may mean several; for people to
    look at too."""
    data = load("catalogue.toml").data
    return (
        *(_listed(entry, (entry["id"],)) for entry in data["program"]),
        *(_listed(entry, _choices(entry)) for entry in data.get("ambiguous", ())),
    )


def _listed(entry: Table, ids: tuple[str, ...]) -> Wordings:
    return Wordings(ids, *(tuple(entry.get(way, ())) for way in _WAYS))


def _choices(entry: Table) -> tuple[str, ...]:
    return tuple(programs()) if entry["choices"] == _EVERY else tuple(entry["choices"])


@cache
def phrases() -> tuple[Phrase, ...]:
    """Every wording of the catalogue, the longest first."""
    return tuple(sorted(_phrases(), key=lambda p: (-len(p.words), -len(" ".join(p.words)))))


def _phrases() -> Iterator[Phrase]:
    data = load("catalogue.toml").data
    for program, entry in zip(programs().values(), data["program"], strict=True):
        common = bool(entry.get("common"))
        yield Phrase(_words(program.short), (program.id,), SPOKEN_OF if common else ANYWHERE, common)
        yield Phrase(_words(program.probono), (program.id,), ANYWHERE)
        yield from _called(entry, (program.id,))
    for entry in data.get("ambiguous", ()):
        yield from _called(entry, _choices(entry))


def _called(entry: Table, ids: tuple[str, ...]) -> Iterator[Phrase]:
    for level, way in enumerate(_WAYS):
        yield from (Phrase(_words(wording), ids, level) for wording in entry.get(way, ()))


def _words(wording: str) -> tuple[str, ...]:
    return tuple(key(wording).split())
