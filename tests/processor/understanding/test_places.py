"""Municipality, PIR and county: one's own, or stated once for all; two bodies in one mail."""

from __future__ import annotations

import pytest

from tests.processor.understanding.readings import Reading, is_left_open, told

ANNA, BELA = "Kovács Anna (kovacs.anna@bodrogkut.hu)", "Nagy Béla (nagy.bela@bodrogkut.hu)"
ONE = f"Kérem {ANNA} regisztrációját az ADÓ tananyagra."
TWO = f"Kérjük {ANNA} és {BELA} regisztrációját az ADÓ tananyagra."
WHOLE = ("Bodrogkút Község Önkormányzata", "731234", "Pest")
Place = tuple[str | None, str | None, str | None]


def places(got: Reading) -> list[Place]:
    """Body, PIR and county of each applicant."""
    return [(a.one("municipality"), a.one("pir"), a.one("county")) for a in got.whole.request.applicants]


FORMS = [
    pytest.param("Bodrogkút Község Önkormányzata, PIR: 731234, Pest vármegye.", id="a line"),
    pytest.param("Önkormányzat: Bodrogkút Község Önkormányzata\nPIR: 731234\nVármegye: Pest", id="labelled lines"),
    pytest.param("Önkormányzatunk, Bodrogkút Község Önkormányzata PIR száma 731 234, Pest megyében.", id="prose"),
    pytest.param("Bodrogkút Község Önkormányzatánál dolgoznak (PIR 731-234), Pest megyeiek vagyunk.", id="inflected"),
    pytest.param("Bodrogkút Község Önkormányzata (törzskönyvi azonosító: 731234), Pest m.", id="other words for PIR"),
]


@pytest.mark.parametrize("said", FORMS)
def test_stated_once_it_is_everybodys(said: str):
    """For one applicant and for two, with nothing open."""
    for text, people in ((ONE, 1), (TWO, 2)):
        got = told(text, place=said)
        assert places(got) == [WHOLE] * people
        assert got.open == []


@pytest.mark.parametrize(
    ("said", "missing"),
    [
        pytest.param("Bodrogkút Község Önkormányzata, Pest vármegye.", "pir", id="no PIR"),
        pytest.param("Bodrogkút Község Önkormányzata, PIR: 731234.", "county", id="no county"),
        pytest.param("Bodrogkút Község Önkormányzata, adószám: 15731234-1-13, Pest vármegye.", "pir", id="tax number"),
        pytest.param("Bodrogkút Község Önkormányzata, tel.: 06 30 731 2345, Pest vármegye.", "pir", id="telephone"),
    ],
)
def test_what_is_not_said_is_missing(said: str, missing: str):
    """No other number becomes the PIR, no settlement the county."""
    (person,) = told(ONE, place=said).whole.request.applicants
    assert getattr(person, missing) == ()


ITEMS = (
    "Kérjük az alábbiak regisztrációját az ADÓ tananyagra:\n\n"
    f"- {ANNA}, Almakert Község Önkormányzata, PIR: 731245, Vas vármegye\n"
    f"- {BELA}, Nagyrét Község Önkormányzata, PIR: 731256, Zala vármegye"
)


def test_two_bodies_each_in_an_item():
    """Each applicant has the own."""
    assert places(told(ITEMS, place="")) == [
        ("Almakert Község Önkormányzata", "731245", "Vas"),
        ("Nagyrét Község Önkormányzata", "731256", "Zala"),
    ]


def test_two_bodies_each_with_its_people_below():
    """What stands nearest before."""
    text = (
        "Kérjük az alábbiak regisztrációját az ADÓ tananyagra.\n\n"
        f"Almakert Község Önkormányzata, PIR: 731245, Vas vármegye:\n- {ANNA}\n\n"
        f"Nagyrét Község Önkormányzata, PIR: 731256, Zala vármegye:\n- {BELA}"
    )
    assert places(told(text, place="")) == [
        ("Almakert Község Önkormányzata", "731245", "Vas"),
        ("Nagyrét Község Önkormányzata", "731256", "Zala"),
    ]


def test_two_bodies_that_are_nobodys_are_nobodys():
    """Neither of two PIRs is taken for either applicant."""
    said = "Bodrogkút Község Önkormányzata, PIR 731234 és Almakert Község Önkormányzata, PIR 731245, Vas megye."
    got = told(TWO, place=f"Munkahelyek: {said}")
    assert len(places(got)) == 2
    assert got.open or all(pir is None for _, pir, _ in places(got))


@pytest.mark.parametrize(
    "said",
    [
        pytest.param("PIR számunk 731245.", id="another PIR"),
        pytest.param("Törzsszám: 731256", id="another, under another label"),
    ],
)
def test_two_pirs_of_one_body_are_a_conflict(said: str):
    """Both are kept, or it is open: none of the two is taken silently."""
    got = told(f"{ONE} {said}")
    assert places(got)[0][1] is None or got.open


def test_a_pir_that_is_taken_back_is_no_conflict():
    """ "Nem Y, hanem X"."""
    got = told(f"{ONE} A PIR számunk nem 731245, hanem 731234.", place="Bodrogkút Község Önkormányzata, Pest vármegye.")
    assert places(got) == [WHOLE]


def test_another_number_beside_the_pir_is_left_open():
    """A check-digit-valid one might be another body's PIR."""
    is_left_open(told(f"{ONE} A másik: 731245."), ["Kovács Anna <kovacs.anna> ADÓ"], "731245")


def test_a_number_without_a_label_may_be_the_missing_pir():
    """Not asked for then."""
    got = told(f"{ONE} Számunk 731234.", place="Bodrogkút Község Önkormányzata, Pest vármegye.")
    is_left_open(got, ["Kovács Anna <kovacs.anna> ADÓ"], "731234")


@pytest.mark.parametrize(
    ("said", "county"),
    [
        pytest.param("BAZ megye", "Borsod-Abaúj-Zemplén", id="short"),
        pytest.param("Szabolcs megye", "Szabolcs-Szatmár-Bereg", id="half"),
        pytest.param("Csongrád megye", "Csongrád-Csanád", id="old name"),
        pytest.param("Somogy vármegyében", "Somogy", id="with an ending"),
    ],
)
def test_a_county_in_any_usual_form(said: str, county: str):
    """By its official name of today."""
    got = told(ONE, place=f"Munkahely: Bodrogkút Község Önkormányzata, PIR: 731234, {said}.")
    assert places(got) == [("Bodrogkút Község Önkormányzata", "731234", county)]


def test_a_family_name_that_is_a_county_is_none():
    """Heves Anna works in Pest."""
    got = told("Kérem Heves Anna (heves.anna@bodrogkut.hu) regisztrációját az ADÓ tananyagra.")
    assert places(got) == [WHOLE]
