"""Every program is known by its three names, however written."""

from __future__ import annotations

import unicodedata

import pytest

from rules.hungarian.courses import Where, find, programs


def plain(text: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))


@pytest.mark.parametrize("ident", sorted(programs()))
def test_a_program_by_each_of_its_names(ident):
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
    ("text", "names"),
    [
        ("a VIR-t nem kérjük, csak az ADÓ-t", ["ADÓ"]),
        ("Irat - Iktató, kivéve a Pénztár", ["Irat - Iktató"]),
        ("Bank és Pénztár kell, az ADÓ sem kell", ["Gazdálkodás - Bank", "Gazdálkodás - Pénztár"]),
    ],
)
def test_what_is_refused_is_not_wished_for(text, names):
    """POLICY section 3."""
    assert [programs()[f.programs[0]].short for f in find(text, Where.LABEL) if f.status == "resolved"] == names


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
def test_what_may_mean_several_is_asked_about(text):
    """And the choices are named."""
    (found,) = find(text, Where.LABEL)
    assert found.status == "ambiguous"
    assert len(found.programs) > 1
