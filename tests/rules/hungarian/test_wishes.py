"""Which of the programs that a text names are wished for."""

from __future__ import annotations

import pytest

from rules.hungarian.hits import TYPO_FROM, read
from rules.hungarian.wishes import is_pair, is_refused, wished


def words(text: str, labelled: bool = False, listed: bool = False) -> list[str]:
    """What is wished for, as written."""
    return [text[hit.start : hit.end] for hit in wished(read(text, TYPO_FROM), labelled, listed)]


@pytest.mark.parametrize(
    "text",
    [
        "Kovács Anna iktató ügyintéző",
        "az iktatót keresem",
        "a bank zárva",
        "Az ADÓ nem kell.",
        "ADÓ nélkül",
        "kivéve az ADÓ",
        "a Hagyaték tananyagot már elvégeztük",
    ],
)
def test_no_wish(text: str) -> None:
    """A job, an ordinary word, a refusal, what is done."""
    assert words(text) == []


@pytest.mark.parametrize(
    ("text", "wish"),
    [
        ("az iktató modult", ["iktató"]),
        ("tananyag: iktató", ["iktató"]),
        ("az ADÓ kell neki", ["ADÓ"]),
        ("bank, pénztár és KATI kell neki", ["bank", "pénztár", "KATI"]),
        ("Érkeztetni és postázni fog, ezek tananyagára van szüksége", ["Érkeztetni", "postázni"]),
        ("Kérjük az ADÓ-t, a VIR-t nem kérjük", ["ADÓ-t"]),
        ("Kérjük a Keretrendszert az ADÓ helyett", ["Keretrendszert"]),
    ],
)
def test_a_wish(text: str, wish: list[str]) -> None:
    """A word for a course beside it, a wish behind it, capitals; a refusal is of the last part only."""
    assert words(text) == wish


def test_beside_a_person_and_under_a_label() -> None:
    """There ordinary words are programs; words that are jobs too only under a label."""
    assert words("iktató, adós") == []
    assert words("iktató, adós", listed=True) == ["iktató"]
    assert words("iktató, adós", labelled=True) == ["iktató", "adós"]


def test_only_an_identifiers_label_stands_between_a_pair() -> None:
    """Anything else makes two wishes."""
    assert is_pair(" (azonosito: ")
    assert not is_pair(", ")
    assert not is_pair(" es ")
    assert not is_pair(" helyett ")


@pytest.mark.parametrize(
    ("before", "after"),
    [("kerjuk a ", " tananyagot"), ("nem tudom, hogy a ", " kell-e"), ("", " igen. mas nem kell")],
)
def test_not_refused(before: str, after: str) -> None:
    """A refusal in another sentence is of something else."""
    assert not is_refused(f"{before}vir{after}", len(before), len(before) + 3)


@pytest.mark.parametrize(
    ("before", "after"),
    [("kiveve a ", ""), ("nem a ", ""), ("", "-t nem kerjuk"), ("", " nelkul"), ("", " helyett"), ("", ", nem.")],
)
def test_refused(before: str, after: str) -> None:
    """Before it or behind it in its own sentence."""
    assert is_refused(f"{before}vir{after}", len(before), len(before) + 3)
