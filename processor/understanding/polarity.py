"""Whether a program that is named is asked for: by the words of its clause, else of its side of a contrast."""

from __future__ import annotations

import re
from typing import Literal

from .mentions import Mention
from .page import Page, words
from .units import Unit

Verdict = Literal["wanted", "refused", "open", ""]

_CLAUSE_END = re.compile(r"[,;:()]|\s[–-]\s|\b(?:de|hanem|mig)\b")
_SIDE_END = re.compile(r";|\b(?:de|hanem|mig)\b")
# Stands within the clause that it sets against the one before: "az Irat - Iktatót viszont ne".
_TURN = re.compile(r"\b(?:viszont|pedig|azonban|ellenben|ugyanakkor|most|inkabb|helyette|csak|kizarolag)\b")
_BREAK = re.compile(r"[,;.]")


def verdict(page: Page, unit: Unit, mention: Mention) -> Verdict:
    """wanted | refused | open, or "" where no word says anything."""
    folded = _without_programs(page, unit)
    for start, end in (*_around(folded, mention, _clause_ends(folded)), (0, len(folded))):
        said = polarity(folded[start:end])
        if said == {"wish"}:
            return "wanted"
        if len(said) > 1 and "wish" in said:
            return "open"
        if said:
            return "open" if said == {"maybe"} else "refused"
    return ""


def polarity(folded: str) -> set[str]:
    """What a piece of text says of the programs in it: wish, refused, done, maybe."""
    out = {name for name in ("refused", "done") if words("wish", name).search(folded)}
    for name in ("refused", "done"):
        folded = words("wish", name).sub(" ", folded)
    return out | {kind for kind, name in (("maybe", "maybe"), ("wish", "words")) if words("wish", name).search(folded)}


def clause(folded: str, start: int, end: int) -> str:
    """The clause around a place."""
    left = max((m.end() for m in _CLAUSE_END.finditer(folded, 0, start)), default=0)
    right = next((m.start() for m in _CLAUSE_END.finditer(folded, end)), len(folded))
    return folded[left:right]


def _without_programs(page: Page, unit: Unit) -> str:
    """Course names hold words that would speak of themselves ("kötelezettségvállalás")."""
    folded = unit.folded
    for mention in page.of(unit, "program"):
        folded = folded[: mention.start] + "_" * (mention.end - mention.start) + folded[mention.end :]
    return folded


def _clause_ends(folded: str) -> tuple[list[tuple[int, int]], list[tuple[int, int]]]:
    """The boundaries of clauses, and of the sides of a contrast."""
    turns = [_turn(folded, m.start()) for m in _TURN.finditer(folded)]
    clauses = [m.span() for m in _CLAUSE_END.finditer(folded)]
    sides = [m.span() for m in _SIDE_END.finditer(folded)]
    return sorted([*clauses, *turns]), sorted([*sides, *turns])


def _turn(folded: str, at: int) -> tuple[int, int]:
    """Where the clause of a turning word begins: at the last break before it."""
    breaks = [m.end() for m in _BREAK.finditer(folded, 0, at)]
    return (breaks[-1], breaks[-1]) if breaks else (at, at)


def _around(
    folded: str, mention: Mention, ends: tuple[list[tuple[int, int]], list[tuple[int, int]]]
) -> list[tuple[int, int]]:
    out = []
    for boundaries in ends:
        left = max((e for s, e in boundaries if e <= mention.start), default=0)
        right = min((s for s, e in boundaries if s >= mention.end), default=len(folded))
        out.append((left, right))
    return out
