"""A label that no list knows, told by what stands behind it."""

from __future__ import annotations

import pytest

from processor.understanding import guess

KNOWN = [
    pytest.param("Postaládája: pocok21@level.hu", "email", "pocok21@level.hu", id="address"),
    pytest.param("Akit be kell írni: Kovács Anna", "name", "Kovács Anna", id="name"),
    pytest.param("Ahol vagyunk: Zala vármegye", "county", "Zala vármegye", id="county"),
    pytest.param("Amit tanulna: ADÓ, Keret", "programs", "ADÓ, Keret", id="courses"),
    pytest.param(
        "Ahol dolgozik: Bodrogkút Község Önkormányzata", "municipality", "Bodrogkút Község Önkormányzata", id="body"
    ),
    pytest.param("- Postaládája: pocok21@level.hu", "email", "pocok21@level.hu", id="as a list item"),
    pytest.param("Postaládája (csak az övé): pocok21@level.hu", "email", "pocok21@level.hu", id="with an aside"),
]


@pytest.mark.parametrize(("text", "field", "value"), KNOWN)
def test_the_value_tells_the_field(text: str, field: str, value: str):
    """And the label is kept as it was written."""
    found = guess.label(text)
    assert found is not None
    assert (found.field, found.value) == (field, value)
    assert found.said.endswith(":")


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("Válaszukat ide várjuk: hivatal@bodrogkut.hu", id="for answers"),
        pytest.param("Kapcsolattartó: Nagy Béla", id="contact"),
        pytest.param("Jegyző: dr. Kiss Jenő", id="clerk"),
        pytest.param("Polgármester: Nagy Béla", id="mayor"),
    ],
)
def test_a_label_of_none_of_ours_announces_no_applicants_data(text: str):
    """Whatever stands behind it."""
    found = guess.label(text)
    assert found is None or found.field == "ignore"


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("Kovács Anna: pocok21@level.hu", id="somebody's line"),
        pytest.param("Dóra: ADÓ", id="a given name's line"),
        pytest.param("Orsi: ADÓ", id="a nickname's line"),
        pytest.param("postaládája: pocok21@level.hu", id="a small letter: within a sentence"),
        pytest.param("Kérjük az alábbi kollégák mielőbbi felvételét és erről értesítést: Kovács Anna", id="a sentence"),
        pytest.param("Nyitvatartás: hétfőtől péntekig", id="nothing that we look for"),
        pytest.param("Íme a lista: az alábbiak:", id="an announcement"),
        pytest.param("ADÓ: Kovács Anna", id="a course before the colon"),
        pytest.param("pocok21@level.hu", id="no colon"),
    ],
)
def test_what_is_no_label(text: str):
    """Names, courses and sentences before a colon; values of no field of ours."""
    assert guess.label(text) is None
