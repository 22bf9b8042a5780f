"""Settlements in the names of bodies, and when two names mean one settlement's."""

from __future__ import annotations

import pytest

from rules.hungarian.places import place, same_body, settlement


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("Komoró Község Önkormányzata", "Kömörő Község Önkormányzata"),
        ("Komlói Közös Önkormányzati Hivatal", "Kömlő Község Önkormányzata"),
        ("Komoro Község Önkormányzata", "Kömörő Község Önkormányzata"),
        ("Vác Város Önkormányzata", "Pécs Város Önkormányzata"),
        ("Egerág Község Önkormányzata", "Eger Megyei Jogú Város Önkormányzata"),
        ("Nyáregyháza Község Önkormányzata", "Nyíregyháza Megyei Jogú Város Önkormányzata"),
        ("Pusztaszer Község Önkormányzata", "Ópusztaszeri Közös Önkormányzati Hivatal"),
        ("Budapest XII. Kerület", "Budapest XIII. Kerület"),
        ("Budapest 12. kerület", "Budapest 13. kerület"),
        ("Telki Község Önkormányzata", "Teleki Község Önkormányzata"),
        ("Bük Város Önkormányzata", "Bőny Község Önkormányzata"),
        ("Alsószentmárton Község", "Felsőszentmárton Község"),
    ],
)
def test_bodies_of_two_settlements(a: str, b: str) -> None:
    """Dots of ö and ü, a number, a few letters of a short or a known name make another settlement."""
    assert not same_body(a, b)
    assert not same_body(b, a)


@pytest.mark.parametrize("a", ["Komoró Község Önkormányzata", "Kömörő Község Önkormányzata"])
def test_a_text_without_any_accent_may_mean_either(a: str) -> None:
    """Whoever writes no accents writes none here."""
    assert same_body(a, "KOMORO KOZSEG ONKORMANYZATA")
    assert same_body("komoroi polgarmesteri hivatal", a)


ADJECTIVES = {
    "Eger": "Egri",
    "Heves": "Hevesi",
    "Győr": "Győri",
    "Budapest": "Budapesti",
    "Veszprém": "Veszprémi",
    "Miskolc": "Miskolci",
    "Sopron": "Soproni",
    "Vác": "Váci",
    "Gödöllő": "Gödöllői",
    "Baja": "Bajai",
    "Kecskemét": "Kecskeméti",
    "Kisvárda": "Kisvárdai",
    "Pécs": "Pécsi",
    "Szekszárd": "Szekszárdi",
    "Bük": "Büki",
    "Hódmezővásárhely": "Hódmezővásárhelyi",
    "Nyíregyháza": "Nyíregyházi",
    "Hajdúhadház": "Hajdúhadházi",
    "Rákóczifalva": "Rákóczifalvi",
    "Mórahalom": "Mórahalmi",
    "Jánoshalma": "Jánoshalmi",
    "Erdőtelek": "Erdőtelki",
    "Bocfölde": "Bocföldi",
    "Szárföld": "Szárföldi",
    "Tamási": "Tamási",
    "Sé": "Séi",
}


@pytest.mark.parametrize("name", ADJECTIVES)
def test_the_adjective_names_the_same_place(name: str) -> None:
    """Before an office, a minority's self-government or a library; with accents and without."""
    body = f"{name} Város Önkormányzata"
    for kind in (
        "Polgármesteri Hivatal",
        "Közös Önkormányzati Hivatal",
        "Roma Nemzetiségi Önkormányzat",
        "Városi Könyvtár",
    ):
        assert same_body(body, f"{ADJECTIVES[name]} {kind}"), kind
        assert same_body(f"{ADJECTIVES[name]} {kind}".upper(), body), kind


@pytest.mark.parametrize("name", ["Jánoshalmai", "Rákóczifalvai", "Erdőteleki"])
def test_the_regular_adjective_of_an_irregular_name(name: str) -> None:
    """People write it too."""
    regular = {"Jánoshalmai": "Jánoshalma", "Rákóczifalvai": "Rákóczifalva", "Erdőteleki": "Erdőtelek"}
    assert same_body(f"{name} Polgármesteri Hivatal", f"{regular[name]} Község Önkormányzata")


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("Karcag", "Karcag Városi Önkormányzat"),
        ("Karcag Városi Könyvtár", "Karcag Város Önkormányzata"),
        ("Önkormányzati Konyha Karcag", "Karcag Város Önkormányzata"),
        ("Gödöllö Város", "GÖDÖLLŐ VÁROS"),
        ("Gödöllõ Város", "Gödöllői Polgármesteri Hivatal"),
        ("Hódmezővásárely Megyei Jogú Város", "Hódmezővásárhely"),
        ("Polgármesteri Hivatal", "Önkormányzat"),
        ("Budapest Főváros Önkormányzata", "Budapest XIII. Kerületi Önkormányzat"),
    ],
)
def test_bodies_of_one_settlement(a: str, b: str) -> None:
    """Whatever stands around its name; the length of a vowel and a typing error in a long name do not matter; names
    that give none may mean the same."""
    assert same_body(a, b)
    assert same_body(b, a)


def test_a_body_without_a_settlement_may_be_any_of_its_kind() -> None:
    """An office is no self-government, though."""
    assert same_body("Polgármesteri Hivatal", "Karcagi Polgármesteri Hivatal")
    assert not same_body("Önkormányzat", "Karcagi Polgármesteri Hivatal")


@pytest.mark.parametrize("name", ["önkormányzat", "Polgármesteri Hivatal", "a karcagi hivatal", ""])
def test_a_name_without_a_settlement(name: str) -> None:
    """For the city of an account, what is written small or not at all is none."""
    assert settlement(name) == ""


@pytest.mark.parametrize(
    ("name", "city"),
    [
        ("Kölesdi Közös Önkormányzati Hivatal", "Kölesd"),
        ("Egri Polgármesteri Hivatal", "Eger"),
        ("Nyíregyházi Német Nemzetiségi Önkormányzat", "Nyíregyháza"),
        ("Szárföldi Közös Önkormányzati Hivatal", "Szárföld"),
        ("Mórahalmi Polgármesteri Hivatal", "Mórahalom"),
        ("Tamási Város Önkormányzata", "Tamási"),
        ("Úri Polgármesteri Hivatal", "Úri"),
        ("Budapest XIII. Kerületi Önkormányzat", "Budapest"),
        ("Fővárosi Önkormányzat", "Budapest"),
        ("Kölesd Község Önkormányzata", "Kölesd"),
    ],
)
def test_the_settlement_as_written(name: str, city: str) -> None:
    """Without -i where the name is an adjective."""
    assert settlement(name) == city


def test_the_folded_place() -> None:
    """As it may stand in an address."""
    assert place("Karcagi Közös Önkormányzati Hivatal") == "karcag"
    assert place("Egri Polgármesteri Hivatal") == "eger"
    assert place("Tiszavasvári Város Önkormányzata") == "tiszavasvari"
    assert place("Közös Önkormányzati Hivatal") == ""
