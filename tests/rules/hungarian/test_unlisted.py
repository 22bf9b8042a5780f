"""Courses that the catalogue does not have."""

from __future__ import annotations

import pytest

from rules.hungarian.hits import LABEL_TYPO_FROM, TYPO_FROM, read
from rules.hungarian.unlisted import in_prose, items


def listed(text: str) -> list[str]:
    return [text[start:end] for start, end in items(read(text, LABEL_TYPO_FROM))]


def spoken(text: str) -> list[str]:
    return [text[start:end] for start, end in in_prose(read(text, TYPO_FROM))]


@pytest.mark.parametrize(
    "text", ["", "ADÓ, Irat", "-", "nincs", "később", "12", "a tananyagokat kérem", "kérem, mert kell"]
)
def test_nothing_is_left_of_the_list(text: str) -> None:
    """Programs, blanks, fillers, a sentence."""
    assert listed(text) == []


def test_items_in_which_nothing_was_recognised() -> None:
    """Without what stands around them."""
    assert listed("ADÓ, - Népmese; Hagyaték és Szövés") == ["Népmese", "Szövés"]


@pytest.mark.parametrize(
    "text",
    [
        "Kérjük a Hagyaték tananyagot.",
        "Kérjük az Önkormányzati tananyagot.",
        "Megnézte a Népmese tananyagot.",
        "A Népmese tananyagot nem kérjük.",
        "Kérjük a népmese tananyagot.",
    ],
)
def test_no_course_in_a_sentence(text: str) -> None:
    """A program, words of no course, no wish, a refusal, no capital."""
    assert spoken(text) == []


def test_a_course_in_a_sentence_that_wishes() -> None:
    """Its name stands right before the word for a course."""
    assert spoken("Kérjük az ADÓ és a Közterület felügyelet modult.") == ["Közterület felügyelet"]
