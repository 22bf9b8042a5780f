"""Where a text names programs."""

from __future__ import annotations

import pytest

from rules.hungarian.catalogue import programs
from rules.hungarian.hits import LABEL_TYPO_FROM, TYPO_FROM, read


def named(text: str, typo_from: int = TYPO_FROM) -> list[tuple[str, list[str]]]:
    """The words of every hit with the short names it may mean."""
    return [(text[h.start : h.end], [programs()[p].short for p in h.programs]) for h in read(text, typo_from).hits]


@pytest.mark.parametrize("text", ["", "Kovács Anna", "PM 123", "pm-12345", "kapor", "adat", "iktatószámunk"])
def test_names_nothing(text: str) -> None:
    """Other words, other numbers."""
    assert named(text) == []


@pytest.mark.parametrize(
    ("text", "hit"),
    [
        ("KATI-t", ("KATI-t", ["Gazdálkodás - KATI"])),
        ("az ELÜGY-et kérem", ("ELÜGY-et", ["ELÜGY"])),
        ("keretrendszerrel", ("keretrendszerrel", ["Keret"])),
        ("érkeztetős", ("érkeztetős", ["Irat - Érkeztető"])),
        ("keretrendszr", ("keretrendszr", ["Keret"])),
        ("pm 2777", ("pm 2777", ["ADÓ"])),
        ("PM2777-2105-BS", ("PM2777-2105-BS", ["ADÓ"])),
        ("PM-2777-9999", ("PM-2777-9999", [])),
        ("az összes irat modul", ("összes irat modul", ["Irat teljes"])),
    ],
)
def test_names_a_program(text: str, hit: tuple[str, list[str]]) -> None:
    """Inflected, mistyped, by identifier; the longest wording wins."""
    assert named(text) == [hit]


def test_typing_errors_are_believed_by_length() -> None:
    """Under a label there is nothing else to take a short word for."""
    assert named("hagyatékk") == named("hagyatékk", LABEL_TYPO_FROM) == [("hagyatékk", ["Hagyaték"])]
    assert named("kertet") == []
    assert named("iktaot") == []
    assert named("iktaot", LABEL_TYPO_FROM) == [("iktaot", ["Irat - Iktató"])]


def test_tokens_keep_their_places() -> None:
    """An ending behind a hyphen belongs to its word."""
    tokens = read("A VIR-t és Ö-t", TYPO_FROM).tokens
    assert [(t.word, t.start, t.end) for t in tokens] == [("a", 0, 1), ("vir", 2, 7), ("es", 8, 10), ("o", 11, 14)]
