"""Who is an applicant, and who is only spoken of: roles, names in whatever form, counted people."""

from __future__ import annotations

import pytest

from tests.processor.understanding.readings import is_left_open, is_read, told

ANNA = "Kérem Kovács Anna (kovacs.anna@bodrogkut.hu) regisztrációját az ADÓ tananyagra."
ONLY_ANNA = ["Kovács Anna <kovacs.anna> ADÓ"]

NO_APPLICANTS = [
    pytest.param(f"{ANNA} Nagy Béla helyett ő viszi az ügyeket.", id="predecessor, in whose place"),
    pytest.param(f"{ANNA} Elődje, Nagy Béla nyugdíjba ment.", id="predecessor, retired"),
    pytest.param("A nyugdíjba vonult Nagy Béla utódja lesz. " + ANNA, id="predecessor, a participle before the name"),
    pytest.param(f"{ANNA} Kérdés esetén keressék Nagy Bélát a 76/555-123 számon.", id="contact, by telephone"),
    pytest.param(f"{ANNA} Kapcsolattartó: Nagy Béla, nagy.bela@bodrogkut.hu", id="contact, under a label"),
    pytest.param(f"{ANNA} Köszönjük Nagy Béla eddigi segítségét!", id="thanked"),
    pytest.param(f"{ANNA} Nagy Bélát már tavaly regisztrálták.", id="registered already"),
    pytest.param(f"{ANNA} Nagy Béla fiókja már rendben van.", id="account in order already"),
    pytest.param(f"{ANNA} Nagy Bélát ne vegyék fel.", id="declined"),
    pytest.param(f"{ANNA} Nagy Béla nem kér hozzáférést.", id="asks for nothing"),
    pytest.param(f"{ANNA} Nagy Béla polgármester úr hozzájárult.", id="office"),
    pytest.param(f"{ANNA} A levél alja Nagy Béla régi leveléből maradt itt.", id="what remained of an old letter"),
    pytest.param(f"{ANNA} (A szöveget Nagy Béla 2023-as kérelméből másoltam.)", id="last years' request"),
    pytest.param(f"{ANNA} Nagy Béla október 31-ével távozik.", id="leaves"),
    pytest.param(f"{ANNA} Nagy Béla telefonszáma 76/555-123.", id="telephone alone"),
    pytest.param(f"{ANNA} Jegyzőnk, dr. Nagy Béla másolatban megkapja.", id="clerk"),
]


@pytest.mark.parametrize("text", NO_APPLICANTS)
def test_who_is_only_spoken_of_is_no_applicant(text: str):
    """Nor does anything of theirs become the applicant's."""
    is_read(told(text), ONLY_ANNA)


BOTH = ["Kovács Anna <kovacs.anna> ADÓ", "Nagy Béla <nagy.bela> ADÓ"]
APPLICANTS = [
    pytest.param(
        "Kérem Kovács Anna (kovacs.anna@bodrogkut.hu) és Nagy Béla (nagy.bela@bodrogkut.hu) regisztrációját az ADÓ "
        "tananyagra. Anna Szabó Ilona helyére jött.",
        BOTH,
        id="asked for together, a predecessor beside",
    ),
    pytest.param(
        "Kérem a nyugdíjba vonult Szabó Ilona utódja, Kovács Anna (kovacs.anna@bodrogkut.hu) regisztrációját az ADÓ "
        "tananyagra.",
        ONLY_ANNA,
        id="successor in the predecessor's sentence",
    ),
    pytest.param(
        "Kérem Kovács Anna regisztrációját az ADÓ tananyagra, e-mail címe: kovacs.anna@bodrogkut.hu. "
        "Anna tavaly a Keret tananyagot már elvégezte.",
        ONLY_ANNA,
        id="a course done, not the person",
    ),
    pytest.param(
        f"{ANNA}\n\nUi.: Kérem Nagy Bélát is felvenni a Keretre, címe nagy.bela@bodrogkut.hu.",
        [*ONLY_ANNA, "Nagy Béla <nagy.bela> Keret"],
        id="in a postscript",
    ),
    pytest.param(
        "kérem kovács anna regisztrációját az adó tananyagra. kovacs.anna@bodrogkut.hu",
        ONLY_ANNA,
        id="without any capital",
    ),
    pytest.param(
        "Kérem KOVÁCS ANNA regisztrációját az ADÓ tananyagra. E-mail: KOVACS.ANNA@BODROGKUT.HU",
        ["Kovács Anna <kovacs.anna> ADÓ"],
        id="in capitals",
    ),
    pytest.param(
        "Kérem Kovács Annát és Nagy Bélát regisztrálni az ADÓ tananyagra.\n\n"
        "kovacs.anna@bodrogkut.hu\nnagy.bela@bodrogkut.hu",
        BOTH,
        id="case endings",
    ),
]


@pytest.mark.parametrize(("text", "people"), APPLICANTS)
def test_who_is_asked_for_is_an_applicant(text: str, people: list[str]):
    """Whatever else the mail says of others."""
    is_read(told(text), people)


ONESELF = [
    pytest.param(
        "Kérem a regisztrációmat az ADÓ tananyagra.",
        ["Szalontai Etelka <szalontai.etelka> ADÓ"],
        id="my registration, signed",
    ),
    pytest.param(
        "Részemre az ADÓ tananyaghoz kérek hozzáférést.",
        ["Szalontai Etelka <szalontai.etelka> ADÓ"],
        id="for myself, signed",
    ),
    pytest.param(
        "Kérem a regisztrációmat és Kovács Anna (kovacs.anna@bodrogkut.hu) regisztrációját. Annának az ADÓ, nekem a "
        "Keret tananyag kell. A saját címem szalontai.etelka@bodrogkut.hu.",
        ["Szalontai Etelka <szalontai.etelka> Keret", "Kovács Anna <kovacs.anna> ADÓ"],
        id="to each the own, to me mine",
    ),
]


@pytest.mark.parametrize(("text", "people"), ONESELF)
def test_who_writes_in_the_first_person_is_an_applicant(text: str, people: list[str]):
    """Named by the signature; the order is the mail's."""
    got = told(text)
    assert sorted(got.people) == sorted(people)
    assert got.open == []


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(ANNA + " Magam is sokat tanultam Önöktől.", id="myself, about something else"),
        pytest.param(ANNA + " Én már végeztem.", id="I am done"),
        pytest.param(ANNA + " Nekem nem kell fiók.", id="I need none"),
    ],
)
def test_who_writes_of_oneself_asks_for_nothing_thereby(text: str):
    """The writer is no applicant for saying "I"."""
    assert not any("Szalontai Etelka" in person for person in told(text).people)


GIVEN_FIRST = "A nevek keresztnév, vezetéknév sorrendben állnak."
FORMS = [
    pytest.param(
        f"Kérjük az alábbi kollégák regisztrációját az ADÓ tananyagra. {GIVEN_FIRST}\n\n"
        "- Anna Kovács, kovacs.anna@bodrogkut.hu\n- Béla Nagy, nagy.bela@bodrogkut.hu",
        BOTH,
        id="given name first, said",
    ),
    pytest.param(
        "Kérjük az alábbi kollégák regisztrációját az ADÓ tananyagra.\n\n"
        "- Kovács Anna, kovacs.anna@bodrogkut.hu\n- Nagy Béla, nagy.bela@bodrogkut.hu",
        BOTH,
        id="family name first, unsaid",
    ),
    pytest.param(
        "Kérem Garay Bianka (Bia) és Nagy Béla regisztrációját. Biának az ADÓ, Bélának a Keret kell. "
        "Címeik: garay.bianka@bodrogkut.hu, nagy.bela@bodrogkut.hu",
        ["Garay Bianka <garay.bianka> ADÓ", "Nagy Béla <nagy.bela> Keret"],
        id="nickname in brackets",
    ),
    pytest.param(
        "Kérem Kovács Erzsébet és Nagy Béla regisztrációját. Erzsinek az ADÓ, Bélának a Keret kell. "
        "Címeik: kovacs.erzsebet@bodrogkut.hu, nagy.bela@bodrogkut.hu",
        ["Kovács Erzsébet <kovacs.erzsebet> ADÓ", "Nagy Béla <nagy.bela> Keret"],
        id="known nickname",
    ),
    pytest.param(
        "Kérem Kovács Anna és Nagy Béla regisztrációját. Annának az ADÓ, Bélának a Keret kell. "
        "Címeik: kovacs.anna@bodrogkut.hu, nagy.bela@bodrogkut.hu",
        ["Kovács Anna <kovacs.anna> ADÓ", "Nagy Béla <nagy.bela> Keret"],
        id="given names alone",
    ),
    pytest.param(
        "Kérem Kovács Anna (született Szabó Anna) regisztrációját az ADÓ tananyagra, címe: szabo.anna@bodrogkut.hu",
        ["Kovács Anna <szabo.anna> ADÓ"],
        id="name at birth",
    ),
    pytest.param(
        "Kérem Nagy Béláné regisztrációját az ADÓ tananyagra, címe: nagy.belane@bodrogkut.hu",
        ["Nagy Béláné <nagy.belane> ADÓ"],
        id="wife's name",
    ),
    pytest.param(
        "Kérem dr. Kovács-Tóth Anna Mária regisztrációját az ADÓ tananyagra, címe: kovacs.anna@bodrogkut.hu",
        ["dr. Kovács-Tóth Anna Mária <kovacs.anna> ADÓ"],
        id="title, hyphen, two given names",
    ),
]


@pytest.mark.parametrize(("text", "people"), FORMS)
def test_names_in_whatever_form(text: str, people: list[str]):
    """In the Hungarian order, in the nominative."""
    is_read(told(text), people)


DOUBTFUL = [
    pytest.param(ANNA + " Nagy Béla is kérte, de ő jövő hónapban megy el.", ONLY_ANNA, id="asked, but is going"),
    pytest.param(ANNA + " Nagy Béla jelszava nem működik, neki mit tegyünk?", ONLY_ANNA, id="another's password"),
    pytest.param(ANNA + " A munkakört eddig Nagy Béla látta el.", ONLY_ANNA, id="who did the work till now"),
    pytest.param(ANNA + " Ügyintéző: Nagy Béla", ONLY_ANNA, id="under a label of an office"),
    pytest.param(ANNA + " Szabó Ilona is itt dolgozik.", ONLY_ANNA, id="a colleague of whom nothing is said"),
    pytest.param(
        "Három munkatársunk regisztrációját kérjük az ADÓ tananyagra: Kovács Anna (kovacs.anna@bodrogkut.hu) és "
        "Nagy Béla (nagy.bela@bodrogkut.hu).",
        BOTH,
        id="three said, two found",
    ),
    pytest.param(
        "2 fő regisztrációját kérjük az ADÓ tananyagra: Kovács Anna (kovacs.anna@bodrogkut.hu).",
        ONLY_ANNA,
        id="two said, one found",
    ),
]


@pytest.mark.parametrize(("text", "right"), DOUBTFUL)
def test_who_may_be_meant_is_left_open(text: str, right: list[str]):
    """Nobody is taken or dropped on it."""
    is_left_open(told(text), right)


@pytest.mark.parametrize(
    "count", [pytest.param("Két munkatársunk", id="in letters"), pytest.param("2 fő", id="in figures")]
)
def test_a_count_that_matches_is_nothing_open(count: str):
    """Two said, two found."""
    is_read(
        told(
            f"{count} regisztrációját kérjük az ADÓ tananyagra: Kovács Anna (kovacs.anna@bodrogkut.hu) és "
            "Nagy Béla (nagy.bela@bodrogkut.hu)."
        ),
        BOTH,
    )
