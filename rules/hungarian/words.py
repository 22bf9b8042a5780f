"""Hungarian words: folding, suffixes, and comparison without accents.

Everything here is a pure function of its text. Folding keeps the length, so that a place found in the folded text is
the same place in the original.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache


class _Fold(dict[int, str]):
    """One character to one: lower case, no accent; dashes and odd spaces become plain. Filled as characters are met."""

    def __missing__(self, code: int) -> str:
        character = chr(code)
        if character in "‐‑‒–—―−":
            folded = "-"
        elif character in "„”“‟″«»":
            folded = '"'
        elif character in "’‘‚`´":
            folded = "'"
        elif character.isspace() and character not in "\n\t":
            folded = " "
        else:
            base = unicodedata.normalize("NFKD", character).lower()
            folded = next((c for c in base if not unicodedata.combining(c)), character)
            folded = (
                self[ord(folded)] if folded != character else folded
            )  # a superscript minus is a minus, and that a dash
        self[code] = folded
        return folded


_FOLD = _Fold()


@lru_cache(maxsize=4096)  # several finders look at the same lines
def fold(text: str) -> str:
    """Lower case without accents, character by character: `len(fold(t)) == len(t)`."""
    return text.translate(_FOLD)


_SPACES = re.compile(r"\s+")
_NOT_WORD = re.compile(r"[^0-9a-z]+")


def squeeze(text: str) -> str:
    """One space for every run of white space, none at the ends."""
    return _SPACES.sub(" ", text).strip()


@lru_cache(maxsize=8192)
def key(text: str) -> str:
    """The words of `text` folded and joined by one space: the form in which words are compared."""
    return _NOT_WORD.sub(" ", fold(text)).strip()


# Case endings and possessives as they look after folding. Vowel lengthening (Anna -> Annát) vanishes in folding.
# fmt: off
_ALL_ENDINGS = (
    "t", "at", "et", "ot", "ban", "ben", "ba", "be", "bol", "bel", "n", "on", "en", "ra", "re", "rol", "rel", "tol",
    "tel", "hoz", "hez", "nal", "nel", "nak", "nek", "val", "vel", "ert", "ig", "kent", "ul", "kepp", "k", "ok", "ek",
    "ak", "e", "a", "ja", "je", "uk", "nk", "unk", "ink", "ank", "enk", "onk", "mat", "met", "ei", "ai", "jei", "jai",
    "ait", "eit", "eket", "akat", "okat", "anak", "enek", "janak", "jenek", "ahoz", "ehez", "ara", "ere", "arol",
    "erol", "aban", "eben", "anal", "enel", "atol", "etol", "aval", "evel", "okra", "ekre", "okhoz", "ekhez", "akhoz",
    "oknak", "eknek", "aknak", "okkal", "ekkel", "okban", "ekben", "okrol", "ekrol", "akrol", "jat", "jet", "ajat",
    "ejet", "juk", "jukat", "uket", "ukat", "unkat", "unket", "unknak", "unknek", "unkra", "unkre", "inkat", "inket",
    "unkhoz", "inknak",
)
# fmt: on
ENDINGS: tuple[str, ...] = tuple(sorted(_ALL_ENDINGS, key=len, reverse=True))  # the longest first
_ENDING_SET = frozenset(ENDINGS)


def is_ending(rest: str) -> bool:
    """Whether `rest` (folded) can stand behind a noun as its ending; the assimilated -val/-vel (Péterrel) too."""
    if not rest or rest in _ENDING_SET:
        return True
    return len(rest) == 3 and rest[1:] in {"al", "el"} and rest[0].isalpha()


def short(text: str, limit: int = 160) -> str:
    """`text` on one line, at most `limit` characters, for evidence and messages."""
    text = squeeze(text)
    return text if len(text) <= limit else text[: limit - 1] + "…"
