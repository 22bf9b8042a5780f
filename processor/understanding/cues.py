"""How much the words around a name in running text ask for that person's registration, or speak against it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from processor.reading import Role
from rules.hungarian.words import fold

from . import persons

if TYPE_CHECKING:
    from .text import Line

_ASKS_BEFORE = re.compile(
    r"(?:kolleg\w*|munkatars\w*|dolgozo\w*|ugyintezo\w*|referens\w*|koztisztviselo\w*|alkalmazott\w*|eloado\w*|felhasznalo\w*|regisztral\w*|felvenni|felvetelet|bejelenteni|reszere|kerem|kerjuk|kernem|kernenk|kerelmezo|szemely\w*|penztaros\w*|penzugyes\w*|ados\w*|helyettes\w*|jelentkez\w*|hivjak|jomagam|sajat magam|magam|uj)\W+(?:\w+\W+){0,2}$"
)
_ASKS_AFTER = re.compile(
    r"^\W*(?:\([^)]*\)\W*)?(?:\w+\W+){0,3}?(?:reszere|szamara|reszere|regisztr|felvetel|hozzafer|kolleg|munkatars|ugyintez|dolgoz|tanuloi|szeretne|kernem|kerem|kerjuk|uj |neki|tananyag|belepes|beiskolaz|beirat|felvet|van\b|es\b|valamint|aki\b|eloado|jogosultsag)"
)
_OWN_ADDRESS = re.compile(r"^[^@.!?\n]{0,120}?\b(?:e-?mail|cime?)\w*\s*:\s*[^\s@]+@[^\s@]+\s*[.;,]?\s*$")
_AGAINST_BEFORE = re.compile(
    r"(?:tisztelt|kedves|szia|helyett|helyere|helyen|nyugdij\w*|tavozo|keresse|keressek|erdeklod\w*|hivja(?!k)\w*|polgarmester\w*|elnok\w*|ugyintezo:|kapcsolattarto\w*:?|tel|telefonon|utodja|egyeztet\w*|megbeszel\w*|valtja|igazgato\w*|koszonettel:?|udvozlettel:?|tisztelettel:?|udv\.?:?|koszonom:?|megbizasabol:?|neveben:?|kerte\w*|kuldte)\W+(?:\w+\W+){0,1}$"
)
_AGAINST_AFTER = re.compile(
    r"^\W*(?:helyett|helyere|nyugdij|utodja|polgarmester|alpolgarmester|elnok|sk\b|s\.k|jegyzo|aljegyzo|igazgato\w*|ur\b|urnak|urral|asszony|holgy|tajekoztat|keresheto|all rendelkez|kilepett|tavozott|munkaviszonya megszunt|jogviszonya|szabadsagon|tappenzen|betegszabadsag|gyes(?:en|re)|gyed(?:en|re)|kert meg|megkert|telefonon|szerint|levelet|levele)"
)


def cue_of(text: str, s: persons.Spot, line: Line) -> int:
    """How much the words around a name ask for that person's registration."""
    folded = fold(text)
    before, after = folded[max(0, s.start - 60) : s.start], folded[s.end : s.end + 60]
    cue = 0
    if line.block.role in {Role.SIGNATURE, Role.LETTERHEAD}:
        cue -= 4
    if line.item or line.table:
        cue += 3
    if s.ending and s.ending not in {"e"}:
        cue += 2
    if _ASKS_BEFORE.search(before):
        cue += 2
    if _ASKS_AFTER.match(after):
        cue += 2
    if re.match(r"^[^@.!?]{0,25}?[(<,:\s–-][^\s@]+@", folded[s.end : s.end + 80]):
        cue += 3
    elif s.start <= 3 and _OWN_ADDRESS.match(fold(line.text)[s.end :]):
        cue += 3  # "Bertalan Lászlóné a Bank tananyagot kapja, e-mail: ..."
    if _AGAINST_BEFORE.search(before) or _AGAINST_AFTER.match(after):
        cue -= 4
    if (
        s.start - len(text) + len(text.lstrip()) <= 3
        and s.end >= len(text.rstrip()) - 2
        and line.block.role is Role.BODY
    ):
        cue += 1  # alone on its line
    return cue
