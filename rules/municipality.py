"""The municipality (POLICY section 3): an organisation is named, or a settlement under a label or as the place of work.

A bare postal address is not enough (the understanding of the mail never offers one).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from rapidfuzz import fuzz

from rules.hungarian.words import key
from rules.model import Facts, Finding, Request

CODES = {
    "municipality.missing": "Kérjük, adja meg a kérelmező munkahelyét: az önkormányzat vagy hivatal pontos megnevezését.",
    "municipality.conflict": "A levélben több különböző munkahely szerepel ugyanannál a kérelmezőnél.",
}

# What kind of body it is, and how it is abbreviated: says nothing of which settlement's.
_GENERIC = frozenset(
    [
        "kozseg",
        "kozsegi",
        "nagykozseg",
        "nagykozsegi",
        "varos",
        "varosi",
        "onkormanyzat",
        "onkormanyzata",
        "helyi",
        "telepules",
        "telepulesi",
        "megyei",
        "jogu",
        "kozos",
        "onkormanyzati",
        "hivatal",
        "hivatala",
        "polgarmesteri",
        "hiv",
        "onk",
        "onkorm",
        "polg",
        "pm",
        "koh",
        "kh",
        "kirendeltseg",
        "kirendeltsege",
        "ph",
        "pmh",
        "mjv",
        "rno",
        "nno",
        "nemzetisegi",
        "fovaros",
        "fovarosi",
        "kerulet",
        "keruleti",
        "es",
        "az",
        "a",
    ]
)
# Of 100; "Csengeri" and "Csenger" are one place, Komoró and Kömörő must not be (they differ in folding too little:
# see same_body)
_SAME = 90


@lru_cache(maxsize=4096)
def place(name: str) -> str:
    """The settlement in the body's name, folded, without -i: "Karcsai Közös Önkormányzati Hivatal" -> "karcsa"."""
    words = [w for w in key(name).split() if w not in _GENERIC]
    if not words:
        return ""
    first = " ".join(words)
    generic = [w for w in key(name).split() if w in {"kozos", "polgarmesteri", "roma", "nemet", "nemzetisegi"}]
    return first[:-1] if first.endswith("i") and generic and len(first) > 3 else first


_ADJECTIVES = (
    ("házi", "háza"),
    ("falvi", "falva"),
    ("Egri", "Eger"),
)  # what -i does to the settlement beyond adding itself


def settlement(name: str) -> str:
    """The settlement as written in the body's name: "Kölesdi Közös Önkormányzati Hivatal" -> "Kölesd"; "" when the
    name gives none."""
    if re.match(r"\s*Budapest\b|\s*Fővárosi\b", name):
        return "Budapest"
    words = [w.strip(".,;()") for w in name.split()]
    kept = []
    for word in words:
        if key(word) in _GENERIC or not word[:1].isupper():
            break
        kept.append(word)
    place_name = " ".join(kept)
    rest = key(" ".join(words[len(kept) :]))
    if (
        place_name.endswith("i")
        and len(place_name) > 3
        and re.match(r"(?:kozos|polgarmesteri|roma|nemet|nemzetisegi|szlovak|horvat|ruszin|szerb|roman)\b", rest)
    ):
        for adjective, noun in _ADJECTIVES:
            if place_name.endswith(adjective):
                return place_name[: -len(adjective)] + noun
        return place_name[:-1]
    return place_name


def same_body(a: str, b: str) -> bool:
    """Whether two names mean one body or bodies of one settlement (office and self-government count as the same place
    of work)."""
    x, y = key(a), key(b)
    if x == y:
        return True
    p, q = place(a), place(b)
    if not p or not q:
        return (not p and not q) or fuzz.token_set_ratio(x, y) >= _SAME
    if p == q or p == q + "i" or q == p + "i":
        return True
    shorter, longer = sorted((p, q), key=len)
    if longer.startswith(shorter + " ") or (longer.endswith(" " + shorter) and len(shorter) > 3):
        return True
    return len(shorter) > 7 and fuzz.ratio(p, q) >= _SAME


def check(request: Request, facts: Facts) -> Iterator[Finding]:
    for index, applicant in enumerate(request.applicants):
        if len(applicant.municipality) > 1:
            yield Finding("municipality.conflict", index, " / ".join(v.text for v in applicant.municipality))
        elif not applicant.municipality:
            yield Finding("municipality.missing", index)
