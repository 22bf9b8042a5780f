"""The catalogue's data: every program, and what it is called in mails (`catalogue.toml`)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from rules.hungarian.lexicon import DataError, load, required
from rules.hungarian.words import key


@dataclass(frozen=True, slots=True)
class Program:
    id: str
    short: str
    probono: str
    contains: frozenset[str]
    note: str = ""


@dataclass(frozen=True, slots=True)
class Phrase:
    """One wording, as folded words. `level`: 0 counts anywhere, 1 beside a word of context, 2 only under a label."""

    words: tuple[str, ...]
    programs: tuple[str, ...]
    level: int
    common: bool = False  # an ordinary word too: in prose it needs its capital


@cache
def programs() -> dict[str, Program]:
    """Every program by its ProBono identifier, in the catalogue's order."""
    found: dict[str, Program] = {}
    for number, entry in enumerate(load("catalogue.toml").get("program", []), 1):
        required("catalogue.toml", entry, ("id", "short", "probono"), f"[[program]] number {number}")
        if entry["id"] in found:
            raise DataError(
                f'rules/hungarian/catalogue.toml: the id "{entry["id"]}" stands twice; every program needs its own.'
            )
        found[entry["id"]] = Program(
            entry["id"], entry["short"], entry["probono"], frozenset(entry.get("contains", ())), entry.get("note", "")
        )
    if not found:
        raise DataError("rules/hungarian/catalogue.toml holds no [[program]]; restore it from the release.")
    for program in found.values():
        for other in program.contains:
            if other not in found:
                raise DataError(
                    f'rules/hungarian/catalogue.toml: {program.id} contains "{other}", which is no program\'s id.'
                )
    return found


@cache
def phrases() -> tuple[Phrase, ...]:
    """Every wording of the catalogue, the longest first."""
    data, every = load("catalogue.toml"), tuple(programs())
    out: dict[tuple[str, ...], Phrase] = {}

    def add(wordings: Iterable[str], ids: tuple[str, ...], level: int, common: bool = False) -> None:
        for wording in wordings:
            words = tuple(key(wording).split())
            if words and words not in out:
                out[words] = Phrase(words, ids, level, common)

    for entry in data["program"]:
        ids: tuple[str, ...] = (entry["id"],)
        add((entry["short"],), ids, 1 if entry.get("common") else 0, bool(entry.get("common")))
        add((entry["probono"], *entry.get("names", ())), ids, 0)
        add(entry.get("words", ()), ids, 1)
        add(entry.get("labelled", ()), ids, 2)
    for entry in data.get("ambiguous", []):
        ids = every if entry["choices"] == ["*"] else tuple(entry["choices"])
        add(entry.get("names", ()), ids, 0)
        add(entry.get("words", ()), ids, 1)
        add(entry.get("labelled", ()), ids, 2)
    return tuple(sorted(out.values(), key=lambda p: (-len(p.words), -len(" ".join(p.words)))))


@dataclass(frozen=True, slots=True)
class Wordings:
    """What a program, or a wording that may mean several, is called in mails. `anywhere`: counts anywhere;
    `spoken_of`: only where programs are
    spoken of; `labelled`: only under a label or in a column of programs."""

    programs: tuple[str, ...]
    anywhere: tuple[str, ...] = ()
    spoken_of: tuple[str, ...] = ()
    labelled: tuple[str, ...] = ()


@cache
def wordings() -> tuple[Wordings, ...]:
    """Every program with its synonyms as the file has them, then the wordings that may mean several; for people to
    look at."""
    data, every = load("catalogue.toml"), tuple(programs())

    def listed(entry: Mapping[str, Any], ids: tuple[str, ...]) -> Wordings:
        return Wordings(
            ids, tuple(entry.get("names", ())), tuple(entry.get("words", ())), tuple(entry.get("labelled", ()))
        )

    alone = [listed(entry, (entry["id"],)) for entry in data["program"]]
    return (
        *alone,
        *(
            listed(entry, every if entry["choices"] == ["*"] else tuple(entry["choices"]))
            for entry in data.get("ambiguous", [])
        ),
    )
