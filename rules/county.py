"""The county (POLICY section 3): one of the 19 or Budapest in any usual form, inflected too. A settlement alone says
nothing.

Forms and districts stand in counties.toml.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache, lru_cache

from rules.hungarian.lexicon import load
from rules.hungarian.words import fold, is_ending, key
from rules.model import Facts, Finding, Request
from rules.pir import digits

CODES = {
    "county.missing": "Kérjük, adja meg a vármegye nevét.",
    "county.unknown": "A megadott megnevezés nem vármegye; kérjük, válasszon az alábbi listából.",
    "county.other": "A megadott vármegye eltér attól, amely a nyilvántartásban a PIR számhoz tartozik. Kérjük, ellenőrizze.",
    "county.conflict": "A levélben több különböző vármegye szerepel ugyanannál a kérelmezőnél.",
}

_WORD = r"(?:var)?megye(?:i|iek|ben|je|nk|jeben|nkben|be|bol|hez|tol)?"


@cache
def names() -> tuple[str, ...]:
    """The official names, without megye."""
    return tuple(entry["name"] for entry in load("counties.toml")["county"])


@cache
def _forms() -> dict[str, str]:
    out: dict[str, str] = {}
    for entry in load("counties.toml")["county"]:
        for form in (entry["name"], *entry["short"]):
            out[key(form)] = entry["name"]
            out[key(form).replace(" ", "")] = entry["name"]
    return out


@lru_cache(maxsize=2048)
def recognise(text: str) -> str | None:
    """The county that a labelled value or a cell names, in any usual form; None when it is no county.

    >>> recognise("B.-A.-Z. megye"), recognise("Csongrád megye"), recognise("Pest vm."), recognise("Dél-Dunántúl")
    ('Borsod-Abaúj-Zemplén', 'Csongrád-Csanád', 'Pest', None)
    """
    words = re.sub(rf"\b(?:{_WORD}|vm|m)\b", " ", key(text))
    words = re.sub(r"^(?:a|az)\b|\b(?:magyarorszag|kerulet\w*|[ivx]+)\b", " ", words)
    words = " ".join(words.split())
    forms = _forms()
    for candidate in (words, words.replace(" ", "")):
        if candidate in forms:
            return forms[candidate]
    for form, name in forms.items():  # inflected: "Somogyban", "Zalai"
        if (
            len(form) > 3
            and words.startswith(form)
            and (is_ending(words[len(form) :]) or words[len(form) :] in {"i", "iak", "iek", "ban", "ben"})
        ):
            return name
    if len(words) > 14:  # a mistyped long name: "Szabolcs-Szatmár-Berg"
        from rapidfuzz.distance import OSA

        for form, name in forms.items():
            if len(form) > 12 and OSA.distance(words, form, score_cutoff=2) <= 2:
                return name
    return None


@cache
def _in_text() -> re.Pattern[str]:
    """Counties in running text: any form before "megye", long names and unmistakable ones alone and inflected."""

    def pattern(form: str) -> str:
        return r"[\s.\-]*".join(re.escape(word) for word in form.split())

    with_megye, alone, inside = [], [], ["§"]
    for entry in load("counties.toml")["county"]:
        for form in (entry["name"], *entry["short"]):
            with_megye.append(pattern(key(form)))
        if entry.get("unmistakable"):
            alone.append(pattern(key(entry["name"])))
        if entry.get("inside"):
            inside.append(pattern(key(entry["name"])))
    with_megye.sort(key=len, reverse=True)
    alone.sort(key=len, reverse=True)
    return re.compile(
        rf"(?<![a-z0-9@.\-])(?:(?P<full>{'|'.join(with_megye)})[.\-]?\s*(?:{_WORD}|vm\.|vm\b|m\.|m\b)|"
        # "a megye Zala", "megyénk: Pest"; a name of a person or place may follow only behind a comma or so.
        rf"(?:var)?megye(?:nk|je|jenk)?(?: neve| megnevezese)?(?: pedig| termeszetesen| helyesen| tehat| egyebkent)?\s*[:=]?\s+(?P<behind>{'|'.join(with_megye)})(?=\s*(?:[.,;:)!?\n]|$|\b(?:es|a|az|pir)\b))|"
        rf"(?P<alone>{'|'.join(alone)})(?P<ending>ban|ben|bol|i|iak|iek)?(?![a-z0-9@])|"
        rf"(?P<inside>{'|'.join(inside)})b[ae]n(?![a-z0-9@]))"
    )


def find(text: str) -> list[tuple[int, int, str]]:
    """(start, end, county) of every county named in running text."""
    out = []
    for match in _in_text().finditer(fold(text)):
        if match.group("ending") == "i" and "-" not in match.group():  # Somogyi, Baranyai: family names
            continue
        form = key(match.group("full") or match.group("behind") or match.group("alone") or match.group("inside"))
        county = _forms().get(form) or _forms().get(form.replace(" ", ""))
        if county:
            out.append((match.start(), match.end(), county))
    return out


@cache
def _districts() -> frozenset[str]:
    return frozenset(key(name) for name in load("counties.toml")["districts"]["names"])


def of_body(name: str) -> str | None:
    """Budapest, when the body's own name says so (the capital or one of its districts); None for every other body."""
    words = key(name)
    if re.search(r"\bbudapest|\bfovarosi?\b", words):
        return "Budapest"
    head = re.split(r"\b(?:onkormanyzat|polgarmesteri|kozos|varos\b)", words)[0].strip()
    return "Budapest" if head in _districts() else None


def check(request: Request, facts: Facts) -> Iterator[Finding]:
    for index, applicant in enumerate(request.applicants):
        if len(applicant.county) > 1:
            yield Finding("county.conflict", index, " / ".join(v.text for v in applicant.county))
        elif not applicant.county:
            yield Finding("county.missing", index, choices=names())
        elif recognise(applicant.county[0].text) is None:
            yield Finding("county.unknown", index, applicant.county[0].text, names())
        elif (
            (body := facts.register.get(digits(applicant.one("pir") or "") or "")) is not None
            and body.county
            and recognise(applicant.county[0].text) != body.county
        ):
            yield Finding("county.other", index, f"{applicant.county[0].text}; a nyilvántartásban: {body.county}")
