"""Whether a program that is named is asked for: by the words of its clause, else of its side of a contrast."""

from __future__ import annotations

import re
from typing import Literal

from rules.hungarian.words import fold

from .mentions import Mention
from .page import Page, words
from .units import Unit

Verdict = Literal["wanted", "refused", "open", ""]

_CLAUSE_END = re.compile(r"[,;:()]|\s[–-]\s|\b(?:de|hanem|mig)\b")
_SIDE_END = re.compile(r"[;()]|\b(?:de|hanem|mig)\b")
# Stands within the clause that it sets against the one before: "az Irat - Iktatót viszont ne".
_TURN = re.compile(r"\b(?:viszont|pedig|azonban|ellenben|ugyanakkor|most|inkabb|helyette|csak|kizarolag)\b")
_BREAK = re.compile(r"[,;.]")


def verdict(page: Page, unit: Unit, mention: Mention) -> Verdict:
    """wanted | refused | open, or "" where no word says anything.

    A piece without a word of its own goes with the next that has one ("az A, B és C kell"), else with the one before
    ("kérem az A-t, B-t és C-t"); where the next refuses and the one before wishes, nobody knows.
    """
    announced = polarity(fold(unit.said))
    if announced and "wish" not in announced:
        return "refused"
    folded = _without_programs(page, unit)
    pieces = _pieces(folded)
    mine = next((i for i, (start, end, _) in enumerate(pieces) if start <= mention.start < end), 0)
    said = polarity(folded[slice(*pieces[mine][:2])])
    if said:
        return _verdict(said)
    behind = _first_said(folded, _until_side(pieces[mine + 1 :], forwards=True))
    before = _first_said(folded, _until_side([*reversed(pieces[: mine + 1])], forwards=False)[1:])
    if behind and before and "wish" in before and "wish" not in behind:
        return "open"
    return _verdict(behind or before or (set() if unit.listed else polarity(folded)))


def _verdict(said: set[str]) -> Verdict:
    if said <= {"wish"}:
        return "wanted" if said else ""
    if "wish" in said or said == {"maybe"}:
        return "open"
    return "refused"


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


_Piece = tuple[int, int, bool]  # start, end, whether a side of a contrast begins there


def _pieces(folded: str) -> list[_Piece]:
    """The clauses of a sentence, in order."""
    sides = {m.end() for m in _SIDE_END.finditer(folded)} | {_turn(folded, m.start()) for m in _TURN.finditer(folded)}
    cuts = sorted({0, *sides, *(m.end() for m in _CLAUSE_END.finditer(folded))})
    return [(start, end, start in sides) for start, end in zip(cuts, [*cuts[1:], len(folded)], strict=True)]


def _turn(folded: str, at: int) -> int:
    """Where the clause of a turning word begins: at the last break before it."""
    return max((m.end() for m in _BREAK.finditer(folded, 0, at)), default=at)


def _until_side(pieces: list[_Piece], forwards: bool) -> list[_Piece]:
    """The pieces up to where another side of a contrast begins."""
    out: list[_Piece] = []
    for piece in pieces:
        if forwards and piece[2]:
            break
        out.append(piece)
        if not forwards and piece[2]:
            break
    return out


def _first_said(folded: str, pieces: list[_Piece]) -> set[str]:
    return next((said for start, end, _ in pieces if (said := polarity(folded[start:end]))), set())
