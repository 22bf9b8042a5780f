"""Tables of whatever layout: a row, a column or a block an applicant; drawn with bars; in HTML."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

import pytest

from tests.letters import mail
from tests.processor.understanding.readings import CLERK, PLACE, SENDER, Reading, is_left_open, is_read, raw, told

ASK = "Kérjük az alábbi táblázatban szereplő kollégák regisztrációját az oktatási portálra."
TWO = ["Kovács Anna <kovacs.anna> ADÓ", "Nagy Béla <nagy.bela> Keret"]
Rows = Sequence[Sequence[str]]
ANNA, BELA = "kovacs.anna@bodrogkut.hu", "nagy.bela@bodrogkut.hu"


def table(*tables: Rows, ask: str = ASK, place: str = PLACE) -> Reading:
    """A mail with tables in HTML between the request and the place of work."""
    drawn = "".join(
        "<table>"
        + "".join("<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>" for row in rows)
        + "</table>"
        for rows in tables
    )
    html = f"<p>Tisztelt Cím!</p><p>{ask}</p>{drawn}<p>{place}</p><p>Üdvözlettel:<br>Szalontai Etelka</p>"
    return raw(mail(ask, html=html, sender=SENDER, cc=CLERK))


READ = [
    pytest.param(
        [["Név", "E-mail", "Szakrendszer"], ["Kovács Anna", ANNA, "ADÓ"], ["Nagy Béla", BELA, "Keret"]],
        id="one row an applicant",
    ),
    pytest.param([["Kovács Anna", ANNA, "ADÓ"], ["Nagy Béla", BELA, "Keret"]], id="no header"),
    pytest.param(
        [
            ["Bodrogkút Község Önkormányzata", "", ""],
            ["Oktatási igények", "", ""],
            ["", "", ""],
            ["Név", "E-mail", "Szakrendszer"],
            ["Kovács Anna", ANNA, "ADÓ"],
            ["Nagy Béla", BELA, "Keret"],
        ],
        id="header in row four",
    ),
    pytest.param(
        [
            ["Vezetéknév", "Keresztnév", "E-mail", "Szakrendszer"],
            ["Kovács", "Anna", ANNA, "ADÓ"],
            ["Nagy", "Béla", BELA, "Keret"],
        ],
        id="surname and given name apart",
    ),
    pytest.param(
        [
            ["Keresztnév", "Vezetéknév", "E-mail", "Szakrendszer"],
            ["Anna", "Kovács", ANNA, "ADÓ"],
            ["Béla", "Nagy", BELA, "Keret"],
        ],
        id="given name first, apart",
    ),
    pytest.param(
        [["Név", "Kovács Anna", "Nagy Béla"], ["E-mail", ANNA, BELA], ["Szakrendszer", "ADÓ", "Keret"]],
        id="one column an applicant",
    ),
    pytest.param(
        [["Név", "E-mail", "ADÓ", "Keret"], ["Kovács Anna", ANNA, "x", ""], ["Nagy Béla", BELA, "", "x"]],
        id="marks",
    ),
    pytest.param(
        [["Név", "E-mail", "ADÓ", "Keret"], ["Kovács Anna", ANNA, "igen", "nem"], ["Nagy Béla", BELA, "-", "✓"]],
        id="marks of other kinds",
    ),
    pytest.param(
        [
            ["", "Kovács Anna", "Nagy Béla"],
            ["E-mail", ANNA, BELA],
            ["ADÓ", "x", ""],
            ["Keret", "", "x"],
        ],
        id="one column an applicant, marks",
    ),
    pytest.param(
        [
            ["Ssz.", "Név", "E-mail", "Szakrendszer"],
            ["1.", "Kovács Anna", ANNA, "ADÓ"],
            ["2.", "Nagy Béla", BELA, "Keret"],
            ["Összesen", "2", "", ""],
        ],
        id="numbered, with a total",
    ),
    pytest.param(
        [
            ["Név", "E-mail", "Szakrendszer"],
            ["Minta Elek (példa)", "minta.elek@pelda.hu", "Hagyaték"],
            ["Kovács Anna", ANNA, "ADÓ"],
            ["Nagy Béla", BELA, "Keret"],
        ],
        id="an example row",
    ),
    pytest.param(
        [
            ["Név", "E-mail", "Szakrendszer", "Elvégzett"],
            ["Kovács Anna", ANNA, "ADÓ", "Keret"],
            ["Nagy Béla", BELA, "Keret", "ADÓ"],
        ],
        id="a column of what is done",
    ),
    pytest.param(
        [
            ["Név", "Törzsszám", "E-mail", "Szakrendszer"],
            ["Kovács Anna", "731245", ANNA, "ADÓ"],
            ["Nagy Béla", "731256", BELA, "Keret"],
        ],
        id="personnel numbers",
    ),
    pytest.param(
        [["Akit be kell írni", "Postaládája", "Mit tanul"], ["Kovács Anna", ANNA, "ADÓ"], ["Nagy Béla", BELA, "Keret"]],
        id="a header that nobody knows",
    ),
]


@pytest.mark.parametrize("rows", READ)
def test_each_cell_is_its_applicants(rows: Rows):
    """Whatever the layout."""
    is_read(table(rows), TWO)


@pytest.mark.parametrize("rows", READ[:2])
def test_a_table_drawn_with_bars_is_a_table(rows: Rows):
    """In a plain mail."""
    is_read(told(ASK + "\n\n" + "\n".join(" | ".join(row) for row in [*rows, ["", "", ""]])), TWO)


def test_bars_in_a_sentence_are_no_table():
    """Two lines of a signature with bars are none either."""
    text = (
        f"Kérem Kovács Anna ({ANNA}) regisztrációját az ADÓ tananyagra.\n\n"
        "Bodrogkút | Fő utca 1. | Tel.: 76/555-123\nHétfő | Kedd | Szerda"
    )
    is_read(told(text), TWO[:1])


def test_one_row_a_field_is_one_applicant():
    """Labels on the left."""
    rows = [["Név", "Kovács Anna"], ["E-mail", ANNA], ["Szakrendszer", "ADÓ"]]
    is_read(table(rows), TWO[:1])


def test_a_second_table_with_given_names_only():
    """The courses of the people of the first."""
    first = [["Név", "E-mail"], ["Kovács Anna", ANNA], ["Nagy Béla", BELA]]
    second = [["Név", "Szakrendszer"], ["Anna", "ADÓ"], ["Béla", "Keret"]]
    is_read(table(first, second), TWO)


def test_the_birth_name_column_holds_no_applicants():
    """Nor does the clerk's."""
    rows = [
        ["Név", "Születési név", "E-mail", "Szakrendszer", "Jegyző neve"],
        ["Kovács Anna", "Szabó Anna", ANNA, "ADÓ", "dr. Kiss Jenő"],
        ["Nagy Béla", "Nagy Béla", BELA, "Keret", "dr. Kiss Jenő"],
    ]
    is_read(table(rows), TWO)


def test_a_course_over_the_table_is_everybodys():
    """Where no row says otherwise."""
    rows = [["Név", "E-mail"], ["Kovács Anna", ANNA], ["Nagy Béla", BELA]]
    got = table(rows, ask="Kérjük az alábbi kollégák regisztrációját az ADÓ tananyagra.")
    is_read(got, ["Kovács Anna <kovacs.anna> ADÓ", "Nagy Béla <nagy.bela> ADÓ"])


def test_an_unknown_course_in_a_cell_is_asked_about():
    """It is kept as it was written."""
    rows = [["Név", "E-mail", "Szakrendszer"], ["Kovács Anna", ANNA, "ADÓ, Közterület"], ["Nagy Béla", BELA, "Keret"]]
    assert table(rows).people == ["Kovács Anna <kovacs.anna> ADÓ, Közterület?", TWO[1]]


def test_a_person_who_is_in_no_row_is_left_open():
    """Said of above the table."""
    rows = [["Név", "E-mail", "Szakrendszer"], ["Kovács Anna", ANNA, "ADÓ"]]
    is_left_open(
        table(rows, ask=f"{ASK} Rajtuk kívül Nagy Béla kollégánk is itt dolgozik nálunk."), TWO[:1], "Nagy Béla"
    )


def test_a_deputy_in_a_column_is_left_open():
    """Or no applicant; nobody's course goes to him."""
    rows = [
        ["Név", "E-mail", "Szakrendszer", "Főnök"],
        ["Kovács Anna", ANNA, "ADÓ", "Szabó Ilona"],
        ["Nagy Béla", BELA, "Keret", "Szabó Ilona"],
    ]
    is_left_open(table(rows), TWO, "Szabó Ilona")


def test_a_name_that_no_list_knows_is_a_person_in_its_row():
    """By its place in the table."""
    rows = [["Név", "E-mail", "Szakrendszer"], ["Kovács Anna", ANNA, "ADÓ"], ["Gólya Xenofánia", BELA, "Keret"]]
    assert table(rows).people == [TWO[0], "Gólya Xenofánia <nagy.bela> Keret"]


def test_a_row_without_an_address_takes_no_other_rows():
    """It is empty, and is asked for."""
    rows = [["Név", "E-mail", "Szakrendszer"], ["Kovács Anna", ANNA, "ADÓ"], ["Nagy Béla", "", "Keret"]]
    is_read(table(rows), ["Kovács Anna <kovacs.anna> ADÓ", "Nagy Béla <-> Keret"])


def test_each_row_has_its_own_place():
    """Body, PIR and county of a row are that applicant's (POLICY section 2)."""
    rows = [
        ["Név", "E-mail", "Szakrendszer", "Önkormányzat", "PIR", "Vármegye"],
        ["Kovács Anna", ANNA, "ADÓ", "Almakert Község Önkormányzata", "731245", "Vas"],
        ["Nagy Béla", BELA, "Keret", "Nagyrét Község Önkormányzata", "731256", "Zala"],
    ]
    people = table(rows).whole.request.applicants
    assert [(a.one("municipality"), a.one("pir"), a.one("county")) for a in people] == [
        ("Almakert Község Önkormányzata", "731245", "Vas"),
        ("Nagyrét Község Önkormányzata", "731256", "Zala"),
    ]


def test_an_empty_cell_of_pir_takes_the_value_of_the_others():
    """Of the same municipality, where they agree."""
    rows = [
        ["Név", "E-mail", "Szakrendszer", "Önkormányzat", "PIR"],
        ["Kovács Anna", ANNA, "ADÓ", "Almakert Község Önkormányzata", "731245"],
        ["Nagy Béla", BELA, "Keret", "Almakert Község Önkormányzata", ""],
    ]
    people = table(rows, place="Szép napot kívánunk!").whole.request.applicants
    assert [a.one("pir") for a in people] == ["731245", "731245"]
