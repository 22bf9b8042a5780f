"""Settlements in the names of bodies: which one it is, and whether two names mean bodies of one settlement.

Words of kind and irregular adjectives stand in places.toml.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache

from rapidfuzz import fuzz

from rules.hungarian.lexicon import load
from rules.hungarian.words import fold, key

_SAME = 90  # of 100: one letter of ten is wrong
_LONG = 7  # letters; of shorter names another letter makes another settlement
_SHORTEST = 2  # letters of a settlement's name (Ág, Sé)
_WORD = re.compile(r"[0-9a-zöü]+")
_NUMBER = re.compile(r"[ivx]+|\d+")  # "Budapest XIII.": the last letter of a number is no ending


@cache
def _kinds() -> frozenset[str]:
    file = load("places.toml")
    return frozenset(file.words(file.data["kinds"]))


@cache
def _behind_adjective() -> frozenset[str]:
    file = load("places.toml")
    return frozenset(file.words(file.data["behind_adjective"]))


def is_kind(word: str) -> bool:
    """Whether a word of a body's name says what kind of body it is."""
    return key(word) in _kinds()


# ------------------------------------------------------------------ which settlement


def settlement(name: str) -> str:
    """The settlement as written in the body's name: "Kölesdi Közös Önkormányzati Hivatal" -> "Kölesd"; "" when the
    name gives none."""
    if re.match(r"\s*Budapest\b|\s*Fővárosi\b", name):
        return "Budapest"
    words = [word.strip(".,;()") for word in name.split()]
    kept = 0
    while kept < len(words) and words[kept][:1].isupper() and not _ends_name(words[kept], kept):
        kept += 1
    written = " ".join(words[:kept])
    following = key(" ".join(words[kept:])).split()
    return _noun(written) if following and following[0] in _behind_adjective() else written


def _ends_name(word: str, number: int) -> bool:
    """Whether the settlement's name ends before this word of the body's: "Egri | Német Nemzetiségi Önkormányzat"."""
    return is_kind(word) or (number > 0 and key(word) in _behind_adjective())


@lru_cache(maxsize=4096)
def place(name: str) -> str:
    """The settlement in the body's name, folded, without -i: "Karcsai Közös Önkormányzati Hivatal" -> "karcsa"."""
    words = key(name).split()
    written = " ".join(word for word in words if word not in _kinds())
    return fold(_noun(written)) if _behind_adjective() & set(words) else written


def _noun(written: str) -> str:
    """The settlement whose adjective is the last word ("Egri" -> "Eger"); anything else as it is."""
    if not written.endswith("i") or len(written) - 1 <= _SHORTEST:  # "Úri" is rather Úri than Úr
        return written
    folded = fold(written)
    for ending, adjective in _irregular("names"):
        if folded == fold(adjective):
            return ending
    for ending, adjective in _irregular("endings"):
        if folded.endswith(fold(adjective)):
            return written[: -len(adjective)] + ending
    return written[:-1]


@cache
def _irregular(which: str) -> tuple[tuple[str, str], ...]:
    """(settlement, adjective) as written; one adjective is the first settlement's of its kind ("halmi": halom)."""
    return tuple((entry["settlement"], entry["adjective"]) for entry in load("places.toml").data[which])


# ------------------------------------------------------------------ one settlement's


@lru_cache(maxsize=4096)
def same_body(a: str, b: str) -> bool:
    """Whether two names mean one body or bodies of one settlement (office and self-government count as the same place
    of work), the settlement's name with or without -i.

    Komoró and Kömörő are two, but "Komoro" in a text without any accent may be either.
    """
    plain = _is_plain(a) or _is_plain(b)
    x, y = _words(a, plain), _words(b, plain)
    p, q = ([_stem(word, plain) for word in words if not is_kind(word)] for words in (x, y))
    if not p or not q:
        return p == q or fuzz.token_set_ratio(" ".join(x), " ".join(y)) >= _SAME
    return _begins_or_ends(*sorted((p, q), key=len)) or _is_mistyped(p, q)


def _begins_or_ends(shorter: list[str], longer: list[str]) -> bool:
    """ "Karcag" and "Karcag Városi Könyvtár", "Roma Önkormányzat Karcag"."""
    count = len(shorter)
    long_enough = len("".join(shorter)) > 3
    return longer[:count] == shorter or (long_enough and longer[-count:] == shorter)


def _is_mistyped(p: list[str], q: list[str]) -> bool:
    """Whether long names differ by a typing error; the numbers of two districts never do."""
    x, y = " ".join(p), " ".join(q)
    if min(len(x), len(y)) <= _LONG or fuzz.ratio(x, y) < _SAME:
        return False
    numbers = [[word for word in words if _NUMBER.fullmatch(word)] for words in (p, q)]
    return numbers[0] == numbers[1] and (fold(x), fold(y)) not in _alike()


@cache
def _alike() -> frozenset[tuple[str, str]]:
    """Settlements, by their folded stems, that no typing error joins."""
    pairs = ([_stem(key(name), plain=True) for name in pair] for pair in load("places.toml").data["alike"])
    return frozenset(pair for a, b in pairs for pair in ((a, b), (b, a)))


@lru_cache(maxsize=8192)
def _is_plain(text: str) -> bool:
    """Whether a text is written wholly without accents."""
    return not any(character.isalpha() and fold(character) != character.lower() for character in text)


def _words(text: str, plain: bool) -> list[str]:
    return _WORD.findall(_folded(text, plain))


@lru_cache(maxsize=8192)
def _folded(text: str, plain: bool) -> str:
    """Folded, but for the dots of ö and ü where accents are written: no two settlements differ in the length of a
    vowel only, which is often mistyped (Gödöllö, Gödöllõ)."""
    folded = fold(text)
    return folded if plain else "".join(_DOTTED.get(c, f) for c, f in zip(text, folded, strict=True))


_DOTTED = dict.fromkeys("öőõôÖŐÕÔ", "ö") | dict.fromkeys("üűûÜŰÛ", "ü")


@lru_cache(maxsize=8192)
def _stem(word: str, plain: bool) -> str:
    """What a settlement's name and its adjective have in common: "egr" of Eger and egri, "baja" of Baja and bajai."""
    if _NUMBER.fullmatch(word):
        return word
    stem = word[:-1] if word.endswith("i") and len(word) > _SHORTEST else word
    for name, adjective in _irregular("names"):
        if stem == _folded(name, plain):
            return _folded(adjective, plain)[:-1]
    for ending, adjective in _irregular("endings"):
        if stem.endswith(_folded(ending, plain)) and len(stem) > len(ending):
            return stem[: -len(ending)] + _folded(adjective, plain)[:-1]
    return stem
