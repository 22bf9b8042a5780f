"""Bare values in an answer: "731234, Pest" counts without labels for what our letter asked for, and for nothing else (POLICY section 6)."""

from __future__ import annotations

import re

from rules.hungarian import counties
from rules.hungarian.courses import Where
from rules.hungarian.courses import find as find_programs
from rules.hungarian.names import is_full
from rules.hungarian.words import fold, squeeze
from rules.model import Evidence, Value

from . import bodies, persons
from .draft import Scrap, mention

_PIECE = re.compile(r"[,;|]|\s[-–—]\s|\bés\b|\s{3,}|\.\s+|\.$")
_PIR = re.compile(r"(?<![\d\-/+])(\d{3}[ .\-–]?\d{3})(?![\d\-/])")
_GREETING = re.compile(r"^\s*(?:tisztelt|kedves|szia|hello|udvozl|jo (?:napot|reggelt|estet))")
_FEW_WORDS = 8  # of a bare list of programs; in a sentence "kérésére" is no mistyped "Keret"
_LONGEST = 60  # characters of a bare name of a place; more is a sentence


def values(line: str, expected: frozenset[str], number: int, where: Evidence, before: list[Scrap]) -> list[Scrap]:
    """What the line gives of the expected fields beyond `before` (what labels and unmistakable forms gave already)."""
    have = {s.field for s in before}
    out: list[Scrap] = []

    def add(field: str, text: str) -> None:
        out.append(Scrap(field, number, line.find(text) if text in line else 0, Value(text, where, text)))

    if (
        "pir" in expected
        and "pir" not in have
        and (found := _PIR.findall(line))
        and not re.search(r"tel|fax|mobil|ado|szamla", fold(line))
    ):
        for text in found:
            add("pir", text)
    if "programs" in expected and "programs" not in have and not _GREETING.match(fold(line)):
        mentions = find_programs(
            line, Where.LABEL if len(line.split()) <= _FEW_WORDS and not persons.find(line) else Where.LIST
        )
        if mentions and all(m.status != "unknown" for m in mentions):
            out += [Scrap("programs", number, m.start, program=mention(m, line, where)) for m in mentions]
    for piece in _PIECE.split(line):
        text = squeeze(piece).strip(" .!-–")
        if not text or len(text) > _LONGEST or any(c.isdigit() for c in text) or "@" in text:
            continue
        official = counties.recognise(text)
        if "county" in expected and "county" not in have and official and len(text.split()) <= 3:
            add("county", official)
        elif (
            "municipality" in expected
            and "municipality" not in have
            and not official
            and text[0].isupper()
            and len(text.split()) == 1
            and bodies.is_body(f"{text} Község Önkormányzata")
            and not persons.is_stop(text)
            and line.strip(" .") == text
        ):
            add("municipality", text)
    if "name" in expected and "name" not in have and not persons.find(line):
        name = persons.loose(line.strip())
        if (
            name
            and is_full(name)
            and len(line.split()) <= 4
            and not out
            and not have
            and name.split()[0][0].isupper()
            and line.strip().istitle()
        ):
            add("name", name)
    return out
