"""The counties, in a value, in a sentence and in a body's name."""

from __future__ import annotations

import pytest

from rules.hungarian.counties import find, names, of_body, recognise


@pytest.mark.parametrize("text", ["", "Dél-Dunántúl", "Karcag", "megye", "Zemplén", "Szabolcska", "Kukutyin megye"])
def test_what_is_no_county(text: str) -> None:
    """A region, a settlement, a part of a name."""
    assert recognise(text) is None


@pytest.mark.parametrize("name", names())
def test_every_county_in_its_usual_forms(name: str) -> None:
    """With megye, vármegye, shortened, in capitals, without accents."""
    for text in (
        name,
        f"{name} megye",
        f"{name} vármegye",
        f"{name} vm.",
        f"{name} m.",
        name.upper(),
        f"{name} megyében",
    ):
        assert recognise(text) == name, text


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("B.-A.-Z. megye", "Borsod-Abaúj-Zemplén"),
        ("BAZ", "Borsod-Abaúj-Zemplén"),
        ("Csongrád megye", "Csongrád-Csanád"),
        ("Komárom megye", "Komárom-Esztergom"),
        ("JNSZ", "Jász-Nagykun-Szolnok"),
        ("JNKSZ", "Jász-Nagykun-Szolnok"),
        ("SZSZB", "Szabolcs-Szatmár-Bereg"),
        ("Szabolcs-Szatmár-Berg megye", "Szabolcs-Szatmár-Bereg"),
        ("GYMS", "Győr-Moson-Sopron"),
        ("Somogyban", "Somogy"),
        ("Heves megyeiek", "Heves"),
        ("Magyarország, Pest", "Pest"),
        ("XIII. kerület, Budapest", "Budapest"),
    ],
)
def test_other_forms(text: str, name: str) -> None:
    """POLICY section 3."""
    assert recognise(text) == name


@pytest.mark.parametrize(
    "text", ["Somogyi Béla", "Zala Péter", "a Pest felé", "Tolnai út 3.", "kovacs@zala.hu", "Heves Város Önkormányzata"]
)
def test_no_county_in_a_sentence(text: str) -> None:
    """Names of people, settlements, addresses."""
    assert find(text) == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Zala megyében dolgozunk", (0, 13, "Zala")),
        ("itt, Zalában", (5, 12, "Zala")),
        ("a megyénk Pest, a", (2, 14, "Pest")),
        ("Bács-Kiskunban", (0, 14, "Bács-Kiskun")),
        ("B.-A.-Z. megye", (0, 14, "Borsod-Abaúj-Zemplén")),
    ],
)
def test_a_county_in_a_sentence(text: str, found: tuple[int, int, str]) -> None:
    """Where it stands, and its official name."""
    assert find(text) == [found]


@pytest.mark.parametrize("name", ["Karcag Város Önkormányzata", "Pesti Közös Hivatal", "Csepreg Város Önkormányzata"])
def test_a_settlement_says_nothing(name: str) -> None:
    """Only Budapest's own bodies do."""
    assert of_body(name) is None


@pytest.mark.parametrize(
    "name",
    ["Budapest Főváros Önkormányzata", "Zuglói Polgármesteri Hivatal", "Újbuda Önkormányzata", "Fővárosi Önkormányzat"],
)
def test_a_districts_own_name_says_budapest(name: str) -> None:
    """POLICY section 3."""
    assert of_body(name) == "Budapest"
