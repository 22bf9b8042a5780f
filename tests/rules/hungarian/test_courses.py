"""Programs in words: each is known by its three names, however written; what is refused is not wished for."""

from __future__ import annotations

import unicodedata

import pytest

from rules.hungarian.catalogue import programs
from rules.hungarian.courses import Found, Where, find, refused


def plain(text: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))


def shorts(text: str, where: Where) -> list[str]:
    """The short names of the programs that resolve."""
    return [programs()[f.programs[0]].short for f in find(text, where) if f.status == "resolved"]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Kovács Anna iktató ügyintéző",
        "a helyi adóról szóló rendelet",
        "a bankszámla száma",
        "Az irattárban dolgozik.",
        "Népmese",
        "Kérjük az új munkatárs tananyagát.",
    ],
)
def test_running_text_without_a_wish(text: str) -> None:
    """Jobs and ordinary words are no programs."""
    assert find(text, Where.PROSE) == []


@pytest.mark.parametrize("text", ["", "-", "nincs", "nem tudom", "tananyagok", "12.", "Kérem, hogy regisztrálják."])
def test_nothing_under_a_label(text: str) -> None:
    """Blanks, words for a course, a sentence."""
    assert find(text, Where.LABEL) == []


@pytest.mark.parametrize("ident", sorted(programs()))
def test_a_program_by_each_of_its_names(ident: str) -> None:
    """Portal short name, ProBono name, identifier; capitals, accents, dashes and spaces do not matter."""
    program = programs()[ident]
    forms = [
        program.short,
        program.short.upper(),
        plain(program.short).lower(),
        program.short.replace(" - ", "-"),
        program.short.replace(" - ", " "),
        program.short.replace(" - ", " – "),
        program.probono,
        ident,
        ident.lower(),
        ident.replace("-", " "),
        ident.replace("-", ""),
    ]
    for form in forms:
        found = find(form, Where.LABEL)
        assert [f.programs for f in found if f.status == "resolved"] == [(ident,)], form


@pytest.mark.parametrize(
    ("text", "where", "names"),
    [
        ("Szeretném az ADÓ tananyagot.", Where.PROSE, ["ADÓ"]),
        ("Kérem az iktató és a postázó modult.", Where.PROSE, ["Irat - Iktató", "Irat - Postázó"]),
        ("Bank, pénztár kell neki.", Where.PROSE, ["Gazdálkodás - Bank", "Gazdálkodás - Pénztár"]),
        ("Lévai Katalinnak a hagyaték", Where.PROSE, ["Hagyaték"]),
        ("Kovács Anna, iktató", Where.LIST, ["Irat - Iktató"]),
        ("Ingatlanvagyon-katazster", Where.LABEL, ["Ingatlanvagyon kataszter"]),
        ("Irat: Iktató, Postázó", Where.LABEL, ["Irat - Iktató", "Irat - Postázó"]),
        ("VIR-t és ELÜGY-et", Where.LABEL, ["Gazdálkodás - VIR, ETRIUSZ", "ELÜGY"]),
    ],
)
def test_what_is_wished_for(text: str, where: Where, names: list[str]) -> None:
    """In a sentence, beside a person, under a label; inflected and mistyped."""
    assert shorts(text, where) == names


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("a VIR-t nem kérjük, csak az ADÓ-t", ["ADÓ"]),
        ("Irat - Iktató, kivéve a Pénztár", ["Irat - Iktató"]),
        ("Bank és Pénztár kell, az ADÓ sem kell", ["Gazdálkodás - Bank", "Gazdálkodás - Pénztár"]),
    ],
)
def test_what_is_refused_is_not_wished_for(text: str, names: list[str]) -> None:
    """POLICY section 3."""
    assert shorts(text, Where.LABEL) == names


@pytest.mark.parametrize(
    "text",
    [
        "Irat",
        "irat szakrendszer",
        "Gazdálkodás",
        "gazdálkodási szakrendszer",
        "minden szakrendszer",
        "az összes tananyag",
    ],
)
def test_what_may_mean_several_is_asked_about(text: str) -> None:
    """And the choices are named."""
    (found,) = find(text, Where.LABEL)
    assert found.status == "ambiguous"
    assert len(found.programs) > 1


def test_a_name_and_an_identifier_of_one_wish() -> None:
    """They agree, or it is asked about."""
    iktato, ado = "PM-2773-2105-BS", "PM-2777-2105-BS"
    assert find(f"Irat - Iktató ({iktato})", Where.LABEL) == [Found("resolved", (iktato,), 0, 30)]
    assert find(f"Irat - Iktató ({ado})", Where.LABEL) == [Found("ambiguous", (iktato, ado), 0, 30)]


def test_an_unknown_course() -> None:
    """Under a label what is left of the list; in a sentence what stands before the word for a course."""
    assert find("ADÓ, Népmese", Where.LABEL)[1:] == [Found("unknown", (), 5, 12)]
    assert find("Kérjük a Népességnyilvántartás tananyagot.", Where.PROSE) == [Found("unknown", (), 9, 30)]


@pytest.mark.parametrize(
    "text", ["", "Kérjük az ADÓ-t.", "az adó nem kevés", "Kérjük az ADÓ-t, nem a Hagyaték helyett."]
)
def test_nothing_is_refused(text: str) -> None:
    """What is wished for, or an ordinary word."""
    assert not refused(text) & frozenset(find(text, Where.PROSE))
    assert not refused("Kérjük az ADÓ-t.")


def test_what_is_refused() -> None:
    """Not wanted, taken back, done already."""
    assert refused("A VIR-t nem kérjük.") == {"PM-2761-2104-BS"}
    assert refused("Kérjük az ADÓ-t, kivéve a Hagyaték tananyagot.") == {"PM-2363-1710-BS"}
    assert refused("Az ELÜGY képzést már elvégeztem.") == {"PM-2871-2204-BS"}
