"""Names of persons in sentences, back in the nominative."""

from __future__ import annotations

import pytest

from processor.understanding.persons import find


def _long(name: str) -> str:
    return name[:-1] + {"a": "á", "e": "é", "o": "ó"}.get(name[-1], name[-1])


GIVEN = [
    "Anna",
    "Ilona",
    "Mária",
    "Valéria",
    "Katalin",
    "Ágnes",
    "Endre",
    "Imre",
    "Gyula",
    "Péter",
    "Róbert",
    "Márk",
    "Adrienne",
    "Henriette",
    "Balázs",
    "Mihály",
    "György",
    "Jenő",
    "Ottó",
    "Emese",
    "Tamás",
    "Zsolt",
    "Zoé",
    "Lilla",
]
BACK_VOWELS = {
    "Anna",
    "Ilona",
    "Mária",
    "Valéria",
    "Katalin",
    "Gyula",
    "Róbert",
    "Márk",
    "Balázs",
    "Mihály",
    "Ottó",
    "Tamás",
    "Zsolt",
    "Lilla",
}
WITH = {
    "Balázs": "Balázzsal",
    "Mihály": "Mihállyal",
    "György": "Györggyel",
    "Katalin": "Katalinnal",
    "Ágnes": "Ágnessel",
    "Péter": "Péterrel",
    "Róbert": "Róberttel",
    "Márk": "Márkkal",
    "Tamás": "Tamással",
    "Zsolt": "Zsolttal",
}
ACCUSATIVE = {"Róbert": "Róbertet", "Márk": "Márkot", "György": "Györgyöt", "Zsolt": "Zsoltot"}


@pytest.mark.parametrize("given", GIVEN)
def test_the_nominative_is_found_again(given):
    """Dative, accusative and -val, -vel: "Máriának" is of Mária, not of Marián; "Péternek" is no wife."""
    back = given in BACK_VOWELS
    forms = [
        given,
        _long(given) + ("nak" if back else "nek"),
        ACCUSATIVE.get(given, _long(given) + "t"),
        WITH.get(given, _long(given) + ("val" if back else "vel")),
    ]
    for form in forms:
        (spot,) = find(f"Kérjük, hogy Halmos {form} kollégánk ügyében járjanak el.")
        assert spot.name == f"Halmos {given}", form


@pytest.mark.parametrize(
    ("written", "nominative"),
    [
        ("Nagy Jánosnénak", "Nagy Jánosné"),
        ("Kovácsné Tóth Évát", "Kovácsné Tóth Éva"),
        ("dr. Német Krisztiánnak", "dr. Német Krisztián"),
        ("Megyesi Jenőt", "Megyesi Jenő"),
        ("Péntek Emesével", "Péntek Emese"),
        ("Nagy B. Zoltánnak", "Nagy B. Zoltán"),
        ("Szabó-Kiss Annának", "Szabó-Kiss Anna"),
    ],
)
def test_names_of_every_form(written, nominative):
    """Wives, double names, titles, initials, family names that are words as well."""
    assert find(f"Szeretném {written} a tananyagot.")[0].name == nominative
