"""Folding, endings and tidying of words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.hungarian.words import fold, is_ending, key, short, squeeze


@given(st.text())
def test_folding_keeps_the_length(text: str) -> None:
    """So that a place in the folded text is the same place in the original."""
    assert len(fold(text)) == len(text)


@given(st.text())
def test_what_is_folded_stays_as_it_is(text: str) -> None:
    """Folding twice is folding once, for whatever can stand in a mail."""
    assert fold(fold(text)) == fold(text)


def test_accents_dashes_and_quotes_become_plain() -> None:
    """Characters that people do not tell apart."""
    assert fold("ÁRVÍZTŰRŐ – „tükör”\u00a0fúró’s") == 'arvizturo - "tukor" furo\'s'
    assert key("B.-A.-Z. (vár)megye") == "b a z var megye"
    assert squeeze("  két \t szó\n") == "két szó"


@pytest.mark.parametrize("rest", ["x", "ista", "bau", "sal1"])
def test_what_is_no_ending(rest: str) -> None:
    """Other words go on otherwise."""
    assert not is_ending(rest)


@pytest.mark.parametrize("rest", ["", "t", "nak", "ban", "unknak", "rel", "tal"])
def test_endings(rest: str) -> None:
    """None at all, a case, a possessive with its case, an assimilated -val."""
    assert is_ending(rest)


def test_evidence_is_cut() -> None:
    """On one line, with a sign that it is cut."""
    assert short("egy\nkettő", 20) == "egy kettő"
    assert short("hosszú mondat", 7) == "hosszú…"
