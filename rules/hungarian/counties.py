"""The counties: the 19 and Budapest in any usual form, in a value or in a sentence, and a district's name that says
Budapest.

Forms and districts stand in counties.toml.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache, lru_cache

from rapidfuzz.distance import OSA

from rules.hungarian.lexicon import Table, load
from rules.hungarian.words import fold, is_ending, key

_MEGYE = r"(?:var)?megye(?:i|iek|ben|je|nk|jeben|nkben|be|bol|hez|tol)?"
_BESIDE = re.compile(rf"\b(?:{_MEGYE}|vm|m)\b")  # "Pest vármegye", "Pest vm.", "Pest m."
_AROUND = re.compile(r"^(?:a|az)\b|\b(?:magyarorszag|kerulet\w*|[ivx]+)\b")
_INFLECTED_FROM = 4  # letters of a form
_MISTYPED_FROM = 13  # letters of a form; with two letters wrong a shorter name may be another one's
_MISTYPED_VALUE_FROM = 15  # letters of the value, spaces counted in
_CAPITAL = "Budapest"


def _entries() -> list[Table]:
    entries: list[Table] = load("counties.toml").data["county"]
    return entries


@cache
def names() -> tuple[str, ...]:
    """The official names, without megye."""
    return tuple(entry["name"] for entry in _entries())


@cache
def _forms() -> dict[str, str]:
    """The county of every form, its words apart and together ("b a z", "baz")."""
    written = [(form, entry["name"]) for entry in _entries() for form in (entry["name"], *entry["short"])]
    load("counties.toml").refuse_doubles((form for form, _ in written), same=lambda form: key(form).replace(" ", ""))
    return {way: name for form, name in written for way in (key(form), key(form).replace(" ", ""))}


# ------------------------------------------------------------------ a value


@lru_cache(maxsize=2048)
def recognise(text: str) -> str | None:
    """The county that a labelled value or a cell names, in any usual form; None when it is no county.

    >>> recognise("B.-A.-Z. megye"), recognise("Csongrád megye"), recognise("Pest vm."), recognise("Dél-Dunántúl")
    ('Borsod-Abaúj-Zemplén', 'Csongrád-Csanád', 'Pest', None)
    """
    words = " ".join(_AROUND.sub(" ", _BESIDE.sub(" ", key(text))).split())
    return _forms().get(words) or _forms().get(words.replace(" ", "")) or _inflected(words) or _mistyped(words)


def _inflected(words: str) -> str | None:
    """ "Somogyban", "Zalai"."""
    for form, name in _forms().items():
        ending = words[len(form) :]
        if len(form) >= _INFLECTED_FROM and words.startswith(form):
            if is_ending(ending) or ending in {"i", "iak", "iek"}:
                return name
    return None


def _mistyped(words: str) -> str | None:
    """ "Szabolcs-Szatmár-Berg"."""
    if len(words) < _MISTYPED_VALUE_FROM:
        return None
    long = (form for form in _forms() if len(form) >= _MISTYPED_FROM)
    near = next((form for form in long if OSA.distance(words, form, score_cutoff=2) <= 2), None)
    return _forms()[near] if near else None


# ------------------------------------------------------------------ a sentence


@cache
def _in_text() -> re.Pattern[str]:
    """Counties in running text: any form before "megye", long names and unmistakable ones alone and inflected."""
    forms = _either(form for entry in _entries() for form in (entry["name"], *entry["short"]))
    alone = _either(entry["name"] for entry in _entries() if entry.get("unmistakable"))
    inside = _either(entry["name"] for entry in _entries() if entry.get("inside"))
    before = rf"(?P<full>{forms})[.\-]?\s*(?:{_MEGYE}|vm\.|vm\b|m\.|m\b)"
    # "a megye Zala", "megyénk: Pest"; a name of a person or place may follow only behind a comma or so.
    megye = r"(?:var)?megye(?:nk|je|jenk)?(?: neve| megnevezese)?"
    behind = (
        rf"{megye}(?: pedig| termeszetesen| helyesen| tehat| egyebkent)?\s*[:=]?\s+"
        rf"(?P<behind>{forms})(?=\s*(?:[.,;:)!?\n]|$|\b(?:es|a|az|pir)\b))"
    )
    bare = rf"(?P<alone>{alone})(?P<ending>ban|ben|bol|i|iak|iek)?(?![a-z0-9@])"
    return re.compile(rf"(?<![a-z0-9@.\-])(?:{before}|{behind}|{bare}|(?P<inside>{inside})b[ae]n(?![a-z0-9@]))")


def _either(forms: Iterable[str]) -> str:
    """The forms as one alternative, the longest first, with anything between their words."""
    keys = sorted((key(form) for form in forms), key=len, reverse=True)
    return "|".join(r"[\s.\-]*".join(map(re.escape, words.split())) for words in keys)


def find(text: str) -> list[tuple[int, int, str]]:
    """(start, end, county) of every county named in running text."""
    return list(_found(text))


def _found(text: str) -> Iterator[tuple[int, int, str]]:
    for match in _in_text().finditer(fold(text)):
        if match["ending"] == "i" and "-" not in match.group():  # Somogyi, Baranyai: family names
            continue
        form = key(match["full"] or match["behind"] or match["alone"] or match["inside"])
        if county := _forms().get(form) or _forms().get(form.replace(" ", "")):
            yield match.start(), match.end(), county


# ------------------------------------------------------------------ a body's name


@cache
def _districts() -> frozenset[str]:
    return frozenset(key(name) for name in load("counties.toml").data["districts"]["names"])


def of_body(name: str) -> str | None:
    """Budapest, when the body's own name says so (the capital or one of its districts); None for every other body."""
    words = key(name)
    if re.search(r"\bbudapest|\bfovarosi?\b", words):
        return _CAPITAL
    head = re.split(r"\b(?:onkormanyzat|polgarmesteri|kozos|varos\b)", words)[0].strip()
    return _CAPITAL if head in _districts() else None
