"""Courses that the catalogue does not have: what stands where a program should and is none."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from rules.hungarian.catalogue import context_stems, filler
from rules.hungarian.hits import WORD, Named
from rules.hungarian.lexicon import load
from rules.hungarian.wishes import WANTED, is_refused
from rules.hungarian.words import is_ending

Span = tuple[int, int]

_ITEM = re.compile(r"[,;/+&\n|•]|\s-\s|\b(?:es|valamint|illetve|ill|meg|tovabba|plusz)\b")
_BLANK = re.compile(r"^(?:nincs|nem tudom|nem tudjuk|kesobb|\W|\d{1,2}[.)]?|n/a)*$")
_AROUND = " -–:.("
# "a Népességnyilvántartás tananyagát", "és a Közterület modult": a name with its capital right before the word for a
# course.
_NAMED = re.compile(
    r"(?:\b(?:az?|és|valamint|illetve)|,)\s+"
    r"(?P<name>[A-ZÁÉÍÓÖŐÚÜŰ][a-záéíóöőúüű]{4,}(?:[ -][a-záéíóöőúüű]{3,}){0,2}?)\s+(?:tananyag|képzés|modul|kurzus)\w*"
)
_SENTENCE_BEHIND = 90  # characters behind the name in which the wish may stand


def items(named: Named) -> Iterator[Span]:
    """Under a label: the items of the list in which nothing was recognised."""
    start = 0
    for left, right in _separators(named):
        item = named.folded[start:left]
        if not _is_hit(named, start, left) and _has_own_words(item) and not _is_no_name(item):
            yield start + len(item) - len(item.lstrip(_AROUND)), start + len(item.rstrip())
        start = right


def _separators(named: Named) -> Iterator[Span]:
    for match in _ITEM.finditer(named.folded):
        if not _is_hit(named, *match.span()):
            yield match.span()
    yield len(named.folded), len(named.folded)


def _is_hit(named: Named, start: int, end: int) -> bool:
    return any(hit.start < end and start < hit.end for hit in named.hits)


def _has_own_words(item: str) -> bool:
    """Whether an item holds more than numbers, fillers and words for a course."""
    words = (word for word in WORD.findall(item) if word not in filler() and not (word.isdigit() and len(word) < 4))
    return any(not _is_context(word) for word in words)


def _is_context(word: str) -> bool:
    return any(word.startswith(stem) and is_ending(word[len(stem) :]) for stem in context_stems())


def _is_no_name(item: str) -> bool:
    return bool(_BLANK.match(item.strip()) or _sentence().search(item))


def in_prose(named: Named) -> Iterator[Span]:
    """In a sentence that wishes for something: the name of a course that the catalogue does not have."""
    folded = named.folded
    for match in _NAMED.finditer(named.text):
        start, end = match.span("name")
        sentence = folded[max(folded.rfind(".", 0, start), 0) : end + _SENTENCE_BEHIND]
        if _is_hit(named, start, end) or _names_no_course(folded[start:end]) or not WANTED.search(sentence):
            continue
        if not is_refused(folded, start, match.end()):
            yield start, end


def _names_no_course(name: str) -> bool:
    return _no_course().search(name) is not None or any(word in filler() for word in name.split())


@cache
def _sentence() -> re.Pattern[str]:
    file = load("courses.toml")
    return file.beginnings(file.data["sentence"]["words"])


@cache
def _no_course() -> re.Pattern[str]:
    file = load("courses.toml")
    return re.compile(rf"\b(?:{file.either(file.data['no_course'])})\b")
