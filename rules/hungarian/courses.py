"""Finding programs in words; what they are called is in `catalogue.toml`.

`find(text, where)` gives the programs wished for in a text. How freely wordings count depends on where the text
stands: under a label or in a column of programs everything is a program; in running text only unmistakable names are.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum
from typing import Literal

from rules.hungarian import unlisted
from rules.hungarian.catalogue import LABELLED, context, filler
from rules.hungarian.hits import LABEL_TYPO_FROM, TYPO_FROM, WORD, Hit, read
from rules.hungarian.wishes import is_pair, is_refused, wished
from rules.hungarian.words import is_ending

Status = Literal["resolved", "ambiguous", "unknown"]

_APART = re.compile(r"[,;\n|+]|\b(?:es|valamint|illetve|meg)\b")
_OPENS = re.compile(r"[:(]")
_AMONG = {"belul", "kozul", "bol", "szakrendszerbol", "szakrendszeren"}  # "az Irat szakrendszeren belül az Iktató"


class Where(IntEnum):
    """How certain it is that a text speaks of programs."""

    PROSE = 0  # running text
    LIST = 1  # a list item or table cell of mixed content beside a person
    LABEL = 2  # under a label or in a column of programs: nothing else can stand there


@dataclass(frozen=True, slots=True)
class Found:
    """A wish for a program at text[start:end]."""

    status: Status
    programs: tuple[str, ...]
    start: int
    end: int


def find(text: str, where: Where) -> list[Found]:
    """The programs wished for in `text`, in order. What is refused ("a VIR-t nem kérjük") is left out."""
    labelled = where == Where.LABEL
    named = read(text, LABEL_TYPO_FROM if labelled else TYPO_FROM)
    found = list(_settled(named.folded, wished(named, labelled, listed=where == Where.LIST)))
    if where != Where.LIST:
        spans = unlisted.items(named) if labelled else unlisted.in_prose(named)
        found += [Found("unknown", (), start, end) for start, end in spans]
    return sorted(found, key=lambda f: f.start)


def refused(text: str) -> frozenset[str]:
    """Identifiers of programs that the text expressly does not want or takes back."""
    named = read(text, TYPO_FROM)
    alone = [hit for hit in named.hits if len(hit.programs) == 1]
    spoken_of = {hit.programs[0] for hit in alone if hit.level < LABELLED}
    denied = {hit.programs[0] for hit in alone if is_refused(named.folded, hit.start, hit.end)}
    wanted = {found.programs[0] for found in find(text, Where.PROSE) if found.status == "resolved"}
    return frozenset((spoken_of & denied) - wanted)


def _settled(folded: str, hits: list[Hit]) -> Iterator[Found]:
    """Pairs names with identifiers, drops the general word before a particular one ("Irat: Iktató, Postázó")."""
    i = 0
    while i < len(hits):
        hit, partner = hits[i], hits[i + 1] if i + 1 < len(hits) else None
        if partner is not None and _are_pair(folded, hit, partner):
            yield _pair(hit, partner)
            i += 2
            continue
        if partner is None or not _is_narrowed(folded, hit, partner):
            yield _alone(hit)
        i += 1


def _alone(hit: Hit) -> Found:
    if len(hit.programs) > 1 and hit.phrase is not None:
        return Found("ambiguous", hit.programs, hit.start, hit.end)
    return Found("resolved" if hit.programs else "unknown", hit.programs, hit.start, hit.end)


def _are_pair(folded: str, hit: Hit, partner: Hit) -> bool:
    """A name and an identifier of one wish: "Irat - Iktató (PM-2773-2105-BS)"."""
    return (hit.phrase is None) != (partner.phrase is None) and is_pair(folded[hit.end : partner.start])


def _pair(hit: Hit, partner: Hit) -> Found:
    named, coded = (hit, partner) if hit.phrase is not None else (partner, hit)
    if len(coded.programs) == 1 and coded.programs[0] in named.programs:
        return Found("resolved", coded.programs, hit.start, partner.end)
    return Found("ambiguous", tuple(dict.fromkeys(named.programs + coded.programs)), hit.start, partner.end)


def _is_narrowed(folded: str, general: Hit, partner: Hit) -> bool:
    """Whether a general word only leads to the particular one behind it."""
    if general.phrase is None or len(general.programs) < 2 or len(partner.programs) != 1:
        return False
    between = folded[general.end : partner.start]
    if partner.programs[0] not in general.programs or (_APART.search(between) and not _OPENS.search(between)):
        return False
    return all(_leads_on(word) for word in WORD.findall(between))


def _leads_on(word: str) -> bool:
    return word in filler() or is_ending(word) or word in _AMONG or context().match(word) is not None
